export { selectMonitors, type Monitor } from './monitors';
export { scrapeJobs } from './scrape-jobs';
export type { ScrapeJob } from './scrape-job';
export { relabel } from './relabel';
export { discoverTargets } from './discover';
export type { Target } from './target';
export type { DiscoveredPod, DiscoveredService, DiscoveryState } from './discovery-state';
export {
  backendsOf,
  endpointPort,
  explainPodEndpoint,
  explainServiceEndpoint,
  podsOf,
  servicesOf,
  type EndpointExplanation,
} from './explain';
