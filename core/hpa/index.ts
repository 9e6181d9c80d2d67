export { type HpaCondition } from './controller/conditions';
export { hpaConfig, type HpaConfig, hpaConfigOf, unprovenNotice } from './config/config';
export { NEWEST_PROVEN, OLDEST_PROVEN } from './config/version';
export { defaultHpa, type DefaultedHpaSpec } from './admission/defaults';
export {
  type Failure,
  type HpaInputs,
  type HpaPod,
  type MetricsClient,
  type PodMetric,
  type PodMetrics,
  type ScaleView,
} from './controller/inputs';
export { narrowMetric } from './admission/narrow';
export { proposalOf } from './proposals';
export { reconcile } from './controller/reconcile';
export { type HpaEvent, type HpaResult } from './controller/result';
export { type HpaSpec, type MetricIdentifier, type MetricSpec, parseHpaSpec } from './admission/spec';
export { type HpaState, initialState } from './controller/state';
export { type HpaStatus, type MetricStatus } from './controller/status';
export { fromMilliseconds, fromSeconds, type Nanoseconds } from './time';
export { validateHpa } from './admission/validate';
