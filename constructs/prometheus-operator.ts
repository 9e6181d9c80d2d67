import { Construct } from 'constructs';
import { UsageError } from '../core/errors';
import { parseImage } from '../core/kube/image';
import { App } from './app';
import { AppDeployment } from './app-deployment';
import { Connection, Entity } from './connection';
import { ClusterGrant, Grant } from './grant';

const NAME = 'prometheus-operator';

/** Custom resources that the operator reads and whose status it writes. */
const CUSTOM_RESOURCES = [
  ...['prometheuses', 'prometheuses/finalizers', 'prometheuses/status'],
  ...['servicemonitors', 'servicemonitors/status', 'podmonitors', 'podmonitors/status'],
  ...['probes', 'probes/status', 'prometheusrules', 'prometheusrules/status'],
  ...['scrapeconfigs', 'scrapeconfigs/status'],
];

/** Which operator runs, and where. */
export interface PrometheusOperatorProps {
  /** The only namespace whose monitors and Prometheus objects it serves. */
  readonly namespace: string;
  readonly image: string;
  /** Image of the sidecar that reloads a Prometheus. */
  readonly reloaderImage: string;
  readonly apiServerPort: number;
}

/**
 * The image of the sidecar that belongs to an operator: released together with it, under the same tag.
 * @throws UsageError if the operator's image has no tag
 */
export function configReloaderFor(operatorImage: string): string {
  const { repository, tag } = parseImage(operatorImage);
  if (tag === undefined) throw new UsageError(`image ${operatorImage} has no tag: write ${repository}:TAG`);
  return `${repository.replace(/[^/]+$/, 'prometheus-config-reloader')}:${tag}`;
}

/**
 * The Prometheus Operator, confined to its own namespace: what the project's example grants in the whole cluster
 * (`example/rbac/prometheus-operator`), it gets there, and only for the kinds it serves here.
 */
export class PrometheusOperator extends Construct {
  constructor(scope: Construct, id: string, props: PrometheusOperatorProps) {
    super(scope, id);
    const { namespace, image, reloaderImage, apiServerPort } = props;
    const app = new App({ namespace, name: NAME, ports: { http: 8080 } });
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      args: [
        `--namespaces=${namespace}`,
        `--prometheus-config-reloader=${reloaderImage}`,
        '--disable-unmanaged-prometheus-configuration=true',
      ],
      env: { GOGC: '30' },
      user: 65534,
      resources: { cpu: { request: '100m', limit: '200m' }, memory: '200Mi' },
      health: { port: 'http', ready: '/healthz', live: '/healthz' },
      apiAccess: true,
    });
    this.grants(app);
    new Connection(this, 'ToApiServer', { from: app, to: Entity.apiServer, port: apiServerPort });
  }

  private grants(app: App): void {
    const all = ['*'];
    new Grant(this, 'Access', {
      app,
      name: NAME,
      rules: [
        { apiGroups: ['monitoring.coreos.com'], resources: CUSTOM_RESOURCES, verbs: all },
        { apiGroups: ['apps'], resources: ['statefulsets'], verbs: all },
        { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: all },
        { apiGroups: [''], resources: ['pods'], verbs: ['list', 'delete'] },
        {
          apiGroups: [''],
          resources: ['services', 'services/finalizers'],
          verbs: ['get', 'create', 'update', 'delete'],
        },
      ],
    });
    new ClusterGrant(this, 'ClusterAccess', {
      app,
      name: NAME,
      rules: [
        { apiGroups: [''], resources: ['namespaces'], resourceNames: [app.namespace], verbs: ['get'] },
        { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
        { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'] },
      ],
    });
  }
}
