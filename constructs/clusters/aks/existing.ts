import { getManagedClusterOutput, type GetManagedClusterResult } from '@pulumi/azure-native/containerservice';
import { ResourceGroup } from '@pulumi/azure-native/resources';
import { UsageError } from '../../../core/errors';
import type { ClusterInput, RunningCluster } from '../running-cluster';
import { connectCommand } from './connect';
import { imagesIn } from './images';
import { kubeconfigOf } from './kubeconfig';
import type { Place } from './place';
import { letPull, registryFor } from './registry';
import type { AksSettings } from './settings';

/**
 * A cluster that is there, of which nothing is made, changed or deleted. A new registry for it gets a resource group of
 * its own, and its nodes the right to pull.
 */
export function useCluster(place: Place, input: ClusterInput<AksSettings>): RunningCluster {
  const { settings } = input;
  const { name, azure } = place;
  const resourceGroup = settings.resourceGroup ?? name;
  const found = getManagedClusterOutput({ resourceGroupName: resourceGroup, resourceName: name }, azure);
  const registry = registryFor(place, input, () => registryGroup(place, settings));
  const pull = letPull(
    place,
    registry,
    found.apply((cluster) => kubeletOf(name, cluster)),
  );
  return {
    kubeconfig: kubeconfigOf(place, { resourceGroupName: resourceGroup, resourceName: name }, settings),
    ready: pull,
    identity: `aks ${settings.subscriptionId ?? ''} ${resourceGroup} ${name}`,
    images: imagesIn(place, registry, settings),
    connect: connectCommand(place, resourceGroup, settings),
    outputs: {
      ...{ resourceGroup, cluster: name, fqdn: found.fqdn },
      oidcIssuer: found.apply(({ oidcIssuerProfile }) => oidcIssuerProfile?.issuerURL ?? ''),
      registry: registry.address,
    },
  };
}

function registryGroup({ name, location, tags, azure }: Place, settings: AksSettings): ResourceGroup {
  return new ResourceGroup(
    'registry-resource-group',
    {
      resourceGroupName: settings.registryResourceGroup ?? `${name}-images`,
      location,
      tags: { ...tags },
    },
    azure,
  );
}

/**
 * Who pulls images: the kubelets' identity, by its object ID.
 * @throws UsageError for a cluster with a service principal, which has none
 */
export function kubeletOf(
  name: string,
  { identityProfile }: Pick<GetManagedClusterResult, 'identityProfile'>,
): string {
  const objectId = identityProfile?.['kubeletidentity']?.objectId;
  if (objectId !== undefined) return objectId;
  throw new UsageError(
    `AKS cluster ${name} has no identity of its kubelets: give its service principal the right to pull from the registry by hand, and set plimsoll:grantPull to false`,
  );
}
