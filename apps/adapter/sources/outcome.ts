import type { QueryOutcome } from '../../../core/adapter/request';

/** Why there is no answer. */
export interface SourceFailure {
  /** What went wrong, for logs and explanations: no credentials, no user information of URLs, no control characters. */
  readonly error: string;
  /** The source is at fault, not the query: another try later may succeed. */
  readonly unavailable?: true;
  /** It took too long or was too long: a query for less may succeed. */
  readonly tooMuch?: true;
  /** It was not asked, because of what came of other questions. */
  readonly unasked?: true;
  /** How long the source wants to be left alone, or will not be asked. */
  readonly retryAfterMs?: number;
}

type Answered = Exclude<QueryOutcome, { readonly error: string }>;

/** What came of an instant query; warnings and infos of Prometheus go with an answer. */
export type SourceOutcome = Answered | SourceFailure;

/** Names of labels, or values of one. */
export type NamesOutcome =
  { readonly values: readonly string[]; readonly warnings?: readonly string[] } | SourceFailure;

/**
 * Who is to blame, which decides what follows:
 * - `connection`: no answer, or one that broke off. Tried again.
 * - `overload`: 429, 502, 503 or 504. Tried again.
 * - `timeout`: none within the time that a query has.
 * - `refused`: the source lives, but does not let us in, or is no Prometheus.
 * - `not-understood`: an answer that Prometheus' API does not give.
 * - `too-long`: an answer that is not read to its end.
 * - `busy`: not asked, because it failed too often just now.
 * - `late`: Prometheus says itself that it could not finish.
 * - `cancelled`: nobody waits for the answer any more.
 * - `query`: Prometheus says that the query is wrong.
 */
export type Fault =
  | 'connection'
  | 'overload'
  | 'timeout'
  | 'refused'
  | 'not-understood'
  | 'too-long'
  | 'busy'
  | 'late'
  | 'cancelled'
  | 'query';

const TOO_MUCH: ReadonlySet<Fault> = new Set(['timeout', 'late', 'too-long']);

/** A failure on its way to the caller. */
export class SourceError extends Error {
  override readonly name = 'SourceError';

  constructor(
    readonly fault: Fault,
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }

  /** @param what the source, as messages begin with it */
  failure(what: string): SourceFailure {
    return {
      error: `${what}: ${this.message}`,
      ...(this.fault === 'query' ? {} : { unavailable: true }),
      ...(TOO_MUCH.has(this.fault) ? { tooMuch: true } : {}),
      ...(this.fault === 'busy' ? { unasked: true } : {}),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }
}
