/** A client of the Kubernetes API: reads and writes, and copies that stay up to date. */
export { inClusterAccess, proxiedAccess, type ApiAccess, type Credentials } from './api-access';
export { ApiClient, PATCH, type TaggedAnswer } from './api-client';
export { ApiError } from './api-error';
export { CollectionWatch, PATIENCE, type Patience } from './collection-watch';
export { kubeconfigAccess } from './kubeconfig';
export { listPages } from './list-pages';
export { Reflector } from './reflector';
export { RequestRate } from './request-rate';
