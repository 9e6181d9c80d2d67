export { type AdapterConfig, type GroupResource, type ResourceMapping } from './config';
export { explainRule } from './explain';
export { groupResourceOf, groupResourceText, isRootScoped, RestMapper } from './group-resource';
export { parseAdapterConfig } from './parse-config';
export { compileRules, CompiledRule, type MetricsApi } from './rule';
