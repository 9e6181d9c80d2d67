import { z } from 'zod';
import { together, type Tally } from './collatz';

/** One piece of work: numbers `from` to `from + size − 1`. */
export interface Chunk {
  readonly from: number;
  readonly size: number;
}

const whole = z.number().int().nonnegative();

/** What is done: every number from `first` up to, but without, `next`. Also the form of a checkpoint. */
export const progressSchema = z.object({
  version: z.literal(1),
  first: whole,
  next: whole,
  chunks: whole,
  steps: whole,
  longest: z.object({ start: whole, steps: z.number().int() }),
});
export type Progress = z.output<typeof progressSchema>;

/** Nothing is done yet. */
export function beginning(first: number): Progress {
  return { version: 1, first, next: first, chunks: 0, steps: 0, longest: { start: first, steps: -1 } };
}

/**
 * Hands out chunks one after another and puts their results together. They may come back in any order; only what is
 * done without a gap is progress, so that a checkpoint never claims a number that nobody looked at.
 */
export class Plan {
  private handedOut: number;
  private readonly early = new Map<number, { readonly chunk: Chunk; readonly tally: Tally }>();

  constructor(
    private done: Progress,
    private readonly chunkSize: number,
  ) {
    this.handedOut = done.next;
  }

  get progress(): Progress {
    return this.done;
  }

  /** The next chunk that nobody has. */
  take(): Chunk {
    const chunk = { from: this.handedOut, size: this.chunkSize };
    this.handedOut += this.chunkSize;
    return chunk;
  }

  /** A chunk that was taken is done. */
  complete(chunk: Chunk, tally: Tally): void {
    this.early.set(chunk.from, { chunk, tally });
    for (let next = this.early.get(this.done.next); next; next = this.early.get(this.done.next)) {
      this.early.delete(next.chunk.from);
      this.done = {
        ...this.done,
        next: this.done.next + next.chunk.size,
        chunks: this.done.chunks + 1,
        ...together(this.done, next.tally),
      };
    }
  }
}
