import { LRUCache } from 'lru-cache';
import { type FusableRequest, FusedResultsOf } from './fused-results';
import { QueryRunner, type QueryRunnerProps } from './query-runner';
import { type CacheResult, ResultCache } from './result-cache';
import type { TimedOutcome, WantedQuery } from './wanted-query';

/** Fused queries that are kept, and their results together; about 200,000 samples. */
const MOST_FUSED = { max: 2000, maxSize: 64 * 1024 * 1024 } as const;

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
  private readonly fused = new LRUCache<string, FusedResultsOf>({
    ...MOST_FUSED,
    // One that is larger than all may be together stays, alone: without it each request would ask on its own.
    sizeCalculation: ({ bytes }, key) => Math.min(key.length + bytes, MOST_FUSED.maxSize),
  });

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
      const made = new FusedResultsOf(this.runner, {
        onResult,
        onQuery: onFusedQuery,
        onBytes: () => {
          if (this.fused.peek(key) === made) this.fused.set(key, made);
        },
      });
      found = made;
      this.fused.set(key, made);
    }
    return found;
  }
}
