import { LRUCache } from 'lru-cache';
import { route, type Routed } from '../../../core/adapter/api';

/** All routes that are kept together: some 10,000 of the usual length. */
const MOST_BYTES = 6 * 1024 * 1024;
/** What a route takes without its texts, and how often each of them is there: as it came, and what was read from it. */
const COST = { route: 400, texts: 4 } as const;
/** Longer targets than autoscalers send are not worth their memory. */
const LONGEST = 1024;

/** {@link route}, which keeps what it made of the requests that autoscalers make again and again. */
export class RememberedRoutes {
  private readonly kept = new LRUCache<string, Routed>({
    maxSize: MOST_BYTES,
    sizeCalculation: (_, target) => COST.route + target.length * COST.texts,
  });

  route(method: string, target: string): Routed {
    if (method !== 'GET' || target.length > LONGEST) return route(method, target);
    const known = this.kept.get(target);
    if (known) return known;
    const routed = route(method, target);
    if (routed.kind === 'custom' || routed.kind === 'external') this.kept.set(target, routed);
    return routed;
  }
}
