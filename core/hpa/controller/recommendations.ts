import { storeInSlot } from './slots';
import { type Nanoseconds } from '../time';

/** A replica count that the metrics asked for, before any stabilization or limit. */
export interface Recommendation {
  readonly replicas: number;
  readonly at: Nanoseconds;
}

/** A stabilized recommendation, and the memory after it. */
export interface Stabilized {
  readonly replicas: number;
  readonly recommendations: readonly Recommendation[];
}

/**
 * Without `behavior` (`stabilizeRecommendation`): the highest recommendation of the window, its oldest moment
 * included. It may lie above the current count, and then it scales up.
 */
export function stabilizeLegacy(
  recommendations: readonly Recommendation[],
  desired: number,
  now: Nanoseconds,
  window: Nanoseconds,
): Stabilized {
  const isSpent = ({ at }: Recommendation): boolean => now - at > window;
  let replicas = desired;
  for (const past of recommendations) {
    if (!isSpent(past)) replicas = Math.max(replicas, past.replicas);
  }
  return { replicas, recommendations: storeInSlot(recommendations, isSpent, { replicas: desired, at: now }) };
}

/** The windows of both directions. */
export interface Windows {
  readonly up: Nanoseconds;
  readonly down: Nanoseconds;
}

/**
 * With `behavior` (`stabilizeRecommendationWithBehaviors`): the current count, moved no further than every
 * recommendation of the up window asks for upwards, and of the down window downwards. The oldest moment of a window
 * is not part of it.
 */
export function stabilizeWithWindows(
  recommendations: readonly Recommendation[],
  current: number,
  desired: number,
  now: Nanoseconds,
  { up, down }: Windows,
): Stabilized {
  let lowest = desired;
  let highest = desired;
  for (const { replicas, at } of recommendations) {
    const age = now - at;
    if (age < up) lowest = Math.min(lowest, replicas);
    if (age < down) highest = Math.max(highest, replicas);
  }
  const isSpent = ({ at }: Recommendation): boolean => now - at > up && now - at > down;
  return {
    replicas: Math.min(Math.max(current, lowest), highest),
    recommendations: storeInSlot(recommendations, isSpent, { replicas: desired, at: now }),
  };
}
