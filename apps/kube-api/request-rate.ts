import { setTimeout as delay } from 'node:timers/promises';

/** Time as a token bucket sees it, in milliseconds. */
export interface RateClock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const REAL: RateClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

/**
 * A limit on requests a second, as client-go has it (`flowcontrol.NewTokenBucketRateLimiter`): so many at once, then
 * as many as flow in. Requests wait in the order in which they came.
 */
export class RequestRate {
  private tokens: number;
  private filledMs: number;

  /**
   * @param qps requests a second; zero or less is no limit
   * @param burst requests at once, at least one
   */
  constructor(
    private readonly qps: number,
    private readonly burst: number,
    private readonly clock = REAL,
  ) {
    this.tokens = Math.max(burst, 1);
    this.filledMs = clock.now();
  }

  /** Resolves when the next request may go. @throws the abort */
  async wait(signal: AbortSignal): Promise<void> {
    if (this.qps <= 0) return;
    const nowMs = this.clock.now();
    const flown = ((nowMs - this.filledMs) / 1000) * this.qps;
    this.tokens = Math.min(this.tokens + flown, Math.max(this.burst, 1)) - 1;
    this.filledMs = nowMs;
    if (this.tokens < 0) await this.clock.sleep((-this.tokens / this.qps) * 1000, signal);
  }
}
