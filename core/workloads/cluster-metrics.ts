import type { MetricContract, SeriesContract } from '../model';
import { clusterCapacity, type ClusterCapacity } from './capacity';
import type { CapacityConfig } from './capacity-config';
import { DEFAULT_PORT, HEALTH_PATHS, pathStatus, type Paths } from './paths';
import { bystander, type Program, type Sample } from './program';

function gauge<const Name extends string>(name: Name, help: string) {
  return { name, type: 'gauge', help, labels: [] } as const;
}

/** What the exporter of cluster capacity exports. Units are in the help texts: thousandths of a core, Ki, pods. */
export const CLUSTER_METRICS = {
  port: 'http',
  path: '/metrics',
  series: {
    cpuCapacity: gauge('cpu_capacity_total', 'CPU of all nodes (milli).'),
    memoryCapacity: gauge('mem_capacity_total', 'Memory of all nodes (Ki).'),
    podCapacity: gauge('pod_capacity_total', 'Pods that all nodes can run.'),
    cpuAllocatable: gauge('cpu_allocatable_total', 'CPU for pods on nodes that take new ones (milli).'),
    memoryAllocatable: gauge('mem_allocatable_total', 'Memory for pods on nodes that take new ones (Ki).'),
    podAllocatable: gauge('pod_allocatable_total', 'Pods that nodes which take new ones can run.'),
    cpuRequests: gauge('cpu_requests_total', 'CPU that pods request, waiting ones included (milli).'),
    memoryRequests: gauge('mem_requests_total', 'Memory that pods request, waiting ones included (Ki).'),
    podRequests: gauge('pod_requests_total', 'Pods, waiting ones included.'),
    cpuRemaining: gauge('cpu_capacity_remaining', 'Allocatable CPU that no pod requests (milli).'),
    memoryRemaining: gauge('mem_capacity_remaining', 'Allocatable memory that no pod requests (Ki).'),
    podRemaining: gauge('pod_capacity_remaining', 'Pods for which there is still room.'),
    opportunisticRequests: gauge(
      'opportunistic_cpu_requests_millicores',
      'CPU that opportunistic pods request (milli).',
    ),
    opportunisticCpu: gauge(
      'opportunistic_cpu_available_millicores',
      'Allocatable CPU without the reserve and without what others request (milli).',
    ),
    slots: gauge('opportunistic_slots', 'Opportunistic pods that fit into the CPU available to them.'),
  },
} as const satisfies MetricContract;

/** Where the exporter gives its numbers as JSON. */
export const CAPACITY_PATH = '/api/capacity';
/** What the exporter answers. */
export const CLUSTER_METRICS_PATHS: Paths = {
  '/': ['GET'],
  [CAPACITY_PATH]: ['GET'],
  [CLUSTER_METRICS.path]: ['GET'],
  ...HEALTH_PATHS,
};

/** Every series of the contract with its value. */
export function capacitySamples(capacity: ClusterCapacity): readonly Sample[] {
  const { cpu, memory, pods } = capacity;
  const { series } = CLUSTER_METRICS;
  const values: readonly (readonly [SeriesContract, number])[] = [
    [series.cpuCapacity, cpu.capacity],
    [series.memoryCapacity, memory.capacity],
    [series.podCapacity, pods.capacity],
    [series.cpuAllocatable, cpu.allocatable],
    [series.memoryAllocatable, memory.allocatable],
    [series.podAllocatable, pods.allocatable],
    [series.cpuRequests, cpu.requested],
    [series.memoryRequests, memory.requested],
    [series.podRequests, pods.requested],
    [series.cpuRemaining, cpu.remaining],
    [series.memoryRemaining, memory.remaining],
    [series.podRemaining, pods.remaining],
    [series.opportunisticRequests, cpu.opportunistic],
    [series.opportunisticCpu, capacity.availableCpu],
    [series.slots, capacity.slots],
  ];
  return values.map(([{ name }, value]) => ({ name, labels: {}, value }));
}

/** The exporter of cluster capacity: gauges about nodes and pods, worked out from what it watches. */
export function clusterMetrics(config: CapacityConfig, port = DEFAULT_PORT): Program {
  return {
    ...bystander('cluster-metrics'),
    exports: CLUSTER_METRICS,
    gauges: (state) => capacitySamples(clusterCapacity(state, config)),
    status: (at, request) => (at === port ? pathStatus(CLUSTER_METRICS_PATHS, request) : undefined),
    exposes: (at, path) => at === port && path === CLUSTER_METRICS.path,
  };
}
