import { LRUCache } from 'lru-cache';
import { type FusableRequest, FusedResultsOf } from './fused-results';
import { QueryRunner, type QueryRunnerProps } from './query-runner';
import { type CacheResult, ResultCache } from './result-cache';
import type { TimedOutcome, WantedQuery } from './wanted-query';

/** Fused queries that are kept. */
const MOST_FUSED = 2000;

export interface QueriesProps extends QueryRunnerProps {
  readonly onResult: (result: CacheResult) => void;
  /** Told of each query that is asked for several requests. */
  readonly onFusedQuery: (wanted: WantedQuery) => void;
  /** Told of each request that such a query answered. */
  readonly onFusedRequest: (wanted: WantedQuery) => void;
}

/** The results of queries: from memory where they are fresh, from one query for many requests where that is the same. */
export class Queries {
  private readonly runner: QueryRunner;
  private readonly cache: ResultCache;
  private readonly fused = new LRUCache<string, FusedResultsOf>({ max: MOST_FUSED });

  constructor(private readonly props: QueriesProps) {
    this.runner = new QueryRunner(props);
    this.cache = new ResultCache(this.runner, props.onResult);
  }

  /** The result of a query that is asked on its own. */
  single(wanted: WantedQuery): TimedOutcome | Promise<TimedOutcome> {
    return this.cache.get(wanted);
  }

  /**
   * The result of a query that can be answered together with others.
   * @param alone asks for it on its own, where that is better or the only way
   */
  async fusable(request: FusableRequest, alone: () => Promise<TimedOutcome>): Promise<TimedOutcome> {
    const result = await this.fusedFor(request).get(request);
    if (!result) return alone();
    if (!('error' in result.outcome)) this.props.onFusedRequest(request.wanted);
    return result;
  }

  /** Forgets what nobody asks for any more. */
  sweep(): void {
    this.cache.sweep();
    for (const [key, results] of this.fused.entries()) if (results.idle) this.fused.delete(key);
  }

  /** Forgets all results: rules or sources are others now. */
  clear(): void {
    this.cache.clear();
    this.fused.clear();
  }

  private fusedFor({ wanted, fused }: FusableRequest): FusedResultsOf {
    const { onResult, onFusedQuery } = this.props;
    const key = `${wanted.source}\n${fused.key}`;
    let found = this.fused.get(key);
    if (!found) {
      found = new FusedResultsOf(this.runner, onResult, onFusedQuery);
      this.fused.set(key, found);
    }
    return found;
  }
}
