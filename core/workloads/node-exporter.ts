import { commandLine } from '../kube/command-line';
import type { MetricContract } from '../model';
import { bystander, type Program, type Setting } from './program';

/** What node_exporter exports about the processors, the memory and the load of a node, of much more that it can. */
export const NODE_EXPORTER_METRICS = {
  port: 'metrics',
  path: '/metrics',
  series: {
    cpu: {
      name: 'node_cpu_seconds_total',
      type: 'counter',
      help: 'Seconds that a processor spent in a mode.',
      labels: ['cpu', 'mode'],
    },
    memoryTotal: {
      name: 'node_memory_MemTotal_bytes',
      type: 'gauge',
      help: 'Memory that the node has.',
      labels: [],
    },
    memoryAvailable: {
      name: 'node_memory_MemAvailable_bytes',
      type: 'gauge',
      help: 'Memory that programs can still get.',
      labels: [],
    },
    load: {
      name: 'node_load1',
      type: 'gauge',
      help: 'Processes that run or wait to, over the last minute.',
      labels: [],
    },
  },
} as const satisfies MetricContract;

const DEFAULT_PORT = 9100;

/** node_exporter; what its nodes do is not modelled. */
export function nodeExporter({ container }: Setting): Program {
  const address = commandLine(container).find((word) => word.startsWith('--web.listen-address='));
  const port = Number(/:(\d+)$/.exec(address ?? '')?.[1] ?? DEFAULT_PORT);
  return {
    ...bystander('node-exporter'),
    exports: NODE_EXPORTER_METRICS,
    exportsMore: (series) => /^(node|go|process|promhttp)_/.test(series),
    notModelled: Object.values(NODE_EXPORTER_METRICS.series).map(({ name }) => name),
    status: (at, { path }) =>
      at === port ? (path === '/' || path === NODE_EXPORTER_METRICS.path ? 200 : 404) : undefined,
    exposes: (at, path) => at === port && path === NODE_EXPORTER_METRICS.path,
  };
}
