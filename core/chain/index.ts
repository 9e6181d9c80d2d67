export {
  accountOf,
  AUTHENTICATION_CONFIG,
  DELEGATION,
  discoveryRequests,
  podListing,
  refusedText,
} from './access';
export { METRICS_API_GROUPS, findAdapters, type AdapterDeployment } from './adapter-deployment';
export { followApiService } from './api-backend';
export { OperatorScope } from './operator-scope';
export { jobLabels, podMakers } from './pod-makers';
export { PodReferences, type MissingReference } from './pod-references';
export { nodesFor, podRequests, SCHEDULED_RESOURCES } from './pod-requests';
export { operatedService, prometheusWorkload, urlMismatch } from './prometheus-workload';
export { staticDiscovery } from './static-discovery';
