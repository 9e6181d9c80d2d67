import { Construct } from 'constructs';
import { KUBE_STATE_METRICS, wholeName } from '../core/workloads';
import { App } from './app';
import { AppDeployment } from './app-deployment';
import { AppService } from './app-service';
import { Connection, Entity } from './connection';
import { Exporter } from './exporter';
import { ClusterGrant } from './grant';

const NAME = 'kube-state-metrics';
/** Resources that the series are about, by API group. */
const RESOURCES = {
  '': ['pods'],
  apps: ['deployments'],
  autoscaling: ['horizontalpodautoscalers'],
} as const;

/** Where a kube-state-metrics runs. */
export interface KubeStateMetricsProps {
  readonly namespace: string;
  readonly image: string;
  /** Port on which the API server listens. */
  readonly apiServerPort: number;
}

/**
 * kube-state-metrics: what the API says of pods, Deployments and autoscalers, as series. It exports the series of its
 * contract, may read the objects that these are about, and no others.
 */
export class KubeStateMetrics extends Construct {
  /** The series of the kube-state-metrics of a namespace. Their own labels name the objects that they are about. */
  static exporter(namespace: string) {
    return new Exporter(appIn(namespace).service(KUBE_STATE_METRICS.port), KUBE_STATE_METRICS, [], {
      honorLabels: true,
    });
  }

  constructor(scope: Construct, id: string, { namespace, image, apiServerPort }: KubeStateMetricsProps) {
    super(scope, id);
    const app = appIn(namespace);
    const series = Object.values(KUBE_STATE_METRICS.series).map(({ name }) => wholeName(name));
    new AppDeployment(this, 'Deployment', {
      app,
      image,
      args: [
        `--resources=${Object.values(RESOURCES).flat().join(',')}`,
        `--metric-allowlist=${series.join(',')}`,
      ],
      user: 65534,
      resources: { cpu: { request: '50m', limit: '200m' }, memory: '128Mi' },
      // As upstream has it: alive while the API server answers, ready once it counts itself.
      health: { port: 'telemetry', ready: '/readyz', livePort: 'http-metrics', live: '/livez' },
      apiAccess: true,
    });
    new AppService(this, 'Service', { port: KubeStateMetrics.exporter(namespace).port });
    new ClusterGrant(this, 'Access', {
      app,
      name: NAME,
      rules: Object.entries(RESOURCES).map(([group, resources]) => ({
        apiGroups: [group],
        resources: [...resources],
        verbs: ['list', 'watch'],
      })),
    });
    new Connection(this, 'ToApiServer', { from: app, to: Entity.apiServer, port: apiServerPort });
  }
}

function appIn(namespace: string) {
  return new App({ namespace, name: NAME, ports: { [KUBE_STATE_METRICS.port]: 8080, telemetry: 8081 } });
}
