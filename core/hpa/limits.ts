import { condition, type ConditionUpdate } from './conditions';
import { type HpaConfig } from './config';
import { type Recommendation } from './recommendations';

const LIMIT_MESSAGES = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
} as const;

const STABILIZED_MESSAGES = {
  ScaleUpStabilized:
    'recent recommendations were lower than current one, applying the lowest recent recommendation',
  ScaleDownStabilized:
    'recent recommendations were higher than current one, applying the highest recent recommendation',
} as const;

/** A replica count after the limits, and which of them decided. */
export interface Limited {
  readonly replicas: number;
  readonly reason: keyof typeof LIMIT_MESSAGES;
}

/** What the limits have to respect besides policies. */
export interface ReplicaBounds {
  readonly min: number;
  readonly max: number;
}

/** A recommendation that is to become the replica count to write. */
export interface Normalization {
  readonly current: number;
  readonly desired: number;
  readonly bounds: ReplicaBounds;
  /** Earlier recommendations. */
  readonly recommendations: readonly Recommendation[];
  readonly now: number;
  readonly config: HpaConfig;
}

/** The condition AbleToScale after stabilization, which changed the recommendation or not. */
export function stabilizedCondition(
  changed: boolean,
  reason: keyof typeof STABILIZED_MESSAGES,
): ConditionUpdate {
  return changed
    ? condition('AbleToScale', 'True', reason, STABILIZED_MESSAGES[reason])
    : condition('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
}

/** The condition ScalingLimited: true if a limit moved the stabilized recommendation. */
export function limitedCondition({ replicas, reason }: Limited, stabilized: number): ConditionUpdate {
  return condition(
    'ScalingLimited',
    replicas === stabilized ? 'False' : 'True',
    reason,
    LIMIT_MESSAGES[reason],
  );
}
