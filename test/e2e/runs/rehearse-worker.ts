import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { Scenario } from '../../../core/model';
import { appliedStack } from './applied';
import { type BestRehearsal, type RealRun, rehearseLike } from './rehearsed';
import { findRun } from './index';

/** What crosses the border between threads: steps are functions, and found again by the name of their run. */
export interface RehearsalOrder {
  readonly run: string;
  readonly factor: number;
  readonly scenario: Scenario;
  readonly real: Omit<RealRun, 'taken'>;
  /** Of each step of the run, the moments of what it began. */
  readonly takenMs: readonly (readonly number[])[];
}

/** {@link rehearseLike} in a thread of its own: the cluster goes on meanwhile, and requests go through this one. */
export function rehearseBeside(order: RehearsalOrder): Promise<BestRehearsal> {
  const worker = new Worker(join(__dirname, 'rehearse-worker.js'));
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`the rehearsal of ${order.run} ended without a result`)));
    worker.once('message', (best: BestRehearsal) => {
      resolve(best);
      void worker.terminate();
    });
    worker.postMessage(order);
  });
}

function rehearse({ run: name, factor, scenario, real, takenMs }: RehearsalOrder): BestRehearsal {
  const run = findRun(name);
  const { stack, scaled } = appliedStack(run, factor);
  const steps = run.steps(factor);
  return rehearseLike(
    {
      ...{ name, scenario, cluster: scaled.cluster, objects: scaled.objects },
      namespaces: stack.releases.map(({ namespace }) => namespace),
      ...{ lastsMs: run.lastsMs(factor), inputs: run.inputs ?? [] },
    },
    {
      ...real,
      taken: takenMs.flatMap((realMs, index) => {
        const step = steps[index];
        return step ? [{ step, realMs }] : [];
      }),
    },
  );
}

if (!isMainThread) {
  parentPort?.once('message', (order: RehearsalOrder) => parentPort?.postMessage(rehearse(order)));
}
