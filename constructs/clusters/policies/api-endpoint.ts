import { field, isEverybody, texts } from './fields';
import type { CheckedResource, Rule } from './rule';

/** The API server of a cluster in the cloud is private, or open to named addresses alone. */
export const apiEndpoint: Rule<object> = {
  name: 'api-server-not-open-to-everybody',
  description:
    'The API server of an EKS or AKS cluster is private, or reached from named ranges of addresses alone.',
  defaults: {},
  check(resource) {
    if (resource.type === 'aws:eks/cluster:Cluster')
      return eks(resource, field(resource.props, 'vpcConfig'), 'vpcConfig.');
    if (resource.type === 'eks:index:Cluster') return eks(resource, resource.props, '');
    if (/^azure-native:containerservice(\/\w+)?:ManagedCluster$/.test(resource.type)) return aks(resource);
    return [];
  },
};

/** EKS opens the endpoint to 0.0.0.0/0 where nothing is said. */
function eks({ name }: CheckedResource, access: unknown, path: string): readonly string[] {
  if (field(access, 'endpointPublicAccess') === false) return [];
  const ranges = texts(field(access, 'publicAccessCidrs'));
  if (ranges.length > 0 && !ranges.some(isEverybody)) return [];
  return [
    `EKS cluster ${name}: everybody reaches its API server; name who may in ${path}publicAccessCidrs, or set ${path}endpointPublicAccess to false`,
  ];
}

function aks({ name, props }: CheckedResource): readonly string[] {
  const access = field(props, 'apiServerAccessProfile');
  if (field(access, 'enablePrivateCluster') === true || props['publicNetworkAccess'] === 'Disabled')
    return [];
  const ranges = texts(field(access, 'authorizedIPRanges'));
  if (ranges.length > 0 && !ranges.some(isEverybody)) return [];
  return [
    `AKS cluster ${name}: everybody reaches its API server; name who may in apiServerAccessProfile.authorizedIPRanges, or set apiServerAccessProfile.enablePrivateCluster to true`,
  ];
}
