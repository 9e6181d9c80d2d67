import type { ScaledObject } from './scaled-object';

/** What KEDA remembers of a ScaledObject between two looks at its triggers. */
export interface ActivationState {
  /** When it was last active; absent if it never was. Whole seconds, as the API keeps them. */
  readonly lastActiveMs?: number | undefined;
}

/** What the triggers say. */
export interface Activity {
  /** Whether any trigger is active. */
  readonly active: boolean;
  /** Whether any trigger failed. */
  readonly failed: boolean;
  /** Metrics of the active triggers. */
  readonly metrics: readonly string[];
}

/** What KEDA does after a look. */
export interface Activation {
  readonly state: ActivationState;
  /** New size of the scale target, if KEDA sets one. */
  readonly scaleTo?: number | undefined;
  /** Event about it. */
  readonly event?: { readonly reason: string; readonly message: string } | undefined;
}

/**
 * Decides between idle and active, which is all that KEDA scales itself; the rest it leaves to the autoscaler
 * (`RequestScale` of pkg/scaling/executor/scale_scaledobjects.go).
 * @param replicas `spec.replicas` of the scale target
 */
export function requestScale(
  scaledObject: ScaledObject,
  state: ActivationState,
  activity: Activity,
  replicas: number,
  nowMs: number,
): Activation {
  const { activationForced, minReplicas, idleReplicas } = scaledObject;
  if (activity.active || activationForced) {
    const belowLeast = idleReplicas !== undefined && replicas < minReplicas;
    if (belowLeast || replicas === 0) return activate(scaledObject, state, activity, replicas, nowMs);
    return { state: activity.failed ? state : { lastActiveMs: wholeSeconds(nowMs) } };
  }
  if (activity.failed) return { state };
  const aboveIdle = idleReplicas !== undefined && replicas > idleReplicas;
  if (aboveIdle || (replicas > 0 && minReplicas === 0))
    return deactivate(scaledObject, state, replicas, nowMs);
  if (idleReplicas === undefined && replicas < minReplicas) return { state, scaleTo: minReplicas };
  return { state };
}

function activate(
  scaledObject: ScaledObject,
  state: ActivationState,
  { metrics }: Activity,
  replicas: number,
  nowMs: number,
): Activation {
  if (scaledObject.scaleOutPaused) return { state };
  const scaleTo = Math.max(1, scaledObject.minReplicas);
  const cause = scaledObject.activationForced
    ? 'caused by forced activation annotation'
    : `triggered by ${metrics.join(';')}`;
  return {
    state: { lastActiveMs: wholeSeconds(nowMs) },
    scaleTo,
    event: {
      reason: 'KEDAScaleTargetActivated',
      message: `Scaled ${targetText(scaledObject)} from ${replicas} to ${scaleTo}, ${cause}`,
    },
  };
}

/** Waits for the cooldown since the last activity; a target that never was active waits for the initial one. */
function deactivate(
  scaledObject: ScaledObject,
  state: ActivationState,
  replicas: number,
  nowMs: number,
): Activation {
  const { scaleInPaused, initialCooldownMs, cooldownMs, idleReplicas, minReplicas } = scaledObject;
  const { lastActiveMs } = state;
  const coolMs = lastActiveMs === undefined ? initialCooldownMs : lastActiveMs + cooldownMs;
  if (scaleInPaused || coolMs >= nowMs) return { state };
  const scaleTo = idleReplicas ?? minReplicas;
  return {
    state,
    scaleTo,
    event: {
      reason: 'KEDAScaleTargetDeactivated',
      message: `Deactivated ${targetText(scaledObject)} from ${replicas} to ${scaleTo}`,
    },
  };
}

function targetText({ namespace, target }: ScaledObject): string {
  return `${target.apiVersion}.${target.kind} ${namespace}/${target.name}`;
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}
