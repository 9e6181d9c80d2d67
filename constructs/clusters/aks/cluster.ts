import { ManagedCluster, type ManagedClusterArgs } from '@pulumi/azure-native/containerservice';
import type { ResourceGroup } from '@pulumi/azure-native/resources';
import type { ClusterInput } from '../running-cluster';
import type { Identities } from './identities';
import { systemPool } from './node-pools';
import type { Place } from './place';
import type { AksSettings } from './settings';
import { versionsOf } from './versions';

/** The control plane with its system pool. */
export function makeCluster(
  place: Place,
  group: ResourceGroup,
  identities: Identities,
  { cluster: { kubernetes }, settings }: ClusterInput<AksSettings>,
): ManagedCluster {
  const { version, drifts } = versionsOf(kubernetes, settings);
  return new ManagedCluster(
    'cluster',
    {
      resourceGroupName: group.name,
      resourceName: place.name,
      location: place.location,
      tags: { ...place.tags },
      kubernetesVersion: version,
      dnsPrefix: place.name,
      sku: { name: 'Base', tier: settings.tier },
      agentPoolProfiles: [systemPool(settings, kubernetes, place.tags)],
      ...identityOf(identities),
      ...accessOf(settings),
      ...upkeepOf(settings),
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
        loadBalancerSku: 'standard',
      },
    },
    {
      ...place.azure,
      dependsOn: [identities.mayAssign],
      // Its name is given, so two cannot be there at once.
      deleteBeforeReplace: true,
      ignoreChanges: drifts ? ['kubernetesVersion', 'agentPoolProfiles[0].orchestratorVersion'] : [],
      customTimeouts: { create: '45m', update: '60m', delete: '45m' },
    },
  );
}

/** Who the cluster is to Azure, and pods to others. */
function identityOf({ controlPlane, kubelet }: Identities): Partial<ManagedClusterArgs> {
  return {
    identity: { type: 'UserAssigned', userAssignedIdentities: [controlPlane.id] },
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id,
        clientId: kubelet.clientId,
        objectId: kubelet.principalId,
      },
    },
    oidcIssuerProfile: { enabled: true },
  };
}

/** Who gets at the API server, and what they may there. */
function accessOf(settings: AksSettings): Partial<ManagedClusterArgs> {
  const { privateCluster, authorizedIpRanges, localAccounts, adminGroupObjectIds } = settings;
  return {
    enableRBAC: true,
    disableLocalAccounts: !localAccounts,
    aadProfile: { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: [...adminGroupObjectIds] },
    apiServerAccessProfile: privateCluster
      ? { enablePrivateCluster: true, privateDNSZone: 'system' }
      : // The run command is a way in past the ranges; into a private cluster it is the only one from outside.
        { authorizedIPRanges: [...authorizedIpRanges], disableRunCommand: true },
  };
}

/** What AKS does by itself. */
function upkeepOf(settings: AksSettings): Partial<ManagedClusterArgs> {
  const { autoUpgradeChannel, nodeOsUpgradeChannel, azureMonitorMetrics } = settings;
  return {
    autoUpgradeProfile: {
      upgradeChannel: autoUpgradeChannel,
      nodeOSUpgradeChannel: nodeOsUpgradeChannel,
    },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
    },
    azureMonitorProfile: { metrics: { enabled: azureMonitorMetrics } },
  };
}
