import { ResourceGroup } from '@pulumi/azure-native/resources';
import * as pulumi from '@pulumi/pulumi';
import type { ClusterInput, RunningCluster } from '../running-cluster';
import { collectMetrics } from './azure-monitor';
import { makeCluster } from './cluster';
import { connectCommand } from './connect';
import { deployerAccess } from './deployer-access';
import { useCluster } from './existing';
import { makeIdentities } from './identities';
import { imagesIn } from './images';
import { kubeconfigOf } from './kubeconfig';
import { planMaintenance } from './maintenance';
import { makeWorkerPools, workersOf } from './node-pools';
import { placeOf, type Place } from './place';
import { letPull, registryFor } from './registry';
import type { AksSettings } from './settings';

export { aksSettings, type AksSettings } from './settings';

/** Everything of an AKS cluster, and of the registry of its images. */
class Aks extends pulumi.ComponentResource {
  readonly running: RunningCluster;

  constructor(input: ClusterInput<AksSettings>) {
    super('plimsoll:clusters:Aks', input.cluster.name);
    const place = placeOf(this, input);
    this.running = input.settings.existingCluster ? useCluster(place, input) : newCluster(place, input);
    this.registerOutputs(this.running.outputs);
  }
}

/**
 * A cluster of Azure Kubernetes Service as its descriptor has it, in a resource group of its own that goes with it; or
 * one that is there.
 * @throws UsageError naming the setting that does not fit the descriptor or the registry
 */
export function makeAks(input: ClusterInput<AksSettings>): RunningCluster {
  // Before anything is registered.
  if (!input.settings.existingCluster) workersOf(input.cluster, input.settings);
  return new Aks(input).running;
}

function newCluster(place: Place, input: ClusterInput<AksSettings>): RunningCluster {
  const { cluster, settings } = input;
  const { name, azure } = place;
  const resourceGroup = settings.resourceGroup ?? name;
  const group = new ResourceGroup(
    'resource-group',
    { resourceGroupName: resourceGroup, location: place.location, tags: { ...place.tags } },
    azure,
  );
  const registry = registryFor(place, input, () => group);
  const identities = makeIdentities(place, group);
  // Before there are nodes, so that the right is known when they pull.
  const pull = letPull(place, registry, identities.kubelet.principalId);
  const aks = makeCluster(place, group, identities, input);
  const pools = makeWorkerPools(place, aks, group, { cluster, settings });
  planMaintenance(place, group, aks, settings);
  if (settings.azureMonitorMetrics) collectMetrics(place, group, aks);
  const kubeconfig = kubeconfigOf(place, { resourceGroupName: group.name, resourceName: aks.name }, settings);
  return {
    kubeconfig,
    // The pools come after the cluster.
    ready: [...pools, ...pull, ...deployerAccess(place, settings, aks, kubeconfig)],
    identity: `aks ${settings.subscriptionId ?? ''} ${resourceGroup} ${name}`,
    images: imagesIn(place, registry, settings),
    connect: connectCommand(place, resourceGroup, settings),
    outputs: {
      ...{ resourceGroup: group.name, cluster: aks.name },
      fqdn: settings.privateCluster ? aks.privateFQDN : aks.fqdn,
      oidcIssuer: aks.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? ''),
      registry: registry.address,
    },
    goesWith: aks,
  };
}
