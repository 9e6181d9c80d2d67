export { METRICS_API_GROUPS, findAdapters, type AdapterDeployment } from './adapter-deployment';
export { followApiService } from './api-backend';
export { podMakers } from './pod-makers';
export { operatedService, prometheusWorkload } from './prometheus-workload';
export { staticDiscovery } from './static-discovery';
