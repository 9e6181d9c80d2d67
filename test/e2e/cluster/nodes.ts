import type { ClusterDescriptor } from '../../../core/model';
import { nodesOf as rehearsedNodes } from '../../../rehearsal/nodes';
import type { NodeSpec } from '../contracts';
import { nodeAddress, podCidr } from '../sandbox/addresses';

/**
 * The nodes of a descriptor. Their capacity is what the descriptor says, not what the machine has: it is what pods are
 * scheduled by, and their names are those that the rehearsal has. A control plane of a local cluster takes pods, as kind's and minikube's do not where there are workers.
 */
export function nodesOf(cluster: ClusterDescriptor): readonly NodeSpec[] {
  const nodes = rehearsedNodes(cluster);
  const workers = nodes.filter(({ role }) => role === 'worker');
  const chosen = workers.length > 0 ? workers : nodes;
  return chosen.map(({ name, allocatable: { cpu, memory, pods } }, index) => ({
    name,
    address: nodeAddress(index),
    podCidr: podCidr(index),
    labels: {},
    capacity: { cpu, memory, pods: String(pods), 'ephemeral-storage': '100Gi' },
  }));
}
