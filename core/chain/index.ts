export {
  accountOf,
  AUTHENTICATION_CONFIG,
  DELEGATION,
  discoveryRequests,
  podListing,
  refusedText,
} from './access';
export { METRICS_API_GROUPS, findAdapters, type AdapterDeployment } from './adapter-deployment';
export { followApiService, type ApiBackend } from './api-backend';
export {
  findKedaMetricsServers,
  findKedaOperators,
  KEDA_SERVICE_PORT,
  kedaRequests,
  kedaWatches,
  type KedaMetricsServerDeployment,
  type KedaOperatorDeployment,
} from './keda';
export { OperatorScope } from './operator-scope';
export { podMakers } from './pod-makers';
export { PodReferences, type MissingReference } from './pod-references';
export { nodesFor, podRequests, SCHEDULED_RESOURCES } from './pod-requests';
export { operatedService, PROMETHEUS_PORT, prometheusWorkload, urlMismatch } from './prometheus-workload';
export { staticDiscovery } from './static-discovery';
