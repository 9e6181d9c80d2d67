import { AgentPool, type ManagedCluster } from '@pulumi/azure-native/containerservice';
import type { ResourceGroup } from '@pulumi/azure-native/resources';
import type { ClusterDescriptor } from '../../../core/model';
import { UsageError } from '../../../core/errors';
import { hasCpu, parseVmSize } from './node-size';
import type { Place } from './place';
import type { AksSettings } from './settings';
import { versionsOf } from './versions';

type WorkerShape = ClusterDescriptor['nodes'][number];

/** What every pool has in common. */
function poolSettings({ osDiskType, osDiskSize, zones }: AksSettings) {
  return {
    osType: 'Linux',
    osDiskType,
    osDiskSizeGB: osDiskSize,
    type: 'VirtualMachineScaleSets',
    enableNodePublicIP: false,
    ...(zones.length === 0 ? {} : { availabilityZones: [...zones] }),
  };
}

/** The pool for the add-ons of AKS, which is part of the cluster itself: no other pods run on it. */
export function systemPool(
  settings: AksSettings,
  kubernetes: string,
  tags: Readonly<Record<string, string>>,
) {
  return {
    name: 'system',
    mode: 'System',
    ...poolSettings(settings),
    vmSize: settings.systemVmSize,
    count: settings.systemNodeCount,
    orchestratorVersion: versionsOf(kubernetes, settings).version,
    nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
    tags: { ...tags },
  };
}

/**
 * The workers that a cluster is described with.
 * @throws UsageError where there are none, or where nodes of the VM size cannot have what is described
 */
export function workersOf(cluster: ClusterDescriptor, { vmSize }: AksSettings): readonly WorkerShape[] {
  const workers = cluster.nodes.filter(({ role }) => role === 'worker');
  if (workers.length === 0) {
    throw new UsageError(
      `cluster ${cluster.name} is described without workers: the nodes of AKS's own add-ons take no other pods`,
    );
  }
  const size = parseVmSize(vmSize);
  const tooSmall = size && workers.find(({ cpu }) => !hasCpu(size, cpu));
  if (tooSmall) {
    throw new UsageError(
      `plimsoll:vmSize: ${vmSize} has ${size.cpus} CPUs, and a worker of cluster ${cluster.name} has ${tooSmall.cpu} allocatable: choose a size with more`,
    );
  }
  return workers;
}

/** A pool for each shape of workers. */
export function makeWorkerPools(
  { azure, tags }: Place,
  aks: ManagedCluster,
  group: ResourceGroup,
  { cluster, settings }: { readonly cluster: ClusterDescriptor; readonly settings: AksSettings },
): readonly AgentPool[] {
  const { version, drifts } = versionsOf(cluster.kubernetes, settings);
  return workersOf(cluster, settings).map(
    ({ count, pods }, index) =>
      new AgentPool(
        index === 0 ? 'workers' : `workers-${index + 1}`,
        {
          resourceGroupName: group.name,
          resourceName: aks.name,
          agentPoolName: index === 0 ? 'workers' : `workers${index + 1}`,
          mode: 'User',
          ...poolSettings(settings),
          vmSize: settings.vmSize,
          count,
          maxPods: pods,
          orchestratorVersion: version,
          tags: { ...tags },
        },
        {
          ...azure,
          // Pools go with their cluster, which is faster than one after the other.
          deletedWith: aks,
          deleteBeforeReplace: true,
          ...(drifts ? { ignoreChanges: ['orchestratorVersion'] } : {}),
        },
      ),
  );
}
