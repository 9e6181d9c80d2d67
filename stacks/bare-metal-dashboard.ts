import { CLUSTER_METRICS } from '../core/workloads';
import {
  KubeStateMetrics,
  NodeExporter,
  rate,
  sumBy,
  value,
  type App,
  type Dashboard,
  type ServicePort,
} from '../constructs';
import type { BareMetalOptions } from './bare-metal-options';

/** What the dashboard is about. */
interface Shown {
  readonly chosen: BareMetalOptions;
  /** Namespaces of kube-state-metrics and of the node exporters. */
  readonly monitoring: string;
  readonly nodes: string;
  readonly sampleApp: App;
  readonly sampleService: ServicePort;
  readonly worker: App;
}

const { series } = CLUSTER_METRICS;

/** The document's five charts in today's series, and what tells whether the loop does what it is for. */
export function bareMetalDashboard({ chosen, ...shown }: Shown): Dashboard {
  return {
    uid: 'plimsoll-bare-metal',
    title: 'Opportunistic autoscaling',
    refresh: chosen.capacityInterval,
    rows: [capacityRow(shown, chosen), coresRow(shown), requestsRow(shown, chosen)],
  };
}

function capacityRow({ nodes }: Omit<Shown, 'chosen'>, { reserve, rateWindow }: BareMetalOptions) {
  const busy = rate(NodeExporter.exporter(nodes).series('cpu'), rateWindow);
  const idle = rate(NodeExporter.exporter(nodes).series('cpu'), rateWindow, { mode: 'idle' });
  return [
    {
      title: 'CPU remaining',
      description: 'Cores that no pod requests.',
      unit: 'short',
      queries: [
        { expr: inCores(series.cpuRemaining.name), legend: 'remaining' },
        { expr: String(reserve), legend: 'reserve' },
      ],
    },
    {
      title: 'Use of the cluster',
      description: 'Cores that pods may have, that they request, and that work.',
      unit: 'short',
      queries: [
        { expr: inCores(series.cpuAllocatable.name), legend: 'allocatable' },
        { expr: inCores(series.cpuRequests.name), legend: 'requested' },
        { expr: `${sumBy(busy)} - ${sumBy(idle)}`, legend: 'busy' },
      ],
    },
  ] as const;
}

function coresRow({ monitoring, worker }: Omit<Shown, 'chosen'>) {
  const requests = KubeStateMetrics.exporter(monitoring).series('requests');
  const all = sumBy(value(requests, { resource: 'cpu' }));
  const own = sumBy(value(requests, { resource: 'cpu', container: worker.name }));
  return [
    {
      title: 'Cores of the worker',
      unit: 'short',
      queries: [{ expr: own, legend: 'requested' }],
    },
    {
      title: 'Cores of everybody else',
      unit: 'short',
      queries: [{ expr: `${all} - ${own}`, legend: 'requested' }],
    },
  ] as const;
}

function requestsRow(
  { monitoring, sampleApp, sampleService, worker }: Omit<Shown, 'chosen'>,
  { appTarget, rateWindow }: BareMetalOptions,
) {
  const states = KubeStateMetrics.exporter(monitoring);
  const replicas = ({ namespace, name }: App, key: 'replicas' | 'readyReplicas') =>
    sumBy(value(states.series(key), { namespace, deployment: name }));
  return [
    {
      title: 'Requests of the sample app',
      description: 'What the counter grows by, in the newest two scrapes of each pod.',
      unit: 'reqps',
      queries: [
        {
          expr: `sum (irate(http_requests_total{job="${sampleService.service}"}[${rateWindow}]))`,
          legend: 'requests',
        },
        { expr: `${appTarget} * ${replicas(sampleApp, 'replicas')}`, legend: 'target of all pods' },
      ],
    },
    {
      title: 'Replicas',
      unit: 'short',
      queries: [
        { expr: replicas(sampleApp, 'replicas'), legend: sampleApp.name },
        { expr: replicas(sampleApp, 'readyReplicas'), legend: `${sampleApp.name}, ready` },
        { expr: replicas(worker, 'replicas'), legend: worker.name },
        { expr: series.slots.name, legend: 'free slots' },
      ],
    },
  ] as const;
}

function inCores(name: string): string {
  return `${name} / 1000`;
}
