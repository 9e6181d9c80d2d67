import type { ResourceCapacity } from '../../../core/workloads/capacity';

/** What a part of a resource is for. */
export type Part = 'others' | 'opportunistic' | 'free' | 'reserve' | 'missing';

/** How much of a resource is what, in the unit of the resource. */
export interface Share {
  readonly part: Part;
  readonly amount: number;
}

/**
 * What a resource is used for, from left to right. The parts add up to what is allocatable; where pods want more than
 * that, `missing` is what is lacking. The reserve is what is left of it: others may use it.
 */
export function sharesOf(
  { allocatable, requested, opportunistic, remaining }: ResourceCapacity,
  reserve: number,
): readonly Share[] {
  const left = Math.max(0, remaining);
  const kept = Math.min(reserve, left);
  const missing = Math.max(0, -remaining);
  const others = requested - opportunistic;
  // What waits for room is not in it; opportunistic pods are the first to go.
  const shownOthers = Math.min(others, allocatable);
  return [
    { part: 'others', amount: shownOthers },
    { part: 'opportunistic', amount: Math.min(opportunistic, allocatable - shownOthers) },
    { part: 'free', amount: left - kept },
    { part: 'reserve', amount: kept },
    { part: 'missing', amount: missing },
  ];
}
