import type { Usage } from './cgroups';

/** A running container, and what it has used since it started. */
export interface ContainerUsage {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly startedAt: string;
  readonly usage: Usage;
}

/**
 * `/metrics/resource` of a kubelet in Prometheus' text format. What a node uses is what its pods use: all nodes share the
 * machine, and the programs outside of pods belong to none.
 */
export function resourceMetrics(containers: readonly ContainerUsage[], atMs: number): string {
  const sum = (part: (usage: Usage) => number) =>
    containers.reduce((total, { usage }) => total + part(usage), 0);
  const labels = ({ namespace, pod, container }: ContainerUsage) =>
    `{container="${container}",namespace="${namespace}",pod="${pod}"}`;
  const family = (name: string, type: string, value: (one: ContainerUsage) => number) => [
    `# TYPE ${name} ${type}`,
    ...containers.map((one) => `${name}${labels(one)} ${value(one)} ${atMs}`),
  ];
  return [
    ...family('container_cpu_usage_seconds_total', 'counter', ({ usage }) => usage.cpuSeconds),
    ...family('container_memory_working_set_bytes', 'gauge', ({ usage }) => usage.workingSetBytes),
    ...family('container_start_time_seconds', 'gauge', ({ startedAt }) => Date.parse(startedAt) / 1000),
    '# TYPE node_cpu_usage_seconds_total counter',
    `node_cpu_usage_seconds_total ${sum(({ cpuSeconds }) => cpuSeconds)} ${atMs}`,
    '# TYPE node_memory_working_set_bytes gauge',
    `node_memory_working_set_bytes ${sum(({ workingSetBytes }) => workingSetBytes)} ${atMs}`,
    '',
  ].join('\n');
}
