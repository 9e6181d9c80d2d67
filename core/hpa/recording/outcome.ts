import { type HpaCondition } from '../controller/conditions';
import { type HpaResult } from '../controller/result';
import { type MetricStatus } from '../controller/status';

/** What came of a sync, as a recording holds it. */
export interface Outcome {
  /** `status.desiredReplicas` */
  readonly desiredReplicas: number;
  /** The replica count that was written to the scale, if it was. */
  readonly rescale?: number;
  /** Sorted by type; null before the status was first written. */
  readonly conditions: readonly RecordedCondition[] | null;
  /** `status.currentMetrics`; null where the API object has none. */
  readonly currentMetrics: readonly MetricStatus[] | null;
}

type RecordedCondition = Omit<HpaCondition, 'lastTransitionTime'>;

/** The outcome of a sync: the status as stored after it. */
export function outcomeOf({ status, scaleTo }: HpaResult): Outcome {
  const { desiredReplicas, conditions, currentMetrics } = status;
  return {
    desiredReplicas,
    ...(scaleTo === undefined ? {} : { rescale: scaleTo }),
    conditions: conditions.length > 0 ? conditions.map(recorded).sort(byType) : null,
    currentMetrics: currentMetrics.length > 0 ? currentMetrics : null,
  };
}

function recorded({ type, status, reason, message }: HpaCondition): RecordedCondition {
  return { type, status, reason, message };
}

function byType(left: RecordedCondition, right: RecordedCondition): number {
  return left.type < right.type ? -1 : 1;
}
