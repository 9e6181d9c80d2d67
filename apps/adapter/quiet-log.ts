import { LRUCache } from 'lru-cache';
import type { LogFields, Logger } from '../runtime';

/** A problem that goes on is told again after this. */
const AGAIN_MS = 300_000;
/** Problems that are remembered, and their names together: a client may choose a long one. */
const MOST = { max: 1000, maxSize: 1024 * 1024 } as const;

/** Warns of a problem when it begins, and now and then while it goes on: not with each of a thousand requests. */
export class QuietLog {
  private readonly told = new LRUCache<string, number>({
    ...MOST,
    sizeCalculation: (_, problem) => Math.min(problem.length + 1, MOST.maxSize),
  });

  constructor(
    private readonly logger: Logger,
    private readonly now: () => number,
  ) {}

  /** @param problem what makes two occurrences the same */
  warn(problem: string, message: string, fields: LogFields): void {
    const before = this.told.get(problem);
    // A clock that was set back would keep it quiet for long.
    if (before !== undefined && Math.abs(this.now() - before) < AGAIN_MS) {
      this.logger.debug(message, fields);
      return;
    }
    this.told.set(problem, this.now());
    this.logger.warn(message, fields);
  }
}
