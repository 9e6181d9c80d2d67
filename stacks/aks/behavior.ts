import type { ScalingBehavior } from '../../constructs';
import type { Options } from './options';

/**
 * How fast the workload grows. `stepwise` says in policies what the controller does without `behavior`, in 2019 and today
 * (`calculateScaleUpLimit`: at most twice the pods, or 4): 4 pods come after 1. As soon as there is a `behavior`, its
 * defaults apply (`defaultHPAScaleUpRules` of autoscaling/v2), which add 4 pods: `defaults` writes them out, and 5 come
 * after 1.
 */
export const BEHAVIORS: Readonly<Record<Options['behavior'], ScalingBehavior | undefined>> = {
  stepwise: growth(3),
  defaults: growth(4),
  none: undefined,
};

/** @param pods that may be added in 15 seconds, or as many as there are if that is more */
function growth(pods: number): ScalingBehavior {
  const policies = [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Pods', value: pods, periodSeconds: 15 },
  ] as const;
  return { scaleUp: { policies, selectPolicy: 'Max' } };
}
