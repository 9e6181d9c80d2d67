import type { QueryOutcome } from '../../../core/adapter';

/** One instant query that a request needs, and how its result may be shared. */
export interface WantedQuery {
  /** Name of the source; `''` is the one of the flags. */
  readonly source: string;
  readonly text: string;
  /** For metrics: `rules[0]`. */
  readonly rule: string;
  /** How long a result may be used again. */
  readonly freshnessMs: number;
}

/** A result, and the moment it was evaluated for. */
export interface TimedOutcome {
  readonly outcome: QueryOutcome;
  readonly atMs: number;
}
