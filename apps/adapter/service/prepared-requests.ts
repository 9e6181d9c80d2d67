import { LRUCache } from 'lru-cache';
import {
  plan,
  unableToSend,
  type MetricRequest,
  type Plan,
  type Registry,
  type Status,
} from '../../../core/adapter';
import { proveFusion, type Fusion } from '../../../core/adapter/fusion';
import type { WantedQuery } from '../queries';
import { prepareQuery, type PreparedQuery } from './prepared-query';

/** All plans that are kept together; a query may name ten thousand objects. Some 20,000 plans are of the usual size. */
const MOST_BYTES = 32 * 1024 * 1024;
/** What a plan and a query of it take without their texts, in bytes, and how often a query's text is there: its tree has it too. */
const COST = { plan: 700, query: 900, texts: 2 } as const;

export interface PreparedRequest {
  readonly plan: Plan;
  readonly queries: readonly PreparedQuery[];
  /** The answer, where a query cannot be sent. */
  readonly refused?: Status | undefined;
}

/**
 * The plans of requests, which autoscalers make again and again. A plan is good as long as the registry and the list of
 * objects are the same ones.
 */
export class PreparedRequests {
  private readonly kept = new LRUCache<
    string,
    { readonly objects: unknown; readonly prepared: PreparedRequest }
  >({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ prepared }, target) => target.length + bytesOf(prepared),
  });
  private registry: Registry | undefined;

  /**
   * @param target of the request, which says everything about it but its objects
   * @param objects a list that is another one whenever it changes; undefined if the target names the object
   */
  get(
    registry: Registry,
    target: string,
    objects: readonly string[] | undefined,
    request: () => MetricRequest,
  ): PreparedRequest {
    // Plans would keep what the registry of before knew.
    if (registry !== this.registry) this.kept.clear();
    this.registry = registry;
    const known = this.kept.get(target);
    if (known && known.objects === objects) return known.prepared;
    const prepared = prepareRequest(registry, request());
    this.kept.set(target, { objects, prepared });
    return prepared;
  }
}

function bytesOf({ plan: planned, queries }: PreparedRequest): number {
  let bytes: number = COST.plan;
  for (const text of planned.queries) bytes += COST.query + text.length * COST.texts;
  for (const { parts } of queries) {
    // A single part is the query itself.
    if (parts.length > 1) for (const { text } of parts) bytes += text.length;
  }
  return bytes;
}

/** The plan of a request, and how its queries go. */
export function prepareRequest(registry: Registry, request: MetricRequest): PreparedRequest {
  const planned = plan(registry, request);
  if (planned.kind === 'refused') return { plan: planned, queries: [] };
  const queries = planned.queries.map((text) => prepared(planned, text));
  const tooLong = queries.find((query) => query.tooLong)?.tooLong;
  return { plan: planned, queries, ...(tooLong === undefined ? {} : { refused: unableToSend(tooLong) }) };
}

function prepared(planned: Exclude<Plan, { kind: 'refused' }>, text: string): PreparedQuery {
  const { source, rule, settings } = planned;
  const wanted: WantedQuery = { source, rule, text, freshnessMs: settings.freshnessMs };
  return prepareQuery(wanted, fusionOf(planned, text), {
    namespace: planned.kind === 'custom' ? planned.target.namespace : undefined,
    names: planned.kind === 'custom' ? planned.target.names : [],
  });
}

/** Which way a query of a rule goes, and why. */
export function fusionOf(planned: Exclude<Plan, { kind: 'refused' }>, text: string): Fusion {
  if (planned.kind === 'external') return { fusable: false, reason: 'an external metric has no objects' };
  if (planned.settings.fusion === 'off') return { fusable: false, reason: 'the rule says fusion: off' };
  return proveFusion(text, planned.target);
}
