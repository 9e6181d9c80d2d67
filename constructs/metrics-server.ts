import { Construct } from 'constructs';
import { acceptance } from '../core/check/acceptance';
import { ApiDelegation } from './api-delegation';
import { App } from './app';
import { AppDeployment } from './app-deployment';
import { AppService } from './app-service';
import { Connection, Entity } from './connection';
import { ClusterGrant } from './grant';
import { k8s } from './kubernetes';

const NAME = 'metrics-server';
const GROUP = 'metrics.k8s.io';
const VERSION = 'v1beta1';
const READ = ['get', 'list', 'watch'];
/** Where kubelets serve what their pods use. */
const KUBELET_PORT = 10250;

/** Where a metrics-server runs and whom it asks. */
export interface MetricsServerProps {
  readonly namespace: string;
  readonly image: string;
  /** Port on which the API server listens. */
  readonly apiServerPort: number;
  /** Port on which it listens itself. Default 10250; Fargate keeps that for the kubelet of the pod. */
  readonly port?: number;
  /**
   * Who signed the serving certificates of the kubelets: the cluster's CA, or nobody but themselves, as in kind and
   * minikube, where they cannot be verified. Default `cluster`.
   */
  readonly kubeletCertificates?: 'cluster' | 'self-signed';
}

/**
 * The server of `metrics.k8s.io`, what pods and nodes use of CPU and memory: `manifests/base` of metrics-server v0.9,
 * in a namespace that may be restricted.
 *
 * The API server does not verify its certificate, as in upstream's manifests: it makes one at every start, for
 * `localhost`, that nobody signed, so there is no CA to name. Who answers in its place has to be a pod behind its
 * Service, and only who may create pods in its namespace can make one.
 */
export class MetricsServer extends Construct {
  constructor(scope: Construct, id: string, props: MetricsServerProps) {
    super(scope, id);
    const { namespace, port = 10250, apiServerPort } = props;
    const app = new App({ namespace, name: NAME, ports: { https: port } });
    this.workload(app, props);
    this.api(app);
    this.access(app);
    new Connection(this, 'ToApiServer', { from: app, to: Entity.apiServer, port: apiServerPort });
    new Connection(this, 'ToKubelets', { from: app, to: Entity.nodes, port: KUBELET_PORT });
    new Connection(this, 'FromApiServer', { from: Entity.controlPlane, to: app.port('https') });
  }

  private workload(app: App<'https'>, { image, kubeletCertificates }: MetricsServerProps): void {
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      args: [
        '--cert-dir=/tmp',
        `--secure-port=${app.port('https').number}`,
        '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
        '--kubelet-use-node-status-port',
        '--metric-resolution=15s',
        ...(kubeletCertificates === 'self-signed' ? ['--kubelet-insecure-tls'] : []),
      ],
      user: 65534,
      resources: { cpu: { request: '100m', limit: '500m' }, memory: '200Mi' },
      // Ready once it has two measurements of some node, alive while it goes on measuring.
      health: { port: 'https', scheme: 'HTTPS', ready: '/readyz', live: '/livez' },
      mounts: [{ name: 'tmp', path: '/tmp' }],
      apiAccess: true,
    });
  }

  private api(app: App<'https'>): void {
    const service = app.service('https', { number: 443 });
    new AppService(this, 'Service', { port: service });
    new k8s.KubeApiService(this, 'ApiService', {
      metadata: {
        name: `${VERSION}.${GROUP}`,
        annotations: acceptance(
          'api-service-insecure',
          'metrics-server signs a new certificate at every start, as upstream installs it',
        ),
      },
      spec: {
        group: GROUP,
        version: VERSION,
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTlsVerify: true,
        service: { namespace: service.namespace, name: service.service, port: service.number },
      },
    });
  }

  private access(app: App): void {
    new ApiDelegation(this, 'Delegation', { app });
    new ClusterGrant(this, 'Access', {
      app,
      name: `system:${NAME}`,
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: READ },
      ],
    });
    // People who may view pods may view what they use: `kubectl top`.
    const aggregate = ['view', 'edit', 'admin'].map((role): [string, string] => [
      `rbac.authorization.k8s.io/aggregate-to-${role}`,
      'true',
    ]);
    new k8s.KubeClusterRole(this, 'Readers', {
      metadata: { name: 'system:aggregated-metrics-reader', labels: Object.fromEntries(aggregate) },
      rules: [{ apiGroups: [GROUP], resources: ['pods', 'nodes'], verbs: READ }],
    });
  }
}
