/**
 * When the adapter lists series, beyond upstream's interval. Whoever runs it brings time and chance along; with a chance
 * of 0.5 each wait is the usual one.
 */

/** Before listings that a source did not answer are tried again; it doubles up to the longest, or the interval. */
const RETRY_MS = { first: 1000, most: 30_000 } as const;
/** Between two listings for metrics that are not known; it doubles as long as they find nothing. */
const FIRST_PAUSE_MS = 5000;
/** A listing that takes long is followed by a pause of this many times that. */
const PAUSES = 20;

/**
 * From one listing of everything to the next, in milliseconds: a tenth more or less by chance, so that several replicas
 * do not list at the same moment.
 * @param intervalMs `--metrics-relist-interval`
 * @param chance from 0 to 1
 */
export function relistPauseMs(intervalMs: number, chance: number): number {
  return intervalMs * (0.9 + chance / 5);
}

/**
 * Before what a source did not answer is asked again, in milliseconds.
 * @param failures in a row, at least one
 * @param chance from 0 to 1
 */
export function retryPauseMs(failures: number, chance: number): number {
  return Math.min(RETRY_MS.first * 2 ** (failures - 1), RETRY_MS.most) * (0.5 + chance);
}

/**
 * How often series are listed because somebody asked for a metric that nobody knows: it may have come since the last
 * listing. Those who ask in vain cause few listings.
 */
export class LookPace {
  private pauseMs = FIRST_PAUSE_MS;
  private lookedMs = Number.NEGATIVE_INFINITY;
  private notBeforeMs = Number.NEGATIVE_INFINITY;

  /** @param intervalMs the longest pause: after it series are listed anyway */
  constructor(private readonly intervalMs: number) {}

  /** Whether it is time to look. */
  isDue(nowMs: number): boolean {
    // Before the last look: the clock was set back.
    return nowMs >= this.notBeforeMs || nowMs < this.lookedMs;
  }

  /** Notes what looking came to. */
  looked({ beganMs, endMs, found }: { beganMs: number; endMs: number; found: boolean }): void {
    if (found) this.pauseMs = FIRST_PAUSE_MS;
    this.lookedMs = endMs;
    this.notBeforeMs = endMs + Math.max(this.pauseMs, (endMs - beganMs) * PAUSES);
    if (!found) this.pauseMs = Math.min(this.pauseMs * 2, this.intervalMs);
  }
}
