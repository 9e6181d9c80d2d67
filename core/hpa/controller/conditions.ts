import { type Nanoseconds } from '../time';

/** The conditions that the controller sets. */
type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited' | 'ScaledToZero';

/** `autoscaling/v2` HorizontalPodAutoscalerCondition. */
export interface HpaCondition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  /** When the status, not merely the reason, last changed. */
  readonly lastTransitionTime: Nanoseconds;
}

/** The conditions of a status while one reconcile changes them; the original list stays as it is. */
export class Conditions {
  private list: HpaCondition[];

  constructor(
    original: readonly HpaCondition[],
    private readonly now: Nanoseconds,
  ) {
    this.list = [...original];
  }

  /** The present list, in the order in which the types were first set. */
  get all(): readonly HpaCondition[] {
    return this.list;
  }

  isTrue(type: ConditionType): boolean {
    return this.list.some((entry) => entry.type === type && entry.status === 'True');
  }

  /** Replaces the condition of that type in its place, or adds it at the end. */
  set(type: ConditionType, status: HpaCondition['status'], reason: string, message: string): void {
    const index = this.list.findIndex((entry) => entry.type === type);
    const present = this.list[index];
    if (!present) {
      this.list.push({ type, status, reason, message, lastTransitionTime: this.now });
    } else if (present.status !== status || present.reason !== reason || present.message !== message) {
      const lastTransitionTime = present.status === status ? present.lastTransitionTime : this.now;
      this.list[index] = { type, status, reason, message, lastTransitionTime };
    }
  }

  remove(type: ConditionType): void {
    this.list = this.list.filter((entry) => entry.type !== type);
  }
}
