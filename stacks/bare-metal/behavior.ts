import { minorVersion } from '../../core/model';
import type { ScalingBehavior } from '../../constructs';
import type { Options } from './options';

/** Pods that the worker's loop `value` adds or takes in {@link VALUE_PERIOD_SECONDS}. */
export const VALUE_STEP = 5;
const VALUE_PERIOD_SECONDS = 15;

/** Twice the pods or four more, every 30 seconds: the document's delay before scaling up again. */
const DOUBLE_OR_FOUR = {
  selectPolicy: 'Max',
  policies: [
    { type: 'Percent', value: 100, periodSeconds: 30 },
    { type: 'Pods', value: 4, periodSeconds: 30 },
  ],
} as const;
const ALL_AT_ONCE = [{ type: 'Percent', value: 100, periodSeconds: 30 }] as const;
const STEPWISE = {
  policies: [{ type: 'Pods', value: VALUE_STEP, periodSeconds: VALUE_PERIOD_SECONDS }],
} as const;

/** Of the sample app, which goes back at once when half a minute has wanted less. */
export const APP_BEHAVIOR: ScalingBehavior = {
  scaleUp: DOUBLE_OR_FOUR,
  scaleDown: { stabilizationWindowSeconds: 30, policies: ALL_AT_ONCE },
};

/** The worker waits for nothing before it gives cores back. */
export function workerBehavior({ worker, kubernetes }: Options): ScalingBehavior {
  switch (worker) {
    case 'slots': {
      // Free slots are counted, not measured: there is no noise to leave alone.
      const exactly = canSetTolerance(kubernetes) ? { tolerance: '0' } : {};
      return { scaleUp: exactly, scaleDown: { stabilizationWindowSeconds: 0, ...exactly } };
    }
    case 'value':
      return { scaleUp: STEPWISE, scaleDown: { stabilizationWindowSeconds: 0, ...STEPWISE } };
    case 'document':
      return { scaleUp: DOUBLE_OR_FOUR, scaleDown: { stabilizationWindowSeconds: 0, policies: ALL_AT_ONCE } };
  }
}

/** Whether an autoscaler may have a tolerance of its own: KEP-4951, on by default since Kubernetes 1.35. */
export function canSetTolerance(kubernetes: string): boolean {
  return Number(minorVersion(kubernetes).split('.')[1]) >= 35;
}
