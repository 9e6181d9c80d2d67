import type { QueryOutcome } from '../core/adapter';

/** A result, and the moment it was evaluated for. */
export interface TimedOutcome {
  readonly outcome: QueryOutcome;
  readonly atMs: number;
}

/** Results that are kept before those that are too old are looked for. */
const SWEEP_FROM = 1000;

/**
 * Results of queries while they are fresh, as Plimsoll's adapter keeps them: a query is asked again once its window is
 * over, or at once if its last result was an error.
 */
export class ResultCache {
  private readonly kept = new Map<string, TimedOutcome & { readonly untilMs: number }>();
  private sweepAt = SWEEP_FROM;

  /** @param ask evaluates the query now */
  get(key: string, freshnessMs: number, nowMs: number, ask: () => QueryOutcome): TimedOutcome {
    const known = this.kept.get(key);
    if (known && nowMs - known.atMs < freshnessMs) return known;
    const result = { outcome: ask(), atMs: nowMs };
    if ('error' in result.outcome || freshnessMs <= 0) this.kept.delete(key);
    else this.kept.set(key, { ...result, untilMs: nowMs + freshnessMs });
    if (this.kept.size > this.sweepAt) this.sweep(nowMs);
    return result;
  }

  private sweep(nowMs: number): void {
    for (const [key, { untilMs }] of this.kept) if (untilMs <= nowMs) this.kept.delete(key);
    this.sweepAt = Math.max(SWEEP_FROM, 2 * this.kept.size);
  }
}
