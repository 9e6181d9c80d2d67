import type { MetricContract, SeriesContract } from '../model';
import { DEFAULT_PORT, HEALTH_PATHS, pathStatus, type Paths } from './paths';
import { bystander, type Program, type SeriesModel } from './program';
import type { WorkerConfig } from './worker-config';

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

/** Where the worker tells its progress as JSON. */
export const WORKER_STATUS_PATH = '/api/status';
/** What the worker answers. */
export const WORKER_PATHS: Paths = {
  '/': ['GET'],
  [WORKER_STATUS_PATH]: ['GET'],
  [WORKER_METRICS.path]: ['GET'],
  ...HEALTH_PATHS,
};

/**
 * Numbers that one core gets through in a second. Measured in the middle of the numbers that
 * workers share; a cluster's cores will differ, and so will `worker_chunks_total` there.
 */
const NUMBERS_PER_CORE_SECOND = 500_000;
const SECOND_MS = 1000;

/** The opportunistic worker: uses the CPU that it is told to use, at the pace at which that completes chunks. */
export function worker(config: WorkerConfig, port = DEFAULT_PORT): Program {
  const { chunks, checkpoints, cpu, steps } = WORKER_METRICS.series;
  const cores = config.millicores / 1000;
  return {
    ...bystander('worker'),
    exports: WORKER_METRICS,
    notModelled: [steps.name],
    series: [
      steady(chunks, (cores * NUMBERS_PER_CORE_SECOND) / config.chunkSize),
      steady(checkpoints, SECOND_MS / config.checkpointPeriodMs),
      steady(cpu, cores),
    ],
    status: (at, request) => (at === port ? pathStatus(WORKER_PATHS, request) : undefined),
    exposes: (at, path) => at === port && path === WORKER_METRICS.path,
  };
}

function steady({ name, type }: SeriesContract, perSecond: number): SeriesModel {
  return { name, type, labels: {}, start: 0, growth: () => 0, perSecond, steps: [] };
}
