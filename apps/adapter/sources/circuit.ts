import type { Clock } from './deps';
import { SourceError } from './outcome';

/** When a source is left alone, in milliseconds. */
const REST = {
  /** Questions in a row that the source failed, before it is. */
  failures: 5,
  /** The first time and the longest; it doubles with each probe that fails, and half of it is left to chance. */
  firstMs: 1_000,
  mostMs: 15_000,
  /** Longest that a source is believed in Retry-After. */
  askedMs: 60_000,
} as const;

/** Somebody who may ask. */
export interface Admission {
  readonly probe: boolean;
}

/**
 * Keeps questions from piling up before a source that is down. After five failures in a row it is not asked for 0.5 to 1
 * second; then one question is let through. If that fails too, the rest is twice as long, up to 15 seconds; else all
 * are let through again. Apart from that a source that asks to be left alone (Retry-After) is, for at most a minute.
 * Only a source that does not answer, or not as Prometheus would, fails; one that refuses a query lives.
 */
export class Circuit {
  private failures = 0;
  private rests = 0;
  private restUntilMs = 0;
  private askedUntilMs = 0;
  private probing = false;
  private lastError = '';

  constructor(private readonly clock: Clock) {}

  /** Why a source is not asked now; undefined if it is. */
  get refusal(): SourceError | undefined {
    const askedMs = this.untilMs(this.askedUntilMs, REST.askedMs);
    if (askedMs > 0) return this.refused('asked to be left alone', askedMs);
    if (this.failures < REST.failures) return undefined;
    const restMs = this.untilMs(this.restUntilMs, REST.mostMs);
    if (restMs > 0) return this.refused(`failed ${this.failures} times`, restMs);
    return this.probing ? this.refused(`failed ${this.failures} times`, REST.firstMs) : undefined;
  }

  /** @throws SourceError if the source is left alone */
  enter(): Admission {
    const { refusal } = this;
    if (refusal) throw refusal;
    const probe = this.failures >= REST.failures;
    this.probing ||= probe;
    return { probe };
  }

  succeeded({ probe }: Admission): void {
    if (probe) this.probing = false;
    this.failures = 0;
    this.rests = 0;
  }

  failed({ probe }: Admission, { message }: SourceError): void {
    if (probe) this.probing = false;
    this.lastError = message;
    this.failures += 1;
    const now = this.clock.now();
    // Those that were on their way when the rest began do not make it longer.
    if (probe || this.failures === REST.failures) {
      const longest = Math.min(REST.firstMs * 2 ** this.rests, REST.mostMs);
      this.rests += 1;
      this.restUntilMs = now + longest * (0.5 + this.clock.random() / 2);
    }
  }

  /** The source asked for it. */
  leaveAlone({ message, retryAfterMs = 0 }: SourceError): void {
    this.lastError = message;
    this.askedUntilMs = this.clock.now() + Math.min(retryAfterMs, REST.askedMs);
  }

  /** Neither: nobody waited for the answer. */
  abandoned({ probe }: Admission): void {
    if (probe) this.probing = false;
  }

  /** How long it is until then; 0 for more than it can be, as it is after the clock was set back. */
  private untilMs(endMs: number, mostMs: number): number {
    const ms = endMs - this.clock.now();
    return ms > mostMs ? 0 : ms;
  }

  private refused(why: string, ms: number): SourceError {
    const wait = Math.ceil(ms);
    return new SourceError(
      'busy',
      `not asked for another ${wait} ms, since it ${why}; last: ${this.lastError}`,
      wait,
    );
  }
}
