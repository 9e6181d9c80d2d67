import type { ClusterDescriptor } from '../../../core/model';
import type { NodeSpec } from '../contracts';
import { nodeAddress, podCidr } from '../sandbox/addresses';

/**
 * The nodes of a descriptor. Their capacity is what the descriptor says, not what the machine has: it is what pods are
 * scheduled by. A control plane of a local cluster takes pods, as kind's and minikube's do not where there are workers.
 */
export function nodesOf({ nodes }: ClusterDescriptor): readonly NodeSpec[] {
  const workers = nodes.filter(({ role }) => role === 'worker');
  const shapes = (workers.length > 0 ? workers : nodes).flatMap((shape) =>
    Array.from({ length: shape.count }, () => shape),
  );
  return shapes.map(({ cpu, memory, pods }, index) => ({
    name: `node-${index}`,
    address: nodeAddress(index),
    podCidr: podCidr(index),
    labels: {},
    capacity: { cpu, memory, pods: String(pods), 'ephemeral-storage': '100Gi' },
  }));
}
