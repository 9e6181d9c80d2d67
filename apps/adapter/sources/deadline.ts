import { setMaxListeners } from 'node:events';
import type { Clock } from './deps';
import { SourceError } from './outcome';

/** The time that one question has, in the queue and over all its tries; it also ends when its caller gives up. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly endMs: number;
  private readonly stopTimer: () => void;
  private readonly onCaller = () => this.end(new SourceError('cancelled', 'given up by its caller'));

  constructor(
    private readonly caller: AbortSignal,
    timeoutMs: number,
    private readonly clock: Clock,
  ) {
    this.endMs = clock.now() + timeoutMs;
    this.stopTimer = clock.after(timeoutMs, () =>
      this.end(new SourceError('timeout', `no answer within ${timeoutMs} ms`)),
    );
    if (caller.aborted) this.onCaller();
    else {
      // A program that stops has one signal for all that it does: many listeners are no leak.
      setMaxListeners(0, caller);
      caller.addEventListener('abort', this.onCaller, { once: true });
    }
  }

  /** Aborted with a SourceError when the time is over. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get remainingMs(): number {
    return Math.max(0, this.endMs - this.clock.now());
  }

  end(reason: SourceError): void {
    this.controller.abort(reason);
  }

  /** Forgets timer and caller. */
  release(): void {
    this.stopTimer();
    this.caller.removeEventListener('abort', this.onCaller);
  }

  /** @throws SourceError when the time is over */
  check(): void {
    this.signal.throwIfAborted();
  }

  /** The result of work that others wait for too, unless the time is over before. @throws SourceError */
  wait<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(asReason(this.signal));
      if (this.signal.aborted) stop();
      this.signal.addEventListener('abort', stop, { once: true });
      void work.then(resolve, reject).finally(() => this.signal.removeEventListener('abort', stop));
    });
  }

  /** @throws SourceError when the time is over before */
  async pause(ms: number): Promise<void> {
    let cancel = () => {};
    const passed = new Promise<void>((resolve) => {
      cancel = this.clock.after(ms, resolve);
    });
    await this.wait(passed).finally(() => cancel());
  }
}

/** Why a signal was aborted. */
export function asReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new SourceError('cancelled', String(reason));
}
