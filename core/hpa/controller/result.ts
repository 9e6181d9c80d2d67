import { type EvaluatedMetric } from './metric';
import { type MetricSpec } from '../admission/spec';
import { type HpaState } from './state';
import { type HpaStatus } from './status';

/** An event on the HorizontalPodAutoscaler object. */
export interface HpaEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Labels of the controller's `horizontal_pod_autoscaler_controller_reconciliations_total`. */
export interface ReconcileLabels {
  readonly action: 'scale_up' | 'scale_down' | 'none';
  readonly error: 'spec' | 'internal' | 'none';
}

/** Labels of the controller's `horizontal_pod_autoscaler_controller_metric_computation_total`. */
export interface MetricLabels extends ReconcileLabels {
  readonly metric_type: MetricSpec['type'];
}

/** What one reconcile did. */
export interface HpaResult {
  /** To be given to the next reconcile. */
  readonly state: HpaState;
  /** The status as it is stored afterwards: the one before if nothing changed. */
  readonly status: HpaStatus;
  /** Whether the status had to be written. */
  readonly statusChanged: boolean;
  /** The replica count that was written to the scale. */
  readonly scaleTo?: number | undefined;
  /** Why the scale was, or would have been, written: `<metric> above target`, `All metrics below target`, … */
  readonly rescaleReason?: string | undefined;
  readonly events: readonly HpaEvent[];
  readonly labels: ReconcileLabels;
  /** One per metric, in the order of the spec; none if metrics were not looked at. */
  readonly metrics: readonly EvaluatedMetric[];
  /** Of the same metrics. */
  readonly metricLabels: readonly MetricLabels[];
}
