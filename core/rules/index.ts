export { ageQueries } from './age-queries';
export { type AdapterConfig, type GroupResource, type ResourceMapping } from './config';
export { explainRule } from './explain';
export { groupResourceOf, groupResourceText, isRootScoped, NAMESPACES, RestMapper } from './group-resource';
export { configProblems } from './config-problems';
export { configReference } from './config-reference';
export { configSchema } from './config-schema';
export { parseAdapterConfig, readAdapterConfig } from './parse-config';
export {
  DEFAULT_RULE_SETTINGS,
  type ResourceSettings,
  type RuleSettings,
  type Staleness,
} from './rule-settings';
export { type SourceSettings } from './sources';
export { type BrokenRule, compileEach, compileRules, CompiledRule, type MetricsApi } from './rule';
export { type ResourcePolicies, type RulePolicies, STRICT_POLICIES, UPSTREAM_POLICIES } from './policies';
export { located } from './locate';
export { compileResourceRules, type ResourceQueries } from './resource-queries';
export { defaultRules } from './default-rules';
