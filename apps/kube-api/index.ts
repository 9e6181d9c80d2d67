/** A small client of the Kubernetes API for programs that run in a pod: reads, and copies that stay up to date. */
export { inClusterAccess, proxiedAccess, type ApiAccess } from './api-access';
export { ApiClient } from './api-client';
export { PATIENCE, Reflector, type Patience } from './reflector';
