/** What the cluster serves, and the objects in it. */
export { ClusterObjects, type ObjectMetadata } from './cluster-objects';
export { ListingError } from './listing-error';
export { ResourceDiscovery } from './resource-discovery';
