export { type HpaCondition } from './conditions';
export { hpaConfig, type HpaConfig } from './config';
export { defaultHpa, type DefaultedHpaSpec } from './defaults';
export {
  type Failure,
  type HpaInputs,
  type HpaPod,
  type MetricsClient,
  type PodMetric,
  type PodMetrics,
  type ScaleView,
} from './inputs';
export { reconcile } from './reconcile';
export { type HpaEvent, type HpaResult } from './result';
export { type HpaSpec, type MetricSpec, parseHpaSpec } from './spec';
export { type HpaState, initialState } from './state';
export { validateHpa } from './validate';
