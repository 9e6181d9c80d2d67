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

/** A request that waits. */
interface Waiting {
  readonly go: () => void;
}

/**
 * A limit on requests a second, as client-go has it (`flowcontrol.NewTokenBucketRateLimiter`): so many at once, then
 * as many as flow in. Requests wait in the order in which they came; one that is given up leaves its place to the next.
 */
export class RequestRate {
  private readonly waiting = new Set<Waiting>();
  private readonly burst: number;
  private tokens: number;
  private filledMs: number;
  private idle = new AbortController();

  /**
   * @param qps requests a second, more than zero
   * @param burst requests at once, at least one
   */
  constructor(
    private readonly qps: number,
    burst: number,
    private readonly clock = REAL,
  ) {
    this.burst = Math.max(burst, 1);
    this.tokens = this.burst;
    this.filledMs = clock.now();
  }

  /**
   * Resolves when the next request may go.
   * @param withinMs how long it has: if its turn comes later, that is known at once
   * @throws the abort, or an error if the turn would come too late
   */
  async wait(signal: AbortSignal, withinMs: number): Promise<void> {
    signal.throwIfAborted();
    this.fill();
    if (this.waiting.size === 0 && this.tokens >= 1) {
      this.tokens -= 1;
      return;
    }
    const waitMs = this.untilTokens(this.waiting.size + 1);
    if (waitMs > withinMs) {
      const what = `${this.qps} requests a second to the Kubernetes API are too few for what is asked`;
      throw new Error(
        `${what}: the turn of this one comes in ${Math.ceil(waitMs)} ms, and it has ${Math.round(withinMs)} ms; ` +
          'raise --client-qps if it is the limit of that flag',
      );
    }
    await this.turn(signal);
  }

  private async turn(signal: AbortSignal): Promise<void> {
    const came = await new Promise<boolean>((resolve) => {
      const leave = () => {
        this.waiting.delete(waiting);
        if (this.waiting.size === 0) this.idle.abort();
        resolve(false);
      };
      const waiting = {
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve(true);
        },
      };
      this.waiting.add(waiting);
      signal.addEventListener('abort', leave, { once: true });
      if (this.waiting.size === 1) void this.giveTurns();
    });
    if (!came) signal.throwIfAborted();
  }

  /** Until nobody waits. */
  private async giveTurns(): Promise<void> {
    const idle = new AbortController();
    this.idle = idle;
    while (!idle.signal.aborted) {
      // The clock may wake up a little early.
      await this.clock.sleep(Math.max(1, this.untilTokens(1)), idle.signal).catch(() => undefined);
      if (idle.signal.aborted) return;
      this.fill();
      for (const next of this.waiting) {
        if (this.tokens < 1) break;
        this.tokens -= 1;
        this.waiting.delete(next);
        next.go();
      }
      if (this.waiting.size === 0) idle.abort();
    }
  }

  private fill(): void {
    const nowMs = this.clock.now();
    const flown = ((nowMs - this.filledMs) / 1000) * this.qps;
    this.tokens = Math.min(this.tokens + flown, this.burst);
    this.filledMs = nowMs;
  }

  private untilTokens(count: number): number {
    return ((count - this.tokens) / this.qps) * 1000;
  }
}
