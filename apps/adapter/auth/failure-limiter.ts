import { LRUCache } from 'lru-cache';

/** How many failures of one client are too many. */
export interface FailureLimits {
  readonly failures: number;
  readonly windowMs: number;
}

/** Failures of one client: of the window that runs, and of the one before it. */
interface Window {
  readonly startedMs: number;
  readonly before: number;
  readonly failures: number;
}

/** As many clients as are remembered; of more, those that failed least recently are forgotten. */
const CLIENTS = 4096;

/**
 * Counts what clients that nobody knows were refused, so that they do not make the adapter ask for them for ever. Windows
 * slide: of the failures of the one before as many count as its share of the last `windowMs`, as if they had been spread
 * evenly. So nobody gets twice the limit by failing at the end of one and at the beginning of the next.
 */
export class FailureLimiter {
  private readonly windows = new LRUCache<string, Window>({ max: CLIENTS });

  constructor(
    private readonly limits: FailureLimits,
    private readonly now: () => number,
  ) {}

  /**
   * One more refusal of a client. Counted before somebody else is asked, so that no more questions than failures are on
   * their way, and taken back with {@link takeBack} if it was none.
   */
  count(client: string): void {
    const window = this.window(client) ?? { startedMs: this.now(), before: 0, failures: 0 };
    this.windows.set(client, { ...window, failures: window.failures + 1 });
  }

  /** What was counted last was no refusal. */
  takeBack(client: string): void {
    const window = this.window(client);
    if (window && window.failures > 0) this.windows.set(client, { ...window, failures: window.failures - 1 });
  }

  /** For how long a client is not listened to, in milliseconds; 0 if it is. */
  pauseMs(client: string): number {
    const window = this.window(client);
    if (!window) return 0;
    const { failures: most, windowMs } = this.limits;
    const { startedMs, before, failures } = window;
    const age = this.now() - startedMs;
    if (before * (1 - age / windowMs) + failures <= most) return 0;
    // Until enough of the window before has slid out, or of this one after it.
    return failures <= most
      ? windowMs * (1 - (most - failures) / before) - age
      : windowMs * (2 - most / failures) - age;
  }

  /** The failures of a client as they count now; undefined if there are none, or the clock was set back. */
  private window(client: string): Window | undefined {
    const window = this.windows.get(client);
    if (!window) return undefined;
    const { windowMs } = this.limits;
    const { startedMs, failures } = window;
    const age = this.now() - startedMs;
    if (age < 0 || age >= 2 * windowMs) return undefined;
    return age < windowMs ? window : { startedMs: startedMs + windowMs, before: failures, failures: 0 };
  }
}
