import { LRUCache } from 'lru-cache';
import { route, type Routed } from '../../../core/adapter/api';

const MOST = 10_000;
/** Longer targets than autoscalers send are not worth their memory. */
const LONGEST = 1024;

/** {@link route}, which keeps what it made of the requests that autoscalers make again and again. */
export class RememberedRoutes {
  private readonly kept = new LRUCache<string, Routed>({ max: MOST });

  route(method: string, target: string): Routed {
    if (method !== 'GET' || target.length > LONGEST) return route(method, target);
    const known = this.kept.get(target);
    if (known) return known;
    const routed = route(method, target);
    if (routed.kind === 'custom' || routed.kind === 'external') this.kept.set(target, routed);
    return routed;
  }
}
