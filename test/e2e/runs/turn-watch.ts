import { existsSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 5000;
const NEWLINE = 10;

/** How many turns of a loop were over at a moment. Milliseconds. */
export interface TurnCount {
  readonly atMs: number;
  readonly turns: number;
}

/** How long a turn takes from a moment on. Milliseconds. */
export interface TurnTime {
  readonly atMs: number;
  readonly turnMs: number;
}

/** Counts the turns of a loop that writes a line in each of them, every few seconds. */
export class TurnWatch {
  private readonly counts: TurnCount[] = [];
  private readonly timer: NodeJS.Timeout;

  /**
   * @param files that the loop writes to, once they are there
   * @param elapsedMs the moment, on whatever axis
   */
  constructor(
    private readonly files: () => readonly string[],
    private readonly elapsedMs: () => number,
  ) {
    this.timer = setInterval(() => this.count(), SAMPLE_MS).unref();
  }

  /** Ends it. @returns how long turns took until then */
  stop(): readonly TurnTime[] {
    clearInterval(this.timer);
    return turnTimes(this.counts);
  }

  private count(): void {
    const turns = this.files()
      .filter((file) => existsSync(file))
      .reduce((sum, file) => sum + readFileSync(file).filter((byte) => byte === NEWLINE).length, 0);
    this.counts.push({ atMs: this.elapsedMs(), turns });
  }
}

/** Between each two counts; those are left out in which the loop began or ended. */
export function turnTimes(counts: readonly TurnCount[]): readonly TurnTime[] {
  return counts.flatMap(({ atMs, turns }, index) => {
    const [next, after] = counts.slice(index + 1, index + 3);
    if (!next || !after || turns === 0 || next.turns === turns || after.turns === next.turns) return [];
    return [{ atMs, turnMs: (next.atMs - atMs) / (next.turns - turns) }];
  });
}
