import { type DefaultedRules } from '../admission/defaults';
import { storeInSlot } from './slots';
import { type Nanoseconds, SECOND } from '../time';

/** A rescale of the controller's own; other changes of the scale are never recorded. */
export interface ScaleEvent {
  /** How many replicas were added or removed, never negative. */
  readonly change: number;
  readonly at: Nanoseconds;
  /** May be overwritten. It still counts for as long as its time lies within a period. */
  readonly outdated: boolean;
}

/** Replicas changed in the last `periodSeconds`; an event exactly that old no longer counts. */
export function changeWithin(events: readonly ScaleEvent[], periodSeconds: number, now: Nanoseconds): number {
  const period = periodSeconds * SECOND;
  let total = 0;
  for (const { at, change } of events) if (now - at < period) total = (total + change) | 0;
  return total;
}

/**
 * Adds an event to the list of its direction (`storeScaleEvent`). Entries older than the longest period of that
 * direction become outdated, and the last outdated one is overwritten; so the other direction's longer periods may
 * find an event gone.
 */
export function storeScaleEvent(
  events: readonly ScaleEvent[],
  change: number,
  rules: DefaultedRules,
  now: Nanoseconds,
): readonly ScaleEvent[] {
  const longestSeconds = Math.max(0, ...rules.policies.map((policy) => policy.periodSeconds));
  const longest = longestSeconds * SECOND;
  const marked = events.map((event) => (now - event.at > longest ? { ...event, outdated: true } : event));
  return storeInSlot(marked, (event) => event.outdated, { change, at: now, outdated: false });
}
