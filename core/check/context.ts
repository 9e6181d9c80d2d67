import {
  findAdapters,
  findKedaMetricsServers,
  findKedaOperators,
  findMetricsServer,
  operatedService,
  podMakers,
  prometheusWorkload,
  type AdapterDeployment,
  type KedaMetricsServerDeployment,
  type KedaOperatorDeployment,
  type MetricsServerDeployment,
} from '../chain';
import { servingContainers } from '../kube/endpoints';
import { Inventory, namespaceOf } from '../kube/inventory';
import type { Prometheus } from '../kube/kinds/monitoring';
import type { Workload } from '../kube/kinds/pod';
import type { ObjectRef } from '../kube/object';
import { Rbac } from '../kube/rbac';
import type { ClusterDescriptor, DeclaredProgram } from '../model';
import { autoscalersOf, type Autoscaler } from './autoscalers';
import { exportedNames } from './exported-series';
import { Network } from './network';
import { Programs } from './programs';
import { metricLinksOf, type MetricLink } from './metric-links';
import { ruleBooksOf, type RuleBook } from './rule-books';
import {
  checkedScaledObjects,
  madeAutoscalers,
  prometheusChecks,
  type CheckedScaledObject,
  type PrometheusCheck,
} from './scaled-objects';
import { scrapesOf, type Scrape } from './scrapes';

/** What all checks look at, worked out once. */
export interface CheckContext {
  /** The objects as given, without those that do not fit their kind. */
  readonly written: Inventory;
  /** The same with what the Prometheus Operator makes of Prometheus objects. */
  readonly inventory: Inventory;
  /** Absent where nothing is known of the cluster. */
  readonly cluster?: ClusterDescriptor | undefined;
  /** Whether a Helm release or the cluster installs an object. */
  readonly isProvided: (ref: ObjectRef) => boolean;
  /** Everything of `inventory` that makes pods. */
  readonly podMakers: readonly Workload[];
  /** Those among the objects, and those that KEDA makes. */
  readonly autoscalers: readonly Autoscaler[];
  readonly scaledObjects: readonly CheckedScaledObject[];
  /** Every trigger of a ScaledObject that asks Prometheus. */
  readonly triggers: readonly PrometheusCheck[];
  readonly keda: {
    readonly operators: readonly KedaOperatorDeployment[];
    readonly metricsServers: readonly KedaMetricsServerDeployment[];
  };
  readonly adapters: readonly AdapterDeployment[];
  /** What serves resource metrics, if an APIService is of them. */
  readonly metricsServer?: MetricsServerDeployment | undefined;
  /** What each Prometheus scrapes. */
  readonly scrapes: readonly Scrape[];
  readonly ruleBooks: readonly RuleBook[];
  /** Every custom, external and resource metric of an autoscaler, and where it comes from. */
  readonly metrics: readonly MetricLink[];
  readonly programs: Programs;
  readonly network: Network;
  readonly rbac: Rbac;
}

/** Works out what the checks look at. */
export function contextOf(
  written: Inventory,
  cluster: ClusterDescriptor | undefined,
  declared: readonly DeclaredProgram[] | undefined,
  isProvided: CheckContext['isProvided'],
): CheckContext {
  const inventory = withOperated(written);
  const programs = new Programs(inventory, declared);
  const scaledObjects = checkedScaledObjects(inventory);
  const autoscalers = autoscalersOf(written, madeAutoscalers(scaledObjects));
  const adapters = findAdapters(inventory);
  const scrapes = scrapesOf(inventory, programs);
  const ruleBooks = ruleBooksOf(adapters, scrapes, inventory);
  const makers = podMakers(inventory);
  const exportable = makers.flatMap((workload) =>
    servingContainers(workload.spec.template.spec).flatMap((container) => {
      const contract = programs.of(workload, container)?.exports;
      return contract ? exportedNames(contract) : [];
    }),
  );
  return {
    written,
    inventory,
    cluster,
    isProvided,
    podMakers: makers,
    autoscalers,
    scaledObjects,
    triggers: prometheusChecks(scaledObjects, scrapes, inventory),
    keda: {
      operators: findKedaOperators(inventory),
      metricsServers: findKedaMetricsServers(inventory),
    },
    adapters,
    metricsServer: findMetricsServer(inventory),
    scrapes,
    ruleBooks,
    metrics: metricLinksOf(autoscalers, ruleBooks, inventory, exportable),
    programs,
    network: Network.from(inventory, cluster),
    rbac: new Rbac(written),
  };
}

/** Adds the StatefulSet of every Prometheus, and the one Service that those of a namespace share. */
function withOperated(written: Inventory): Inventory {
  const { prometheuses } = written;
  const firstOfNamespace = new Map<string, Prometheus>();
  for (const prometheus of [...prometheuses].reverse()) {
    firstOfNamespace.set(namespaceOf(prometheus), prometheus);
  }
  return new Inventory([
    ...written.objects,
    ...prometheuses.map(prometheusWorkload),
    ...[...firstOfNamespace.values()].map(operatedService),
  ]);
}
