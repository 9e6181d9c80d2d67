import { parseGoDuration } from '../../../core/kube/duration';
import { allObjects, type Stack, type StackObjects } from '../../../core/model';
import { parseOptions } from '../../../stacks';
import { synthesize } from '../../../synth';
import { type OverlayChange, overlayStack, type ScaledStack, scaleTime } from '../overlay';
import type { RunDefinition } from './run';

/** A stack as it is applied and rehearsed. */
export interface AppliedStack {
  readonly stack: Stack;
  readonly scaled: ScaledStack;
  readonly objects: StackObjects;
  /** All that is otherwise than it was synthesized. */
  readonly changes: readonly OverlayChange[];
  readonly syncPeriodMs: number;
}

/** The stack of a run with its overlay. */
export function appliedStack(run: RunDefinition, factor: number): AppliedStack {
  const stack = run.stack.define(parseOptions(run.stack, run.set));
  const synthesized = synthesize(stack);
  const own = allObjects(synthesized).map(({ object }) => object);
  const adapted = run.adapted?.(own, stack.cluster) ?? { objects: own, cluster: stack.cluster, changes: [] };
  const scaled = scaleTime(adapted.objects, stack.scenario, adapted.cluster, factor);
  return {
    ...{ stack, scaled },
    objects: overlayStack(synthesized, scaled.objects),
    changes: [...adapted.changes, ...scaled.changes],
    syncPeriodMs: parseGoDuration(scaled.cluster.autoscaling.syncPeriod),
  };
}
