import { LRUCache } from 'lru-cache';
import { outcomeBytes } from './outcome-bytes';
import type { QueryRunner } from './query-runner';
import type { TimedOutcome, WantedQuery } from './wanted-query';

/** All results together; about 200,000 samples. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Kept {
  readonly result: TimedOutcome;
  readonly untilMs: number;
}

/** What became of a result that was asked for: it was known, on the way, or neither. */
export type CacheResult = 'hit' | 'coalesced' | 'miss';

/**
 * Runs each query once in its freshness window, whoever asks. A query that is on the way is waited for; a result that
 * is an error is not kept, so that the next request finds out whether the source is back.
 */
export class ResultCache {
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ result }, key) => key.length + outcomeBytes(result.outcome),
  });
  private readonly running = new Map<string, Promise<TimedOutcome>>();

  constructor(
    private readonly runner: QueryRunner,
    private readonly onResult: (result: CacheResult) => void,
  ) {}

  get(wanted: WantedQuery): TimedOutcome | Promise<TimedOutcome> {
    const key = `${wanted.source}\n${wanted.text}`;
    const known = this.kept.get(key)?.result;
    if (known && this.runner.isWithin(wanted.freshnessMs, known.atMs)) {
      this.onResult('hit');
      return known;
    }
    const running = this.running.get(key);
    this.onResult(running ? 'coalesced' : 'miss');
    return running ?? this.ask(key, wanted);
  }

  /** Forgets what is not fresh any more. */
  sweep(): void {
    const { now } = this.runner;
    for (const [key, { untilMs }] of this.kept.entries()) if (untilMs <= now) this.kept.delete(key);
  }

  /** Forgets everything: rules or sources are others now. */
  clear(): void {
    this.kept.clear();
    this.running.clear();
  }

  private ask(key: string, wanted: WantedQuery): Promise<TimedOutcome> {
    const asked = this.runner.run(wanted).then((result) => {
      // After a clear() somebody else may be asking.
      if (this.running.get(key) !== asked) return result;
      this.running.delete(key);
      if (!('error' in result.outcome)) this.keep(key, wanted, result);
      return result;
    });
    this.running.set(key, asked);
    return asked;
  }

  private keep(key: string, { freshnessMs }: WantedQuery, result: TimedOutcome): void {
    if (freshnessMs > 0) this.kept.set(key, { result, untilMs: result.atMs + freshnessMs });
  }
}
