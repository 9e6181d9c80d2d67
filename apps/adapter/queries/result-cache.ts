import { LRUCache } from 'lru-cache';
import type { QueryOutcome } from '../../../core/adapter';
import type { QueryRunner } from './query-runner';
import type { TimedOutcome, WantedQuery } from './wanted-query';

/** Samples that are kept of all results together; one takes a few hundred bytes, as does that much of a query's text. */
const MAX_SAMPLES = 400_000;
const TEXT_OF_A_SAMPLE = 256;

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
    maxSize: MAX_SAMPLES,
    sizeCalculation: ({ result }, key) =>
      1 + Math.floor(key.length / TEXT_OF_A_SAMPLE) + samplesOf(result.outcome),
  });
  private readonly running = new Map<string, Promise<TimedOutcome>>();

  constructor(
    private readonly runner: QueryRunner,
    private readonly onResult: (result: CacheResult) => void,
  ) {}

  get(wanted: WantedQuery): TimedOutcome | Promise<TimedOutcome> {
    const key = `${wanted.source}\n${wanted.text}`;
    const known = this.kept.get(key)?.result;
    if (known && this.runner.now - known.atMs < wanted.freshnessMs) {
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

function samplesOf(outcome: QueryOutcome): number {
  return 'error' in outcome || outcome.type !== 'vector' ? 0 : outcome.samples.length;
}
