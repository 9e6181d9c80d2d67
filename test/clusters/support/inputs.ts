import type { BuiltImage } from '../../../constructs/clusters/image-target';
import { clusterDescriptor, DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../../core/model';

/** A cluster of one kind, with what tests do not care about filled in. */
export function describedCluster(
  change: Partial<ClusterDescriptor> & Pick<ClusterDescriptor, 'provider'>,
): ClusterDescriptor {
  return clusterDescriptor.parse({
    name: 'plimsoll',
    kubernetes: '1.36.1',
    nodes: [{ role: 'worker', count: 2, cpu: '2', memory: '4Gi', pods: 110 }],
    cni: 'other',
    networkPolicyEnforced: false,
    kubeProxy: true,
    serviceBalancing: 'connection',
    daemonSets: true,
    autoscaling: DEFAULT_AUTOSCALING,
    ...change,
  });
}

/** An image to be built. */
export const ADAPTER: BuiltImage = {
  name: 'adapter',
  repository: 'plimsoll/adapter',
  tag: '0.1.0',
  context: '/src',
  dockerfile: 'apps/adapter/Dockerfile',
  arguments: { BASE: 'node@sha256:1' },
};
