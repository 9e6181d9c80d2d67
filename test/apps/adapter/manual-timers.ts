import type { Timers } from '../../../apps/adapter/timers';

interface Alarm {
  readonly atMs: number;
  readonly call: () => void;
}

/** A clock that goes when it is told to. */
export class ManualTimers implements Timers {
  private readonly alarms = new Set<Alarm>();
  private readonly waiting = new Set<() => void>();
  /** By which the time of day is behind that of the alarms. */
  private behindMs = 0;

  constructor(private nowMs = Date.UTC(2030, 0, 1)) {}

  now(): number {
    return this.nowMs - this.behindMs;
  }

  /** Sets the time of day back; alarms go off as if nothing had happened. */
  setBack(ms: number): void {
    this.behindMs += ms;
  }

  after(ms: number, call: () => void): () => void {
    const alarm = { atMs: this.nowMs + ms, call };
    this.alarms.add(alarm);
    this.poke();
    return () => this.alarms.delete(alarm);
  }

  /** Milliseconds until each alarm, the next first. */
  get pending(): readonly number[] {
    return [...this.alarms].map(({ atMs }) => atMs - this.nowMs).sort((a, b) => a - b);
  }

  /** Lets time pass, and alarms go off in their order. */
  advance(ms: number): void {
    const until = this.nowMs + ms;
    for (;;) {
      const [next] = [...this.alarms].filter(({ atMs }) => atMs <= until).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.alarms.delete(next);
      this.nowMs = next.atMs;
      next.call();
    }
    this.nowMs = until;
  }

  /** Resolves when a condition holds, which is looked at whenever an alarm is set, or when {@link poke} says so. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
      });
    }
  }

  poke(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
