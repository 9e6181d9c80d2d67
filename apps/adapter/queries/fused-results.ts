import {
  fusedResults,
  type FusedQuery,
  type FusedResults,
  type FusionScope,
} from '../../../core/adapter/fusion';
import type { QuerySample } from '../../../core/adapter';
import { Demand, MOST_NAMES } from './demand';
import { outcomeBytes } from './outcome-bytes';
import type { QueryRunner } from './query-runner';
import type { CacheResult } from './result-cache';
import type { TimedOutcome, WantedQuery } from './wanted-query';

/**
 * Objects of which nothing is known are asked for again this often while they are new, and that long. Those that were
 * not known when the question was asked may have had a sample soon after.
 */
const NEW_OBJECTS = { everyMs: 2000, forMs: 60_000, firstMs: 500 } as const;
/** How long a fused query is not tried again after the source failed it; twice as long each time, up to the longest. */
const REFUSED = { firstMs: 60_000, mostMs: 3_600_000 } as const;

/** A request whose query can be answered together with others. */
export interface FusableRequest {
  /** Its own query. */
  readonly wanted: WantedQuery;
  readonly fused: FusedQuery;
  readonly namespace: string | undefined;
  /** Changes whenever its contents do, and only then. */
  readonly names: readonly string[];
}

/** Who is told what becomes of a fused query. */
interface FusedResultsProps {
  readonly onResult: (result: CacheResult) => void;
  readonly onQuery: (wanted: WantedQuery) => void;
  /** Told that {@link FusedResultsOf.bytes} is another number. */
  readonly onBytes: () => void;
}

/** The answer to one fused query. */
interface Known {
  readonly scope: Scope;
  readonly atMs: number;
  readonly results: FusedResults;
}

/** Answers the requests that one fused query can answer. */
export class FusedResultsOf {
  /** About how much memory the results take that are kept. */
  bytes = 0;
  private readonly demand = new Demand();
  private known: Known | undefined;
  private running: { readonly scope: Scope; readonly end: Promise<TimedOutcome> } | undefined;
  private refusals = 0;
  private refusedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly runner: QueryRunner,
    private readonly props: FusedResultsProps,
  ) {}

  /** Whether nobody asked lately. */
  get idle(): boolean {
    return this.demand.size(this.runner.now, 0) === 0;
  }

  /**
   * @returns what the request's own query would have given, or undefined if it has to be asked on its own: nobody else
   * asks, or the source refuses the query for all
   */
  get(request: FusableRequest): TimedOutcome | Promise<TimedOutcome | undefined> | undefined {
    const nowMs = this.runner.now;
    const firstMs = this.demand.note(request.namespace, request.names, nowMs);
    const alone = this.demand.size(nowMs) < 2 && request.names.length <= MOST_NAMES;
    if (alone || nowMs < this.refusedUntilMs) return undefined;
    const answered = this.known && this.from(this.known, request, firstMs, nowMs);
    if (answered) {
      this.props.onResult('hit');
      return answered;
    }
    return this.ask(request);
  }

  private from(
    known: Known,
    request: FusableRequest,
    firstMs: number,
    nowMs: number,
  ): TimedOutcome | undefined {
    const { fused, namespace, names, wanted } = request;
    const ageMs = nowMs - known.atMs;
    if (!this.runner.isWithin(wanted.freshnessMs, known.atMs) || !known.scope.holds(namespace, names))
      return undefined;
    const samples = fused.select(known.results, namespace, names);
    const isNew = this.runner.isWithin(NEW_OBJECTS.forMs, firstMs);
    if (isNew && objectsIn(samples, fused) < names.length) {
      // Objects that came after the question may have samples by now.
      if (ageMs >= (firstMs > known.atMs ? NEW_OBJECTS.firstMs : NEW_OBJECTS.everyMs)) return undefined;
    }
    return { outcome: { type: 'vector', samples }, atMs: known.atMs };
  }

  /** Waits for a query that holds the request's objects: the one on the way, or the next. */
  private async ask(request: FusableRequest): Promise<TimedOutcome | undefined> {
    const { namespace, names, fused } = request;
    let asked = this.running;
    this.props.onResult(asked ? 'coalesced' : 'miss');
    while (asked && !asked.scope.holds(namespace, names)) {
      await asked.end;
      asked = this.running;
    }
    asked ??= this.start(request);
    const { outcome, atMs } = await asked.end;
    if ('error' in outcome) return outcome.unavailable === true ? { outcome, atMs } : undefined;
    if (outcome.type !== 'vector' || !this.known) return undefined;
    return { outcome: { type: 'vector', samples: fused.select(this.known.results, namespace, names) }, atMs };
  }

  private start(request: FusableRequest): {
    readonly scope: Scope;
    readonly end: Promise<TimedOutcome>;
  } {
    const { wanted, fused } = request;
    const wide = this.demand.scope(request, this.runner.now);
    const query = { ...wanted, text: fused.query(wide) };
    const scope = new Scope(wide);
    this.props.onQuery(query);
    const end = this.runner.run(query).then((result) => {
      this.running = undefined;
      this.take(result, wide, scope, fused);
      return result;
    });
    this.running = { scope, end };
    return this.running;
  }

  private take({ outcome, atMs }: TimedOutcome, wide: FusionScope, scope: Scope, fused: FusedQuery): void {
    if ('error' in outcome) {
      const tooMuch = outcome.tooMuch === true;
      if (tooMuch ? !this.demand.learnTooMuch(wide) : outcome.unavailable !== true) this.refuse();
      return;
    }
    if (outcome.type !== 'vector') return;
    this.refusals = 0;
    this.demand.learn(wide, outcome.samples.length);
    this.known = { scope, atMs, results: fusedResults(outcome.samples, fused) };
    this.bytes = outcomeBytes(outcome);
    this.props.onBytes();
  }

  /** From now on each request asks on its own, for a while. */
  private refuse(): void {
    const restMs = Math.min(REFUSED.firstMs * 2 ** this.refusals, REFUSED.mostMs);
    this.refusals += 1;
    this.refusedUntilMs = this.runner.now + restMs;
  }
}

/** Which objects a query was asked for. */
class Scope {
  private readonly namespaces: ReadonlySet<string> | undefined;
  private readonly names: ReadonlySet<string> | undefined;
  /** Lists of names that were found to be in it. */
  private readonly found = new WeakSet<readonly string[]>();

  constructor({ namespaces, names }: FusionScope) {
    this.namespaces = namespaces && new Set(namespaces);
    this.names = names && new Set(names);
  }

  holds(namespace: string | undefined, names: readonly string[]): boolean {
    if (namespace !== undefined && this.namespaces && !this.namespaces.has(namespace)) return false;
    if (!this.names || this.found.has(names)) return true;
    for (const name of names) if (!this.names.has(name)) return false;
    this.found.add(names);
    return true;
  }
}

/** An object may have several samples, one for each of its containers. */
function objectsIn(samples: readonly QuerySample[], { objectLabel }: FusedQuery): number {
  return new Set(samples.map(({ labels }) => labels[objectLabel])).size;
}
