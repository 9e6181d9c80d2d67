import { Construct } from 'constructs';
import type { Labels } from '../core/kube/selector';
import { CLUSTER_METRICS, readCapacityConfig } from '../core/workloads';
import { App } from './app';
import { AppDeployment } from './app-deployment';
import { AppService } from './app-service';
import { Connection, Entity } from './connection';
import { ClusterGrant } from './grant';
import type { ServicePort } from './port';

const LIST_WATCH = ['list', 'watch'];

/**
 * The exporter of cluster capacity: what it is called, where it is, and what it exports; known before its objects
 * exist. A metric of its Service can be read by autoscalers of the same namespace only.
 */
export class ClusterMetricsHandle {
  readonly app: App<'http'>;
  readonly service: ServicePort;

  constructor(namespace: string, name = 'cluster-metrics') {
    this.app = new App({ namespace, name, ports: { http: 8080 } });
    this.service = this.app.service('http', { number: 80 });
  }

  /** Its series, scraped through its Service: a rule can make a metric of the Service of them. */
  get exporter() {
    return this.app.exportsThrough(this.service, CLUSTER_METRICS);
  }
}

/** What the exporter counts, and how it runs. */
export interface ClusterMetricsProps {
  readonly handle: ClusterMetricsHandle;
  readonly image: string;
  /** The app whose pods take what is left, and the CPU that each of them requests. */
  readonly opportunistic?: { readonly app: App; readonly cpu: string };
  /** CPU that it never gets, a quantity. Default 0. */
  readonly reserveCpu?: string;
  /** Namespaces whose pods do not count. */
  readonly excludeNamespaces?: readonly string[];
  readonly apiServerPort: number;
  /** Opens the page to the outside. */
  readonly nodePort?: number | undefined;
}

/**
 * The exporter of cluster capacity, which may list and watch nodes and pods, and nothing else. There is never more than
 * one: each exports the whole cluster's numbers, and a rule of the adapter sums over the pods of the Service, so two of
 * them would double every number. A rollout leaves some seconds without one, in which autoscalers keep their size.
 */
export class ClusterMetrics extends Construct {
  /** @throws UsageError for a quantity that the exporter would refuse */
  constructor(scope: Construct, id: string, props: ClusterMetricsProps) {
    super(scope, id);
    const { handle, image, apiServerPort, nodePort } = props;
    const { app, service } = handle;
    const env = environment(props);
    readCapacityConfig((name) => env[name]);
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      env,
      user: 10001,
      resources: { cpu: { request: '50m', limit: '500m' }, memory: '128Mi' },
      health: { port: 'http', ready: '/readyz', live: '/healthz' },
      apiAccess: true,
      strategy: 'Recreate',
    });
    new AppService(this, 'Service', { port: service, nodePort });
    new ClusterGrant(this, 'Access', {
      app,
      name: `${app.namespace}-${app.name}`,
      rules: [{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: LIST_WATCH }],
    });
    new Connection(this, 'ToApiServer', { from: app, to: Entity.apiServer, port: apiServerPort });
  }
}

function environment(props: ClusterMetricsProps): Readonly<Record<string, string>> {
  const { opportunistic, reserveCpu, excludeNamespaces = [] } = props;
  return {
    ...(excludeNamespaces.length > 0 ? { EXCLUDE_NAMESPACES: excludeNamespaces.join(',') } : {}),
    ...(reserveCpu === undefined ? {} : { RESERVE_CPU: reserveCpu }),
    ...(opportunistic
      ? { OPPORTUNISTIC_SELECTOR: selectorText(opportunistic.app), SLOT_CPU: opportunistic.cpu }
      : {}),
  };
}

function selectorText({ namespace, podLabels }: App): string {
  return `${namespace}/${equalities(podLabels)}`;
}

function equalities(labels: Labels): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
}
