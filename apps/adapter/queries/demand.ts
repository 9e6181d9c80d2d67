import { LRUCache } from 'lru-cache';
import type { FusionScope } from '../../../core/adapter/fusion';

/** Requests that were not made for this long are not asked for any more: four periods of an autoscaler. */
const ALIVE_MS = 60_000;
/** Requests that are remembered, and their bytes together: of more, those that were made least recently are forgotten. */
const MOST = { max: 20_000, maxSize: 32 * 1024 * 1024 } as const;
/** What a request takes, and what each of its names does. */
const COST = { request: 200, name: 8 } as const;
/** Up to here a query names the objects; a longer alternation costs more than the objects that it spares. */
export const MOST_NAMES = 200;
/** Up to here a query names the namespaces. */
const MOST_NAMESPACES = 64;
const MOST_NAMESPACES_WHERE_ALL_IS_TOO_MUCH = 2000;
/** All objects are too many if there are more samples than this, and this many times those that are wanted. */
const WASTED = { samples: 10_000, times: 20 } as const;

/** Some objects of a namespace. */
interface Objects {
  readonly namespace: string | undefined;
  readonly names: readonly string[];
}

/** A request for them, made again and again. */
interface Asked extends Objects {
  readonly firstMs: number;
  lastMs: number;
}

/** Who asks for the objects of one fused query, and so what it has to be asked for. */
export class Demand {
  /** By the list of names itself: who keeps it up to date makes a new one whenever it changes. */
  private readonly asked = new LRUCache<readonly string[], Asked>({
    ...MOST,
    sizeCalculation: ({ names }) => Math.min(bytesOf(names), MOST.maxSize),
  });
  private allIsTooMuch = false;
  private sweptMs = 0;

  /** Notes a request. @returns when it was first made with this list of names */
  note(namespace: string | undefined, names: readonly string[], nowMs: number): number {
    const before = this.asked.get(names);
    if (before) {
      before.lastMs = nowMs;
      return before.firstMs;
    }
    this.asked.set(names, { namespace, names, firstMs: nowMs, lastMs: nowMs });
    return nowMs;
  }

  /** How many different requests there are. */
  size(nowMs: number, sweepEveryMs = ALIVE_MS / 4): number {
    this.sweep(nowMs, sweepEveryMs);
    return this.asked.size;
  }

  /** What one query for all of them has to hold, and for the request that causes it. */
  scope(request: Objects, nowMs: number): FusionScope {
    this.sweep(nowMs, 0);
    const namespaces = new Set<string>();
    const names = new Set<string>();
    for (const asked of [request, ...this.asked.values()]) {
      if (asked.namespace !== undefined) namespaces.add(asked.namespace);
      if (names.size <= MOST_NAMES) for (const name of asked.names) names.add(name);
    }
    const most = this.allIsTooMuch ? MOST_NAMESPACES_WHERE_ALL_IS_TOO_MUCH : MOST_NAMESPACES;
    return {
      ...(namespaces.size > 0 && namespaces.size <= most ? { namespaces: [...namespaces].sort() } : {}),
      ...(names.size <= MOST_NAMES ? { names: [...names].sort() } : {}),
    };
  }

  /** Learns from an answer whether it is worth while to ask for everything. */
  learn(scope: FusionScope, samples: number): void {
    if (scope.namespaces !== undefined || scope.names !== undefined) return;
    let wanted = 0;
    for (const { names } of this.asked.values()) wanted += names.length;
    this.allIsTooMuch = samples > WASTED.samples && samples > wanted * WASTED.times;
  }

  /**
   * Learns that a query was too slow, or its answer too long.
   * @returns whether the next one asks for less
   */
  learnTooMuch(scope: FusionScope): boolean {
    if (scope.namespaces !== undefined || scope.names !== undefined || this.allIsTooMuch) return false;
    this.allIsTooMuch = true;
    return true;
  }

  private sweep(nowMs: number, everyMs: number): void {
    // A clock that was set back would keep all for long.
    if (Math.abs(nowMs - this.sweptMs) < everyMs) return;
    this.sweptMs = nowMs;
    for (const [names, { lastMs }] of this.asked.entries()) {
      if (Math.abs(nowMs - lastMs) > ALIVE_MS) this.asked.delete(names);
    }
  }
}

/** Lists of several names come from the objects that are watched; a single name is a client's own, of any length. */
function bytesOf(names: readonly string[]): number {
  const own = names.length === 1 ? (names[0]?.length ?? 0) : 0;
  return COST.request + names.length * COST.name + own;
}
