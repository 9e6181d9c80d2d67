export { answer, type Answer } from './answer';
export { explainMissing } from './explain';
export { adapterHelp, type AdapterFlags, flagSource, parseAdapterArgs, parseAdapterCommand } from './flags';
export { plan, type Plan } from './plan';
export {
  type DiscoveryResult,
  type Listing,
  listNames,
  type ListingReply,
  LookPace,
  relistPauseMs,
  retryPauseMs,
  type SeriesListing,
} from './discovery';
export { type KnownMetric } from './metric-index';
export { laggingSample, sampleAgeMs, type AgeResult } from './newest-samples';
export { PLIMSOLL_REGISTRY, Registry, type RegistryOptions } from './registry';
export { type CustomMetricRequest, type MetricRequest, type QueryOutcome, type QuerySample } from './request';
export { startupProblem } from './startup';
export { internalError, type Status, unableToSend, withCause } from './status';
