export { answer, type Answer, type CustomMetricValue, type ExternalMetricValue } from './answer';
export { explainMissing } from './explain';
export { type AdapterFlags, parseAdapterArgs } from './flags';
export { plan, type Plan } from './plan';
export { type DiscoveryResult, type KnownMetric, Registry } from './registry';
export {
  type CustomMetricRequest,
  type ExternalMetricRequest,
  type MetricRequest,
  type QueryOutcome,
  type QuerySample,
} from './request';
export { startupProblem } from './startup';
export { type Status } from './status';
