export { answer, type Answer } from './answer';
export { explainMissing } from './explain';
export { type AdapterFlags, parseAdapterArgs } from './flags';
export { plan, type Plan } from './plan';
export { type DiscoveryResult, type KnownMetric, Registry } from './registry';
export { type MetricRequest, type QueryOutcome } from './request';
export { startupProblem } from './startup';
export { internalError } from './status';
