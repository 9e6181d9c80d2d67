import { type Conditions } from './conditions';
import { type Limited, type Normalization, type ReplicaBounds, setLimited, setStabilized } from './limits';
import { floatToInt32 } from './numbers';
import { stabilizeLegacy, type Stabilized } from './recommendations';

/**
 * Turns a recommendation into the replica count to write, for an HPA without `behavior`
 * (`normalizeDesiredReplicas`). Sets AbleToScale and ScalingLimited.
 */
export function normalizeLegacy(normalization: Normalization, conditions: Conditions): Stabilized {
  const { current, desired, bounds, now, config } = normalization;
  const stabilized = stabilizeLegacy(
    normalization.recommendations,
    desired,
    now,
    config.downscaleStabilization,
  );
  setStabilized(conditions, stabilized.replicas !== desired, 'ScaleDownStabilized');
  const limited = limitLegacy(current, stabilized.replicas, bounds);
  setLimited(conditions, limited, stabilized.replicas);
  return { replicas: limited.replicas, recommendations: stabilized.recommendations };
}

/** At most twice the current count, or four (`convertDesiredReplicasWithRules`); downwards only the minimum. */
export function limitLegacy(current: number, desired: number, { min, max }: ReplicaBounds): Limited {
  const rateLimit = floatToInt32(Math.max(2 * current, 4));
  if (desired < min) return { replicas: min, reason: 'TooFewReplicas' };
  if (desired > Math.min(max, rateLimit)) {
    return max > rateLimit
      ? { replicas: rateLimit, reason: 'ScaleUpLimit' }
      : { replicas: max, reason: 'TooManyReplicas' };
  }
  return { replicas: desired, reason: 'DesiredWithinRange' };
}
