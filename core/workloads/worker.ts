import { environment } from '../kube/command-line';
import type { Container } from '../kube/kinds/pod';
import { Quantity } from '../kube/quantity';
import type { MetricContract, SeriesContract } from '../model';
import { bystander, type Program, type SeriesModel, type Setting } from './program';
import { readWorkerConfig } from './worker-config';

function counter<const Name extends string>(name: Name, help: string) {
  return { name, type: 'counter', help, labels: [] } as const;
}

/** What the opportunistic worker exports. */
export const WORKER_METRICS = {
  port: 'http',
  path: '/metrics',
  series: {
    chunks: counter('worker_chunks_total', 'Chunks of work that were completed.'),
    checkpoints: counter('worker_checkpoints_total', 'Checkpoints that were written.'),
    cpu: counter('worker_cpu_seconds_total', 'CPU time that was used, in seconds.'),
    steps: counter('worker_steps_total', 'Steps of the algorithm in completed chunks.'),
  },
} as const satisfies MetricContract;

/** Number of the port that the worker listens on. */
const PORT = 8080;
/** Paths that the worker answers, besides its metrics. */
export const WORKER_PATHS = { page: '/', status: '/api/status', live: '/healthz', ready: '/readyz' } as const;

/**
 * Numbers that one core gets through in a second. Measured in the middle of the numbers that
 * workers share; a cluster's cores will differ, and so will `worker_chunks_total` there.
 */
const NUMBERS_PER_CORE_SECOND = 500_000;
const SECOND_MS = 1000;

/**
 * The opportunistic worker: uses the CPU that it is told to use, at the pace at which that completes chunks.
 * @throws UsageError if its environment cannot be read
 */
export function worker({ container }: Setting): Program {
  const variables = environment(container);
  const { millicores, chunkSize, checkpointPeriodMs } = readWorkerConfig(
    (name) => variables.get(name) ?? (name === 'CPU_MILLICORES' ? fromRequest(container) : undefined),
  );
  const cores = Math.min(millicores / 1000, coresOf(container, 'limits') ?? Number.POSITIVE_INFINITY);
  const { chunks, checkpoints, cpu, steps } = WORKER_METRICS.series;
  const paths: readonly string[] = [WORKER_METRICS.path, ...Object.values(WORKER_PATHS)];
  return {
    ...bystander('worker'),
    exports: WORKER_METRICS,
    notModelled: [steps.name],
    series: [
      steady(chunks, (cores * NUMBERS_PER_CORE_SECOND) / chunkSize),
      steady(checkpoints, SECOND_MS / checkpointPeriodMs),
      steady(cpu, cores),
    ],
    status: (port, { path }) => (port === PORT ? (paths.includes(path) ? 200 : 404) : undefined),
    exposes: (port, path) => port === PORT && path === WORKER_METRICS.path,
  };
}

function steady({ name, type }: SeriesContract, perSecond: number): SeriesModel {
  return { name, type, labels: {}, start: 0, growth: () => 0, perSecond, steps: [] };
}

/** What the downward API puts into the variable: the request rounded up, or nothing if there is no such reference. */
function fromRequest(container: Container): string | undefined {
  const reference = container.env?.find(({ name }) => name === 'CPU_MILLICORES')?.valueFrom;
  const cores = reference && (coresOf(container, 'requests') ?? coresOf(container, 'limits'));
  return cores === undefined ? undefined : String(Math.ceil(cores * 1000));
}

function coresOf({ resources }: Container, field: 'requests' | 'limits'): number | undefined {
  const amount = resources?.[field]?.['cpu'];
  return amount === undefined ? undefined : Number(Quantity.parse(amount).milliValue()) / 1000;
}
