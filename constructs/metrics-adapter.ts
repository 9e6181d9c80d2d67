import { Construct } from 'constructs';
import { isPrometheusAdapter } from '../core/workloads';
import type { AdapterRules, MetricsGroup } from './adapter-rules';
import { SECRETS_FOLDER } from './adapter-source';
import { ApiDelegation } from './api-delegation';
import type { App } from './app';
import { AppDeployment } from './app-deployment';
import { AppService } from './app-service';
import { ConfigFiles } from './config-files';
import { Connection, Entity } from './connection';
import { ClusterGrant, Grant } from './grant';
import { k8s } from './kubernetes';
import type { MetricsAdapterHandle } from './metrics-adapter-handle';
import { type ServicePort } from './port';

const CONFIG_FOLDER = '/etc/adapter';
const CONFIG_FILE = 'config.yaml';
const READ = ['get', 'list', 'watch'];
/** A rule may describe a kind that is defined only later: definitions tell when to look. */
const NEW_KINDS = {
  apiGroups: ['apiextensions.k8s.io'],
  resources: ['customresourcedefinitions'],
  verbs: READ,
};

/** API versions that an adapter serves of each group, the preferred one with the highest priority. */
const VERSIONS: Readonly<Record<MetricsGroup, Readonly<Record<string, number>>>> = {
  'custom.metrics.k8s.io': { v1beta1: 100, v1beta2: 200 },
  'external.metrics.k8s.io': { v1beta1: 100 },
  'metrics.k8s.io': { v1beta1: 100 },
};

/** What an adapter serves, and from where. */
export interface MetricsAdapterProps {
  readonly handle: MetricsAdapterHandle;
  readonly image: string;
  readonly rules: AdapterRules;
  readonly prometheus: ServicePort;
  /** Go duration between two listings of the series. */
  readonly relistInterval: string;
  /** Namespace from which `AdapterMonitoring` scrapes it, and where it publishes its authority. */
  readonly monitoredFrom?: string;
  /** Port on which the API server listens. */
  readonly apiServerPort: number;
}

/**
 * The server of custom, external and resource metrics behind the Kubernetes API, each if there are rules for it.
 *
 * It makes and rotates its serving certificate itself: the Secret is rendered without data and the APIServices
 * without `caBundle`, and it may change exactly these objects, but create none. Where they are it learns from
 * environment variables, so that its arguments stay those of prometheus-adapter.
 *
 * Nothing is granted to the autoscaler: Kubernetes' own role of its controller reads all metrics APIs.
 */
export class MetricsAdapter extends Construct {
  constructor(scope: Construct, id: string, props: MetricsAdapterProps) {
    super(scope, id);
    const { handle, rules, prometheus, apiServerPort, monitoredFrom } = props;
    const { app, service } = handle;
    const secret = `${app.name}-serving-certificate`;
    const apiServices = rules.groups.flatMap((group) =>
      Object.keys(VERSIONS[group]).map((version) => `${version}.${group}`),
    );
    this.workload(props, {
      SERVING_SECRET: `${app.namespace}/${secret}`,
      SERVICE: `${service.namespace}/${service.service}`,
      API_SERVICES: apiServices.join(','),
      ...(monitoredFrom === undefined ? {} : { CA_CONFIG_MAPS: `${monitoredFrom}/${handle.caConfigMap}` }),
    });
    this.apiServices(service, rules.groups);
    this.certificateAccess(app, secret, apiServices);
    this.apiAccess(app, rules);
    new Connection(this, 'ToPrometheus', { from: app, to: prometheus.pod });
    this.connectToSources(app, rules, prometheus);
    new Connection(this, 'ToApiServer', { from: app, to: Entity.apiServer, port: apiServerPort });
    new Connection(this, 'FromApiServer', { from: Entity.controlPlane, to: app.port('https') });
  }

