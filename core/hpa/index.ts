export { type HpaCondition } from './conditions';
export { hpaConfig, type HpaConfig } from './config';
export { defaultHpa, type DefaultedHpaSpec } from './defaults';
export {
  type Failure,
  type HpaContainer,
  type HpaInputs,
  type HpaPod,
  type MetricsClient,
  type PodMetric,
  type PodMetrics,
  type ScaleView,
} from './inputs';
export { type MetricProposal } from './proposals';
export { reconcile } from './reconcile';
export { type HpaEvent, type HpaResult } from './result';
export { type HpaSpec, type MetricSpec, parseHpaSpec } from './spec';
export { type HpaState, initialState } from './state';
export { type HpaStatus, type MetricStatus } from './status';
export { validateHpa } from './validate';
