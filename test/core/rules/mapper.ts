import { ApiResources } from '../../../core/kube/api-resources';
import { RestMapper } from '../../../core/rules';

/** What upstream's tests serve besides the usual: ingresses and deployments of the former group `extensions`. */
export const resources = [
  {
    group: '',
    version: 'v1',
    kind: 'Namespace',
    plural: 'namespaces',
    singular: 'namespace',
    namespaced: false,
  },
  { group: '', version: 'v1', kind: 'Node', plural: 'nodes', singular: 'node', namespaced: false },
  {
    group: '',
    version: 'v1',
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    singular: 'persistentvolume',
    namespaced: false,
  },
  { group: '', version: 'v1', kind: 'Pod', plural: 'pods', singular: 'pod', namespaced: true },
  { group: '', version: 'v1', kind: 'Service', plural: 'services', singular: 'service', namespaced: true },
  {
    group: 'extensions',
    version: 'v1beta1',
    kind: 'Deployment',
    plural: 'deployments',
    singular: 'deployment',
    namespaced: true,
  },
  {
    group: 'extensions',
    version: 'v1beta1',
    kind: 'Ingress',
    plural: 'ingresses',
    singular: 'ingress',
    namespaced: true,
  },
] as const;

/** Names the fields of a rule whose file is not known. */
export function inFirstRule(field: string): string {
  return `rules[0].${field}`;
}

/** What a usual cluster serves. */
export const usual = new RestMapper(ApiResources.builtin());
