export { answer, type Answer } from './answer';
export { explainMissing } from './explain';
export { adapterHelp, type AdapterFlags, flagSource, parseAdapterArgs, parseAdapterCommand } from './flags';
export { plan, type Plan } from './plan';
export {
  type DiscoveryResult,
  type Listing,
  listNames,
  type ListingReply,
  type SeriesListing,
} from './discovery';
export { type KnownMetric } from './metric-index';
export { newestSampleMs } from './newest-samples';
export { Registry, type RegistryOptions } from './registry';
export { type MetricRequest, type QueryOutcome, type QuerySample } from './request';
export { startupProblem } from './startup';
export { internalError, withCause } from './status';
