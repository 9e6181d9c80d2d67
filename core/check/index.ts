/** Static checks of the chain from load to replicas, on plain Kubernetes objects. */
export { CHECKS, checkObjects } from './check-objects';
export type { Finding, Severity } from './finding';
