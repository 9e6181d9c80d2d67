import { apiServerPort, type ClusterDescriptor, type Stage } from '../../core/model';
import { SAMPLE_APP_PATH } from '../../core/workloads';
import {
  App,
  AppDeployment,
  AppService,
  ClusterMetrics,
  ClusterMetricsHandle,
  Connection,
  OpportunisticWorker,
  Priority,
  PriorityClass,
  type ServicePort,
} from '../../constructs';
import { ownImage } from '../own-images';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/** Seconds between two probes of the same kind of the sample app, where it counts them. */
export const PROBE_SECONDS = 5;
/** Cores that a pod of the worker requests. */
export const WORKER_CORES = 1;

/** The two that are scaled, and what tells the second one of the capacity that is left. */
export interface Workload {
  readonly sampleApp: App<'http', 'autoscaled'>;
  readonly sampleService: ServicePort;
  readonly worker: App<'http', 'autoscaled'>;
  readonly workerService: ServicePort;
  readonly capacity: ClusterMetricsHandle;
}

/** All of it, by its identities alone. */
export function workloadOf(): Workload {
  const sampleApp = autoscaledApp(NAMESPACES.app, 'sample-metrics-app');
  const worker = autoscaledApp(NAMESPACES.opportunistic, 'worker');
  return {
    sampleApp,
    sampleService: sampleApp.service('http', { number: 80 }),
    worker,
    workerService: worker.service('http', { number: 80 }),
    capacity: new ClusterMetricsHandle(NAMESPACES.opportunistic),
  };
}

function autoscaledApp(namespace: string, name: string): App<'http', 'autoscaled'> {
  return new App({ namespace, name, ports: { http: 8080 }, replicas: 'autoscaled' });
}

/** Deployments and Services of the three, and the way of the load to the sample app. */
export function workloadStage(
  chosen: Options,
  cluster: ClusterDescriptor,
  { sampleApp, sampleService, worker, workerService, capacity }: Workload,
  load: App,
): Stage {
  const image = (name: Parameters<typeof ownImage>[0]) => ownImage(name, chosen.registry).reference;
  const cpu = String(WORKER_CORES);
  return {
    name: 'workload',
    summary: 'the sample app, the exporter of cluster capacity, and the worker',
    fill(chart) {
      sampleDeployment(chart, chosen, sampleApp);
      new AppService(chart, 'sample-service', { port: sampleService });
      new Connection(chart, 'load-to-sample', { from: load, to: sampleApp.port('http') });
      new ClusterMetrics(chart, 'cluster-metrics', {
        handle: capacity,
        image: image('cluster-metrics'),
        opportunistic: { app: worker, cpu },
        reserveCpu: String(chosen.reserve),
        apiServerPort: apiServerPort(cluster),
      });
      const priority = Priority.opportunistic();
      new PriorityClass(chart, 'priority', { priority });
      new OpportunisticWorker(chart, 'worker', { app: worker, image: image('worker'), priority, cpu });
      new AppService(chart, 'worker-service', { port: workerService });
    },
  };
}

type Scope = Parameters<Stage['fill']>[0];

/** Counting all requests it is probed as in the document, so that they are as many. */
function sampleDeployment(scope: Scope, chosen: Options, app: App<'http', 'autoscaled'>): void {
  const { counter, appCores, registry } = chosen;
  const cores = String(appCores);
  new AppDeployment(scope, 'sample-app', {
    app,
    image: ownImage('sample-app', registry).reference,
    env: { COUNT: counter },
    user: 10001,
    resources: { cpu: { request: cores, limit: cores }, memory: '128Mi' },
    health:
      counter === 'all'
        ? { port: 'http', ready: SAMPLE_APP_PATH, live: SAMPLE_APP_PATH, livePeriod: PROBE_SECONDS }
        : { port: 'http', ready: '/readyz', live: '/healthz' },
  });
}
