import { type Conditions } from './conditions';
import { type HpaConfig } from '../config/config';
import { type Recommendation } from './recommendations';
import { type Nanoseconds } from '../time';

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
  readonly now: Nanoseconds;
  readonly config: HpaConfig;
}

/** Sets AbleToScale after stabilization, which changed the recommendation or not. */
export function setStabilized(
  conditions: Conditions,
  changed: boolean,
  reason: keyof typeof STABILIZED_MESSAGES,
): void {
  if (changed) conditions.set('AbleToScale', 'True', reason, STABILIZED_MESSAGES[reason]);
  else conditions.set('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
}

/** Sets ScalingLimited: true if a limit moved the stabilized recommendation. */
export function setLimited(conditions: Conditions, { replicas, reason }: Limited, stabilized: number): void {
  const status = replicas === stabilized ? 'False' : 'True';
  conditions.set('ScalingLimited', status, reason, LIMIT_MESSAGES[reason]);
}
