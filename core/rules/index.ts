export { type AdapterConfig, type GroupResource, type ResourceMapping } from './config';
export { explainRule } from './explain';
export { groupResourceOf, groupResourceText, isRootScoped, RestMapper } from './group-resource';
export { parseAdapterConfig } from './parse-config';
export { compileRules, CompiledRule, type MetricsApi } from './rule';
export { type RulePolicies, STRICT_POLICIES, UPSTREAM_POLICIES } from './policies';
export { compileResourceRules, type ResourceQueries } from './resource-queries';
export { defaultRules } from './default-rules';
