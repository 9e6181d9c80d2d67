import { type HpaInputs, type ScaleView } from './inputs';
import { type PodsView } from './per-pod-replicas';
import { type MetricSpec } from '../admission/spec';
import { type MetricStatus, type MetricValueStatus } from './status';

/** What the evaluation of one metric reads. */
export interface MetricContext extends PodsView {
  readonly inputs: HpaInputs;
  readonly scale: ScaleView;
}

/** A metric that gave a replica count. */
interface ComputedMetric {
  readonly spec: MetricSpec;
  /** As the reason of a rescale and the condition ScalingActive name it. */
  readonly name: string;
  readonly replicas: number;
  readonly current: MetricValueStatus;
  readonly status: MetricStatus;
}

/** A metric that could not be fetched or computed. */
interface FailedMetric {
  readonly spec: MetricSpec;
  readonly name: string;
  /** Of the event and the condition. */
  readonly reason: string;
  readonly error: string;
  /** What the error of the whole set puts before the metric's own. */
  readonly prefix: string;
}

/** One entry of `spec.metrics`, evaluated. */
export type EvaluatedMetric = ComputedMetric | FailedMetric;