  private workload(props: MetricsAdapterProps, env: Readonly<Record<string, string>>): void {
    const { handle, image, rules, prometheus, relistInterval } = props;
    const { app } = handle;
    const { namespace, name } = app;
    const configuration = `${name}-config`;
    const files = new ConfigFiles(this, 'Config', {
      namespace,
      name: configuration,
      files: {
        [CONFIG_FILE]: rules.toYaml(
          `ConfigMap ${namespace}/${configuration} ${CONFIG_FILE}`,
          isPrometheusAdapter(image),
        ),
      },
    });
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      args: [
        `--config=${CONFIG_FOLDER}/${CONFIG_FILE}`,
        `--prometheus-url=${prometheus.url}/`,
        `--metrics-relist-interval=${relistInterval}`,
        `--secure-port=${app.port('https').number}`,
        '--cert-dir=/tmp/certificates',
      ],
      env,
      user: 10001,
      resources: { cpu: { request: '100m', limit: '500m' }, memory: '256Mi' },
      health: { port: 'https', scheme: 'HTTPS', ready: '/readyz', live: '/livez' },
      mounts: [
        { name: 'config', path: CONFIG_FOLDER, files, reloaded: true },
        { name: 'tmp', path: '/tmp' },
        ...secretsOf(rules).map((secret) => ({
          ...{ name: `secret-${secret}`, path: `${SECRETS_FOLDER}/${secret}`, secret },
        })),
      ],
      apiAccess: true,
    });
  }

  /** One connection to each port of pods, and one for all addresses outside that share a port. */
  private connectToSources(app: App, rules: AdapterRules, prometheus: ServicePort): void {
    const known = new Set([podOf(prometheus)]);
    for (const peer of rules.sources.flatMap(({ peers }) => peers)) {
      const key = typeof peer === 'number' ? `outside-${peer}` : podOf(peer);
      if (known.has(key)) continue;
      known.add(key);
      new Connection(
        this,
        `ToSource-${key}`,
        typeof peer === 'number'
          ? { from: app, to: Entity.outside, port: peer }
          : { from: app, to: peer.pod, alias: `${peer.pod.namespace}-${peer.pod.app}` },
      );
    }
  }

  private apiServices(port: ServicePort, groups: readonly MetricsGroup[]): void {
    new AppService(this, 'Service', { port });
    for (const group of groups) {
      for (const [version, versionPriority] of Object.entries(VERSIONS[group])) {
        new k8s.KubeApiService(this, `${version}.${group}`, {
          metadata: { name: `${version}.${group}` },
          spec: {
            group,
            version,
            groupPriorityMinimum: 100,
            versionPriority,
            service: { namespace: port.namespace, name: port.service, port: port.number },
          },
        });
      }
    }
  }

  private certificateAccess(app: App, secret: string, apiServices: string[]): void {
    new k8s.KubeSecret(this, 'Secret', {
      metadata: { name: secret, namespace: app.namespace },
      type: 'Opaque',
    });
    new Grant(this, 'CertificateAccess', {
      app,
      name: `${app.name}-serving-certificate`,
      rules: [
        { apiGroups: [''], resources: ['secrets'], resourceNames: [secret], verbs: [...READ, 'update'] },
      ],
    });
    new ClusterGrant(this, 'ApiServiceAccess', {
      app,
      name: `${app.name}-api-services`,
      rules: [
        {
          apiGroups: ['apiregistration.k8s.io'],
          resources: ['apiservices'],
          resourceNames: apiServices,
          verbs: [...READ, 'patch'],
        },
      ],
    });
  }

  /** What it needs to know its callers, and to find the objects that its rules describe. */
  private apiAccess(app: App, rules: AdapterRules): void {
    new ApiDelegation(this, 'Delegation', { app });
    const read = rules.describedKinds.map(({ group, plural }) => ({
      apiGroups: [group],
      resources: [plural],
      verbs: READ,
    }));
    if (read.length === 0) return;
    new ClusterGrant(this, 'ObjectAccess', { app, name: `${app.name}-objects`, rules: [...read, NEW_KINDS] });
  }
}

function podOf({ pod }: ServicePort): string {
  return `${pod.namespace}-${pod.app}-${pod.number}`;
}

function secretsOf(rules: AdapterRules): readonly string[] {
  return [...new Set(rules.sources.flatMap(({ secrets }) => secrets))];
}
