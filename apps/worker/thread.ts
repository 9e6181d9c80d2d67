import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { tallyOf, together, type Tally } from './collatz';
import { Pacer } from './pacer';
import type { Chunk } from './progress';

/** Numbers between two looks at the clock: about ten milliseconds. */
const SLICE = 5000;
const BURST_MS = 100;

/** What a thread is told when it starts. */
const threadData = z.object({ cores: z.number().positive() });

/** What it is told to do, and what it answers. */
export interface DoneChunk {
  readonly chunk: Chunk;
  readonly tally: Tally;
}

/** Works through the chunks that it is sent, at the pace that the whole process is allowed. */
export function runThread(): void {
  const { cores } = threadData.parse(workerData);
  const port = parentPort;
  if (!port) throw new Error('this is no worker thread');
  const pacer = new Pacer(cores, BURST_MS, cpuMs(), performance.now());
  port.on('message', (chunk: Chunk) => {
    const done: DoneChunk = { chunk, tally: work(chunk, pacer) };
    port.postMessage(done);
  });
}

function work({ from, size }: Chunk, pacer: Pacer): Tally {
  const sleeper = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let tally: Tally = { steps: 0, longest: { start: from, steps: -1 } };
  for (let at = from; at < from + size; at += SLICE) {
    tally = together(tally, tallyOf(at, Math.min(SLICE, from + size - at)));
    const rest = pacer.restMs(cpuMs(), performance.now());
    // Nobody wakes it: the thread has nothing else to do until then.
    if (rest > 0) Atomics.wait(sleeper, 0, 0, rest);
  }
  return tally;
}

/** CPU time of the whole process, its other threads included. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
