import { type Conditions } from './conditions';
import { type HpaConfig } from '../config/config';
import { type DefaultedBehavior, type DefaultedRules } from '../admission/defaults';
import { type Limited, type Normalization, type ReplicaBounds, setLimited, setStabilized } from './limits';
import { floatToInt32 } from './numbers';
import { type Stabilized, stabilizeWithWindows, type Windows } from './recommendations';
import { changeWithin, type ScaleEvent } from './scale-events';
import { type ScalingPolicy } from '../admission/spec';
import { type Nanoseconds, SECOND } from '../time';

/** The controller's own rescales. */
interface ScaleHistory {
  readonly scaleUpEvents: readonly ScaleEvent[];
  readonly scaleDownEvents: readonly ScaleEvent[];
}

/**
 * Turns a recommendation into the replica count to write, for an HPA with `behavior`
 * (`normalizeDesiredReplicasWithBehaviors`): first stabilization, then policies. Sets AbleToScale and ScalingLimited.
 */
export function normalizeWithBehavior(
  normalization: Normalization,
  behavior: DefaultedBehavior,
  history: ScaleHistory,
  conditions: Conditions,
): Stabilized {
  const { current, desired, bounds, recommendations, now, config } = normalization;
  const stabilized = stabilizeWithWindows(
    recommendations,
    current,
    desired,
    now,
    windowsOf(behavior, config),
  );
  const reason = desired >= current ? 'ScaleUpStabilized' : 'ScaleDownStabilized';
  setStabilized(conditions, stabilized.replicas !== desired, reason);
  const limited = limitByPolicies(current, stabilized.replicas, bounds, behavior, history, now);
  setLimited(conditions, limited, stabilized.replicas);
  return { replicas: limited.replicas, recommendations: stabilized.recommendations };
}

function windowsOf({ scaleUp, scaleDown }: DefaultedBehavior, config: HpaConfig): Windows {
  const downSeconds =
    scaleDown.stabilizationWindowSeconds ?? Math.trunc(config.downscaleStabilization / SECOND);
  return { up: scaleUp.stabilizationWindowSeconds * SECOND, down: downSeconds * SECOND };
}

/** `convertDesiredReplicasWithBehaviorRate`. */
export function limitByPolicies(
  current: number,
  desired: number,
  { min, max }: ReplicaBounds,
  { scaleUp, scaleDown }: DefaultedBehavior,
  history: ScaleHistory,
  now: Nanoseconds,
): Limited {
  if (desired > current) {
    const rateLimit = Math.max(scaleUpLimit(current, scaleUp, history, now), current);
    const highest = Math.min(max, rateLimit);
    if (desired > highest) {
      return { replicas: highest, reason: max > rateLimit ? 'ScaleUpLimit' : 'TooManyReplicas' };
    }
  } else if (desired < current) {
    const rateLimit = Math.min(scaleDownLimit(current, scaleDown, history, now), current);
    const lowest = Math.max(min, rateLimit);
    if (desired < lowest) {
      return { replicas: lowest, reason: min < rateLimit ? 'ScaleDownLimit' : 'TooFewReplicas' };
    }
  }
  return { replicas: desired, reason: 'DesiredWithinRange' };
}

/** The highest count that the policies allow (`calculateScaleUpLimitWithScalingRules`). */
export function scaleUpLimit(
  current: number,
  rules: DefaultedRules,
  history: ScaleHistory,
  now: Nanoseconds,
): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const limits = rules.policies.map((policy) => {
    const start = periodStart(current, policy, history, now);
    // Rounded up, so that a small percentage of few replicas still adds one.
    return policy.type === 'Pods'
      ? (start + policy.value) | 0
      : floatToInt32(Math.ceil(start * (1 + policy.value / 100)));
  });
  return rules.selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

/** The lowest count that the policies allow (`calculateScaleDownLimitWithBehaviors`). */
export function scaleDownLimit(
  current: number,
  rules: DefaultedRules,
  history: ScaleHistory,
  now: Nanoseconds,
): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const limits = rules.policies.map((policy) => {
    const start = periodStart(current, policy, history, now);
    return policy.type === 'Pods'
      ? (start - policy.value) | 0
      : floatToInt32(start * (1 - policy.value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}

/** The count at the start of a policy's period, as far as the controller's own rescales explain it. */
function periodStart(
  current: number,
  { periodSeconds }: ScalingPolicy,
  history: ScaleHistory,
  now: Nanoseconds,
): number {
  const added = changeWithin(history.scaleUpEvents, periodSeconds, now);
  const removed = changeWithin(history.scaleDownEvents, periodSeconds, now);
  return (current - added + removed) | 0;
}
