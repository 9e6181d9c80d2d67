import { LRUCache } from 'lru-cache';

/** How many failures of one client are too many. */
export interface FailureLimits {
  readonly failures: number;
  readonly windowMs: number;
}

interface Window {
  readonly startedMs: number;
  failures: number;
}

/** As many clients as are remembered; of more, those that failed least recently are forgotten. */
const CLIENTS = 4096;

/** Counts what clients that nobody knows were refused, so that they do not make the adapter ask for them for ever. */
export class FailureLimiter {
  private readonly windows = new LRUCache<string, Window>({ max: CLIENTS });

  constructor(
    private readonly limits: FailureLimits,
    private readonly now: () => number,
  ) {}

  /** One more refusal of a client. */
  count(client: string): void {
    const window = this.windows.get(client);
    if (window && this.isOpen(window)) window.failures += 1;
    else this.windows.set(client, { startedMs: this.now(), failures: 1 });
  }

  /** For how long a client is not listened to, in milliseconds; 0 if it is. */
  pauseMs(client: string): number {
    const window = this.windows.get(client);
    if (!window || window.failures <= this.limits.failures || !this.isOpen(window)) return 0;
    return window.startedMs + this.limits.windowMs - this.now();
  }

  private isOpen({ startedMs }: Window): boolean {
    const age = this.now() - startedMs;
    return age >= 0 && age < this.limits.windowMs;
  }
}
