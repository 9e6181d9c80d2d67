import type { IPrometheus } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus' with {
  'resolution-mode': 'import',
};
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Labels } from '../core/kube/selector';
import { App } from './app';
import { AppService } from './app-service';
import { Connection, Entity } from './connection';
import { Grant } from './grant';
import { restrictedPod } from './hardened-container';
import { k8s } from './kubernetes';
import type { ServicePort } from './port';

/** What a Prometheus is called and where; known before its objects exist. */
export class PrometheusHandle {
  readonly app: App<'web'>;
  /** The Service that clients use. */
  readonly service: ServicePort;

  constructor(
    readonly namespace: string,
    readonly name: string,
    /** Labels of the monitors that it scrapes. */
    readonly monitorLabels: Labels,
  ) {
    this.app = new App({
      namespace,
      name: `prometheus-${name}`,
      ports: { web: 9090 },
      // The operator puts these on the pods.
      podLabels: { 'app.kubernetes.io/name': 'prometheus', 'operator.prometheus.io/name': name },
    });
    this.service = this.app.service('web', {
      name: 'prometheus',
      labels: { 'app.kubernetes.io/name': 'prometheus' },
    });
  }
}

/** How a Prometheus runs and what it scrapes. */
export interface PrometheusInstanceProps {
  readonly prometheus: PrometheusHandle;
  readonly image: string;
  /** Prometheus' version, which decides what the operator configures. */
  readonly version: string;
  readonly scrapeInterval: string;
  /** How long it keeps samples, in Prometheus notation. Default `6h`. */
  readonly retention?: string;
  /** Namespaces whose targets it discovers. */
  readonly discovers: readonly string[];
  /** Whether it evaluates the rules that have the labels of its monitors. Default: no. */
  readonly evaluatesRules?: boolean;
  readonly apiServerPort: number;
  readonly nodePort?: number | undefined;
}

/** A Prometheus of the Prometheus Operator that discovers targets in given namespaces, and reads nothing else. */
export class PrometheusInstance extends Construct {
  constructor(scope: Construct, id: string, props: PrometheusInstanceProps) {
    super(scope, id);
    const { prometheus, discovers, apiServerPort, nodePort } = props;
    const { namespace, name, app } = prometheus;
    new k8s.KubeServiceAccount(this, 'ServiceAccount', {
      metadata: { name: app.name, namespace },
      automountServiceAccountToken: false,
    });
    for (const target of discovers) {
      new Grant(this, `Discovery-${target}`, {
        app,
        name: `${app.name}-discovery`,
        namespace: target,
        rules: [
          { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list', 'watch'] },
          { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
        ],
      });
    }
    new ApiObject(this, 'Prometheus', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Prometheus',
      metadata: { name, namespace },
      spec: prometheusSpec(props),
    });
    new AppService(this, 'Service', { port: prometheus.service, nodePort });
    new Connection(this, 'ToApiServer', { from: app, to: Entity.apiServer, port: apiServerPort });
  }
}

function prometheusSpec(props: PrometheusInstanceProps): IPrometheus['spec'] {
  const { prometheus, image, version, scrapeInterval, retention = '6h', evaluatesRules = false } = props;
  const selector = { matchLabels: { ...prometheus.monitorLabels } };
  // Of the storage it keeps what `retentionSize` allows, and needs as much again while it compacts.
  const incompressible = { memory: '512Mi', 'ephemeral-storage': '2Gi' };
  return {
    replicas: 1,
    image,
    imagePullPolicy: 'IfNotPresent',
    version,
    serviceAccountName: prometheus.app.name,
    automountServiceAccountToken: true,
    serviceMonitorSelector: selector,
    podMonitorSelector: selector,
    ...(evaluatesRules ? { ruleSelector: selector } : {}),
    serviceDiscoveryRole: 'EndpointSlice',
    scrapeInterval,
    retention,
    retentionSize: '1GiB',
    enableAdminAPI: false,
    resources: { requests: { cpu: '200m', ...incompressible }, limits: { cpu: '1', ...incompressible } },
    securityContext: restrictedPod(1000),
  };
}
