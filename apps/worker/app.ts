import { z } from 'zod';
import { EXPOSITION_TYPE, expositionText } from '../../core/workloads/exposition-text';
import { worker, WORKER_METRICS, WORKER_PATHS, WORKER_STATUS_PATH } from '../../core/workloads/worker';
import { readWorkerConfig } from '../../core/workloads/worker-config';
import { pageReply } from '../page';
import {
  durationMs,
  httpSettings,
  programService,
  wholeNumber,
  type App,
  type HttpReply,
  type Lifecycle,
  type Logger,
  type Service,
} from '../runtime';
import { Checkpoints } from './checkpoints';
import { firstNumberFor } from './first-number';
import { Job } from './job';
import { WORKER_STYLE, workerView } from './view';

const MAX_WAIT_MS = 600_000;
const LARGEST_FIRST = 1_000_000_000_000_000;

const settings = httpSettings.extend({
  // Nobody sends it requests that matter, and whoever pushes it out is waiting.
  SHUTDOWN_DELAY: durationMs(MAX_WAIT_MS).default(0),
  SHUTDOWN_GRACE: durationMs(MAX_WAIT_MS).default(3000),
  CPU_MILLICORES: z.string().optional(),
  CHUNK_SIZE: z.string().optional(),
  CHECKPOINT_PERIOD: z.string().optional(),
  CHECKPOINT_DIR: z.string().optional(),
  FIRST_NUMBER: wholeNumber(1, LARGEST_FIRST).optional(),
  HOSTNAME: z.string().default('worker'),
});
type WorkerSettings = z.output<typeof settings>;

/**
 * Uses the CPU that it is given, and no more, for work that can be given up at any moment.
 * @param script of its threads, compiled
 */
export function workerApp(script: string): App<WorkerSettings> {
  return {
    name: 'worker',
    settings,
    create: (given, logger, lifecycle) => service(script, given, logger, lifecycle),
  };
}

async function service(
  script: string,
  given: WorkerSettings,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<Service> {
  const config = readWorkerConfig((name) => given[name]);
  const { HOSTNAME: name, CHECKPOINT_DIR: folder } = given;
  const job = await Job.start({
    ...{ config, script, logger },
    first: given.FIRST_NUMBER ?? firstNumberFor(name),
    checkpoints: folder === undefined ? undefined : new Checkpoints(folder),
  });
  const answers: Readonly<Record<string, () => HttpReply>> = {
    '/': () =>
      pageReply({ title: `Worker ${name}`, content: workerView(name, job.status), style: WORKER_STYLE }),
    [WORKER_STATUS_PATH]: () => ({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(job.status)}\n`,
      headers: { 'cache-control': 'no-store' },
    }),
    [WORKER_METRICS.path]: () => ({
      status: 200,
      type: EXPOSITION_TYPE,
      body: expositionText(WORKER_METRICS, job.samples),
    }),
  };
  return {
    ...programService({ program: worker(config), paths: WORKER_PATHS, answers, lifecycle }),
    close: () => job.stop(),
  };
}
