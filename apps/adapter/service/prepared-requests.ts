import { LRUCache } from 'lru-cache';
import { plan, type MetricRequest, type Plan, type Registry } from '../../../core/adapter';
import { proveFusion, splitQuery, type FusedQuery } from '../../../core/adapter/fusion';
import type { FusableRequest } from '../queries/fused-results';
import type { WantedQuery } from '../queries';

/** Requests whose plans are kept, and the length of their texts together: a query may name ten thousand objects. */
const MOST = { requests: 20_000, characters: 32 * 1024 * 1024 } as const;
/** Proxies in front of a source refuse bodies that are much longer. */
const LONGEST_QUERY = 64 * 1024;

/** A query of a plan: on its own, or perhaps together with those of other requests. */
export interface PreparedQuery {
  /** One, or several that together ask for what would be too long for one. */
  readonly parts: readonly WantedQuery[];
  readonly fusable?: FusableRequest | undefined;
}

export interface PreparedRequest {
  readonly plan: Plan;
  readonly queries: readonly PreparedQuery[];
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
    max: MOST.requests,
    maxSize: MOST.characters,
    sizeCalculation: ({ prepared }, target) => target.length + lengthOf(prepared) + 1,
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
    const prepared = prepare(registry, request());
    this.kept.set(target, { objects, prepared });
    return prepared;
  }
}

function lengthOf({ queries }: PreparedRequest): number {
  const texts = queries.flatMap(({ parts }) => parts.map(({ text }) => text.length));
  return texts.reduce((sum, length) => sum + length, 0);
}

function prepare(registry: Registry, request: MetricRequest): PreparedRequest {
  const planned = plan(registry, request);
  if (planned.kind === 'refused') return { plan: planned, queries: [] };
  return { plan: planned, queries: planned.queries.map((text) => prepareQuery(planned, text)) };
}

function prepareQuery(planned: Exclude<Plan, { kind: 'refused' }>, text: string): PreparedQuery {
  const { source, rule, settings } = planned;
  const wanted: WantedQuery = { source, rule, text, freshnessMs: settings.freshnessMs };
  if (planned.kind === 'external' || settings.fusion === 'off') return { parts: [wanted] };
  const { target } = planned;
  const fusion = proveFusion(text, target);
  if (!fusion.fusable) return { parts: [wanted] };
  const { namespace, names } = target;
  return {
    parts: parts(wanted, fusion, namespace, names),
    fusable: { wanted, fused: fusion, namespace, names },
  };
}

function parts(
  wanted: WantedQuery,
  fused: FusedQuery,
  namespace: string | undefined,
  names: readonly string[],
): readonly WantedQuery[] {
  if (wanted.text.length <= LONGEST_QUERY) return [wanted];
  return splitQuery(fused, namespace, names, LONGEST_QUERY).map((text) => ({ ...wanted, text }));
}
