export {
  accountOf,
  AUTHENTICATION_CONFIG,
  CLUSTER_STATE,
  DELEGATION,
  discoveryRequests,
  KUBELET_PORT,
  METRICS_SERVER_WATCHES,
  NODE_METRICS,
  POD_WATCH,
  podListing,
  refusedText,
} from './access';
export { findAdapters, type AdapterDeployment } from './adapter-deployment';
export { adapterStartProblem, registryAtStart } from './adapter-start';
export { followApiService, type ApiBackend } from './api-backend';
export { fargateProfileOf, fargateRefusal, fargateSize } from './fargate';
export {
  findKedaOperators,
  KEDA_SERVICE_PORT,
  kedaRequests,
  kedaWatches,
  type KedaOperatorDeployment,
} from './keda';
export { findKedaMetricsServers, type KedaMetricsServerDeployment } from './keda-metrics-server';
export { METRICS_API_GROUPS, RESOURCE_METRICS_GROUP } from './metrics-api-groups';
export { findMetricsServer, type MetricsServerDeployment } from './metrics-server';
export { nodesFor } from './nodes-for';
export { OperatorScope } from './operator-scope';
export { jobLabels, podMakers } from './pod-makers';
export { PodReferences, referencesOf, type MissingReference } from './pod-references';
export { Priorities, type Priority } from './priorities';
export { operatedService, PROMETHEUS_PORT, prometheusWorkload, urlMismatch } from './prometheus-workload';
export { staticDiscovery } from './static-discovery';
