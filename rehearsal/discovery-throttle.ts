/** `discovery/manager.go`: how long its sender waits between two looks, at first and at most, and how that grows. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
const GROWTH = 1.5;
/** `scrape/manager.go`: its reloader is allowed one reload for each of these, and keeps at most two for later. */
const RELOAD_INTERVAL_MS = 5000;
const MOST_RELOADS = 2;

/**
 * When a Prometheus scrapes by a change that its service discovery has noticed, as Prometheus 3.14 does it. After a
 * quiet while that is almost at once. Where changes follow each other, the sender looks less and less often, up to every
 * five seconds, and the scrape manager reloads every five seconds. The sender's waits are the middle of what it draws.
 */
export class DiscoveryThrottle {
  private lookedMs: number;
  private waitMs = FIRST_WAIT_MS;
  private sentMs: number;
  /** Reloads that are allowed now, and when the last one was added. */
  private reloads = 0;
  private tickedMs: number;

  /** @param startedMs when the server was started */
  constructor(startedMs: number) {
    this.lookedMs = startedMs;
    this.sentMs = startedMs - LONGEST_WAIT_MS;
    this.tickedMs = startedMs;
  }

  /**
   * Of a change now, when it is scraped by. What else happens until then is part of the same reload, so that this is to be
   * called again only then.
   */
  reloadAfter(nowMs: number): number {
    return this.reloadAt(this.sendAt(nowMs));
  }

  private sendAt(nowMs: number): number {
    while (this.lookedMs + this.waitMs < nowMs) this.look();
    this.lookedMs += this.waitMs;
    this.sentMs = this.lookedMs;
    this.grow();
    return this.sentMs;
  }

  /** In vain. */
  private look(): void {
    this.lookedMs += this.waitMs;
    this.grow();
    if (this.lookedMs - this.sentMs > LONGEST_WAIT_MS) this.waitMs = FIRST_WAIT_MS;
  }

  private grow(): void {
    this.waitMs = Math.min(this.waitMs * GROWTH, LONGEST_WAIT_MS);
  }

  private reloadAt(sentMs: number): number {
    const ticks = Math.max(0, Math.floor((sentMs - this.tickedMs) / RELOAD_INTERVAL_MS));
    this.tickedMs += ticks * RELOAD_INTERVAL_MS;
    this.reloads = Math.min(this.reloads + ticks, MOST_RELOADS);
    if (this.reloads > 0) {
      this.reloads -= 1;
      return sentMs;
    }
    this.tickedMs += RELOAD_INTERVAL_MS;
    return this.tickedMs;
  }
}
