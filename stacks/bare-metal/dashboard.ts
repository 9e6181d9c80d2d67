import { CLUSTER_METRICS } from '../../core/workloads';
import {
  KubeStateMetrics,
  NodeExporter,
  rate,
  sumBy,
  value,
  type App,
  type Dashboard,
} from '../../constructs';
import { NAMESPACES, NODES_NAMESPACE } from './cluster';
import type { Options } from './options';
import type { Workload } from './workload';

const { series } = CLUSTER_METRICS;
const STATES = KubeStateMetrics.exporter(NAMESPACES.monitoring);

/** The document's five charts in today's series, and what tells whether the loop does what it is for. */
export function dashboardOf(chosen: Options, workload: Workload): Dashboard {
  return {
    uid: 'plimsoll-bare-metal',
    title: 'Opportunistic autoscaling',
    refresh: chosen.capacityInterval,
    rows: [capacityRow(chosen), coresRow(workload), requestsRow(chosen, workload)],
  };
}

function capacityRow({ reserve, rateWindow }: Options) {
  const cpu = NodeExporter.exporter(NODES_NAMESPACE).series('cpu');
  const busy = rate(cpu, rateWindow);
  const idle = rate(cpu, rateWindow, { mode: 'idle' });
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

function coresRow({ worker }: Workload) {
  const requests = STATES.series('requests');
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

function requestsRow({ appTarget, rateWindow }: Options, { sampleApp, sampleService, worker }: Workload) {
  const replicas = ({ namespace, name }: App, key: 'replicas' | 'readyReplicas') =>
    sumBy(value(STATES.series(key), { namespace, deployment: name }));
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
