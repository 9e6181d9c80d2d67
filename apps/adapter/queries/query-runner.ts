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
  /** Told of each query that was sent, and whether its source is still in use, which may have been replaced meanwhile. */
  readonly onQuery: (wanted: WantedQuery, outcome: QueryOutcome, isUsed: boolean) => void;
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
    const { source, stop, onQuery } = this.props;
    const asked = source(wanted.source);
    const outcome = await this.outcome(asked, wanted, atMs);
    onQuery(wanted, outcome, !stop.aborted && source(wanted.source) === asked);
    return { outcome, atMs };
  }

  /** Never rejects: many wait for the same answer, and all that come later would. */
  private async outcome(
    source: QuerySource | undefined,
    { source: name, text, rule }: WantedQuery,
    atMs: number,
  ): Promise<QueryOutcome> {
    const none: QueryOutcome = { error: `there is no source ${name}`, unavailable: true };
    try {
      return (await source?.query(text, atMs, this.props.stop, rule)) ?? none;
    } catch (error) {
      return { error: messageOf(error), unavailable: true };
    }
  }
}
