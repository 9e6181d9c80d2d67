export {
  accountOf,
  AUTHENTICATION_CONFIG,
  CLUSTER_STATE,
  DELEGATION,
  discoveryRequests,
  podListing,
  refusedText,
} from './access';
export { METRICS_API_GROUPS, findAdapters, type AdapterDeployment } from './adapter-deployment';
export { followApiService } from './api-backend';
export { fargateProfileOf, fargateRefusal, fargateSize } from './fargate';
export { OperatorScope } from './operator-scope';
export { podMakers } from './pod-makers';
export { PodReferences, type MissingReference } from './pod-references';
export { podRequests, SCHEDULED_RESOURCES } from '../kube/pod-requests';
export { nodesFor } from './nodes-for';
export { Priorities, type Priority } from './priorities';
export { operatedService, prometheusWorkload, urlMismatch } from './prometheus-workload';
export { staticDiscovery } from './static-discovery';
