import { Construct } from 'constructs';
import type { KubeObject } from '../core/kube/object';
import type { HelmRelease } from '../core/model';
import { App } from './app';
import { Connection, Entity } from './connection';
import { kedaAccess } from './keda-access';
import { kedaWorkloads } from './keda-workloads';
import type { ServicePort } from './port';

/** The definition of the one kind that stacks use, without its schema. */
const SCALED_OBJECTS: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'scaledobjects.keda.sh' },
  spec: {
    group: 'keda.sh',
    names: { kind: 'ScaledObject', plural: 'scaledobjects', singular: 'scaledobject' },
    scope: 'Namespaced',
    versions: [{ name: 'v1alpha1', served: true, storage: true }],
  },
};

/** How KEDA is installed. */
export interface KedaProps {
  readonly namespace: string;
  /** Of the chart, and of KEDA. */
  readonly version: string;
  /** Stage of the stack before which it is installed. */
  readonly before: string;
  /** The namespaces whose ScaledObjects it looks after; it may do nothing in others. */
  readonly watches: readonly [string, ...string[]];
}

/**
 * KEDA by its own chart: confined to some namespaces, without access to their Secrets, and without scaling anything but
 * Deployments and StatefulSets. The chart's network policies are off: they let every pod in.
 */
export class Keda {
  readonly release: HelmRelease;
  readonly operator: App<'metricsservice'>;
  readonly metricsServer: App<'https'>;
  readonly webhooks: App<'http'>;

  constructor({ namespace, version, before, watches }: KedaProps) {
    const part = <Port extends string>(name: string, ports: Readonly<Record<Port, number>>) =>
      new App({ namespace, name, ports, podLabels: { app: name } });
    this.operator = part('keda-operator', { metricsservice: 9666 });
    this.metricsServer = part('keda-operator-metrics-apiserver', { https: 6443 });
    this.webhooks = part('keda-admission-webhooks', { http: 9443 });
    this.release = {
      name: 'keda',
      namespace,
      chart: 'keda',
      repository: 'https://kedacore.github.io/charts',
      version,
      before,
      values: {
        watchNamespace: watches.join(','),
        image: { pullPolicy: 'IfNotPresent' },
        rbac: { enabledCustomScaledRefKinds: false },
        permissions: {
          operator: { restrict: { secret: true } },
          metricServer: { restrict: { secret: true } },
        },
        networkPolicy: { enabled: false },
        resources: {
          operator: resources('500m', '256Mi'),
          metricServer: resources('500m', '256Mi'),
          webhooks: resources('100m', '128Mi'),
        },
      },
      provides: this.objects(version, watches),
      readyWhen: [
        { kind: 'CustomResourceDefinition', name: 'scaledobjects.keda.sh' },
        ...[this.operator, this.metricsServer, this.webhooks].map(({ name }) => ({
          kind: 'Deployment' as const,
          namespace,
          name,
        })),
        { kind: 'APIService', name: 'v1beta1.external.metrics.k8s.io' },
      ],
    };
  }

  /** What the chart renders of the above, as far as the chain depends on it (chart 2.20.2). */
  private objects(version: string, watches: readonly string[]): KubeObject[] {
    const { operator, metricsServer, webhooks } = this;
    return [
      SCALED_OBJECTS,
      ...kedaAccess(operator.namespace, watches),
      ...kedaWorkloads({ operator, metricsServer, webhooks, version, watches: watches.join(',') }),
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1beta1.external.metrics.k8s.io' },
        spec: {
          group: 'external.metrics.k8s.io',
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
          service: { name: metricsServer.name, namespace: metricsServer.namespace, port: 443 },
        },
      },
    ];
  }
}

/** Opens the connections that KEDA needs, between namespaces that deny everything by default. */
export class KedaConnections extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly keda: Keda;
      readonly prometheus: ServicePort;
      /** Port on which the API server listens. */
      readonly apiServerPort: number;
    },
  ) {
    super(scope, id);
    const { keda, prometheus, apiServerPort } = props;
    const { operator, metricsServer, webhooks } = keda;
    new Connection(this, 'Metrics', { from: Entity.controlPlane, to: metricsServer.port('https') });
    new Connection(this, 'Values', { from: metricsServer, to: operator.port('metricsservice') });
    new Connection(this, 'Queries', { from: operator, to: prometheus.pod });
    new Connection(this, 'Admission', { from: Entity.controlPlane, to: webhooks.port('http') });
    for (const app of [operator, metricsServer, webhooks]) {
      new Connection(this, `ToApiServer-${app.name}`, {
        from: app,
        to: Entity.apiServer,
        port: apiServerPort,
      });
    }
  }
}

function resources(cpu: string, memory: string) {
  return { requests: { cpu: '100m', memory }, limits: { cpu, memory } };
}
