export { selectMonitors, type Monitor, type MonitorSelection, type RejectedMonitor } from './monitors';
export { scrapeJobs } from './scrape-jobs';
export type { DiscoveryRole, ScrapeJob } from './scrape-job';
export { relabel } from './relabel';
export { discoverTargets } from './discover';
export type { Target } from './target';
export type {
  DiscoveredContainer,
  DiscoveredContainerPort,
  DiscoveredEndpoint,
  DiscoveredEndpointPort,
  DiscoveredNode,
  DiscoveredPod,
  DiscoveredService,
  DiscoveryState,
} from './discovery-state';
export {
  backendsOf,
  endpointPort,
  explainPodEndpoint,
  explainServiceEndpoint,
  podsOf,
  servicesOf,
  type EndpointExplanation,
  type PodSource,
} from './explain';
