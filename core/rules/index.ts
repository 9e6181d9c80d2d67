export { type AdapterConfig, type DiscoveryRule, type GroupResource, type ResourceMapping } from './config';
export { explainRule, type RenderedSample, type RuleExplanation } from './explain';
export { groupResourceOf, groupResourceText, isRootScoped, RestMapper } from './group-resource';
export { parseAdapterConfig } from './parse-config';
export { compileRules, CompiledRule, type MetricsApi } from './rule';
export { type Naming } from './series-name';
