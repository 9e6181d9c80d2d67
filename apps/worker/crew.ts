import { Worker } from 'node:worker_threads';
import type { Chunk } from './progress';
import type { DoneChunk } from './thread';

/** Who gives work to a crew, and takes it back. */
export interface Employer {
  take(): Chunk;
  complete(done: DoneChunk): void;
}

/** As many threads as it takes to use so much CPU, each always with a chunk to do. */
export class Crew {
  private readonly threads: readonly Worker[];

  /** @param script of the threads, compiled */
  constructor(script: string, millicores: number, employer: Employer) {
    const cores = millicores / 1000;
    this.threads = Array.from({ length: Math.ceil(cores) }, () => {
      const thread = new Worker(script, { workerData: { cores } });
      thread.on('message', (done: DoneChunk) => {
        employer.complete(done);
        thread.postMessage(employer.take());
      });
      // It has no way to fail but a bug: the process ends, and is started again.
      thread.once('error', (error) => {
        throw error;
      });
      thread.postMessage(employer.take());
      return thread;
    });
  }

  get size(): number {
    return this.threads.length;
  }

  /** Ends all threads, in the middle of their chunks. */
  async stop(): Promise<void> {
    for (const thread of this.threads) thread.removeAllListeners('message');
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }
}
