/** The conditions that the controller sets. */
type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited' | 'ScaledToZero';

/** `autoscaling/v2` HorizontalPodAutoscalerCondition. */
export interface HpaCondition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  /** When the status, not merely the reason, last changed. */
  readonly lastTransitionTime: number;
}

/** A condition that is about to be set. */
export type ConditionUpdate = Omit<HpaCondition, 'lastTransitionTime'>;

/** Builds the update of a condition. */
export function condition(
  type: ConditionType,
  status: HpaCondition['status'],
  reason: string,
  message: string,
): ConditionUpdate {
  return { type, status, reason, message };
}

/** The conditions of a status while one reconcile changes them; the original list stays as it is. */
export class Conditions {
  private list: HpaCondition[];

  constructor(
    original: readonly HpaCondition[],
    private readonly now: number,
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
  set({ type, status, reason, message }: ConditionUpdate): void {
    const index = this.list.findIndex((entry) => entry.type === type);
    const present = this.list[index];
    const lastTransitionTime = present?.status === status ? present.lastTransitionTime : this.now;
    const updated = { type, status, reason, message, lastTransitionTime };
    if (present) this.list[index] = updated;
    else this.list.push(updated);
  }

  remove(type: ConditionType): void {
    this.list = this.list.filter((entry) => entry.type !== type);
  }
}
