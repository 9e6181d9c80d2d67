export { type ApiStatus } from './api-status';
export { taggedReply } from './conditional';
export { encodeCustomValues } from './custom-values';
export { encodeGroupDiscoveryList, groupDiscoveryType } from './discovery-aggregated';
export { encodeGroup, encodeGroupList, encodeResourceList } from './discovery-legacy';
export { type ServedMetrics, serves } from './discovery-resources';
export { encodeExternalValues } from './external-values';
export { fieldsMatch } from './field-selector';
export { groupOfPath } from './groups';
export { healthPartReply, healthReply, type HealthReply, type HealthResult } from './health-text';
export { jsonBody } from './json-text';
export {
  anyTransform,
  discoveryTransform,
  JSON_TYPE,
  negotiate,
  type Negotiated,
  noTransform,
  tableTransform,
  wantsPretty,
} from './negotiation';
export { encodeOpenApiV2 } from './openapi-v2';
export { encodeOpenApiV3, encodeOpenApiV3Root } from './openapi-v3';
export { type NodeUsage, type PodUsage, type UsageObject } from './resource-metrics/usage';
export { answerNodeUsage, answerPodUsage, type UsageAnswer } from './resource-metrics/usage-answer';
export {
  encodeNodeUsage,
  encodeNodeUsages,
  encodePodUsage,
  encodePodUsages,
  type UsageContext,
} from './resource-metrics/usage-json';
export {
  groupQueries,
  type GroupQueries,
  planNodeUsage,
  planPodUsage,
  planUsage,
  usageGroups,
  type UsageLabels,
  type UsagePlan,
  type UsageResource,
} from './resource-metrics/usage-plan';
export { nodeUsageTable, podUsageTable, tableRequest } from './resource-metrics/usage-table';
export { encodePaths } from './root-paths';
export { route } from './route';
export {
  type CustomRoute,
  type ExplainRoute,
  type ExternalRoute,
  type HealthRoute,
  type MetricsGroup,
  type NodeMetricsRoute,
  type PodMetricsRoute,
  type Routed,
} from './routed';
export { encodeStatus } from './status-json';
export {
  badRequest,
  forbidden,
  headTooLarge,
  internalFailure,
  notAcceptable,
  objectNotFound,
  pathNotFound,
  requestNotReceived,
  requestTimeout,
  serviceUnavailable,
  tooLarge,
  tooManyRequests,
  unauthorized,
} from './statuses';
