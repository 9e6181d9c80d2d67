import type { QueryOutcome } from '../../../core/adapter';
import { messageOf } from '../../../core/errors';
import type { TimedOutcome, WantedQuery } from './wanted-query';

/** What queries need of a source. */
export interface QuerySource {
  query(text: string, atMs: number, signal: AbortSignal, subject: string): Promise<QueryOutcome>;
}

export interface QueryRunnerProps {
  /** The source of a name, if there is one. */
  readonly source: (name: string) => QuerySource | undefined;
  readonly now: () => number;
  /** Told of each query that was sent. */
  readonly onQuery: (wanted: WantedQuery, outcome: QueryOutcome) => void;
  /** Ends what is still asked when the adapter ends. */
  readonly stop: AbortSignal;
}

/** Sends queries to their sources, each time anew. */
export class QueryRunner {
  constructor(private readonly props: QueryRunnerProps) {}

  get now(): number {
    return this.props.now();
  }

  /** Whether a moment was less long ago; after the clock was set back nobody knows how long ago it was. */
  isWithin(ms: number, sinceMs: number): boolean {
    const ageMs = this.now - sinceMs;
    return ageMs >= 0 && ageMs < ms;
  }

  async run(wanted: WantedQuery): Promise<TimedOutcome> {
    const atMs = this.props.now();
    const outcome = await this.outcome(wanted, atMs);
    this.props.onQuery(wanted, outcome);
    return { outcome, atMs };
  }

  /** Never rejects: many wait for the same answer, and all that come later would. */
  private async outcome({ source: name, text, rule }: WantedQuery, atMs: number): Promise<QueryOutcome> {
    const { source, stop } = this.props;
    const none: QueryOutcome = { error: `there is no source ${name}`, unavailable: true };
    try {
      return (await source(name)?.query(text, atMs, stop, rule)) ?? none;
    } catch (error) {
      return { error: messageOf(error), unavailable: true };
    }
  }
}
