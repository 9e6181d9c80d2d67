import { accountOf, CLUSTER_STATE, refusedText } from '../core/chain';
import type { ClusterState, NodeState, PodState } from '../core/kube/cluster-state';
import type { Fargate } from './fargate';
import type { Network } from './network';
import type { Scheduler } from './scheduler';
import type { VirtualNode, VirtualPod } from './virtual-pod';
import type { World } from './world';

/** The nodes and pods of the virtual cluster, as programs see them that ask the API server for them. */
export class ClusterWatch {
  private readonly state: () => ClusterState;

  constructor(
    private readonly world: World,
    scheduler: Scheduler,
    fargate: Fargate,
    private readonly network: Network,
  ) {
    const { pods } = world;
    this.state = pods.memo(() => ({
      nodes: [...scheduler.nodes, ...fargate.nodes].map(nodeState),
      pods: pods.all().map(podState),
    }));
  }

  /**
   * What a program in a pod sees whenever it looks; undefined if the API server cannot be reached, or refuses it.
   * The journal says which.
   */
  viewFrom(pod: VirtualPod): (() => ClusterState) | undefined {
    const { journal, rbac } = this.world;
    const problem = this.network.apiProblem(pod) ?? refusedText(rbac, accountOf(pod.workload), CLUSTER_STATE);
    const messages = problem === undefined ? [] : [`it exports nothing about the cluster: ${problem}`];
    journal.state('scrape', pod.owner, 'API server', messages);
    return problem === undefined ? this.state : undefined;
  }
}

/** Nothing is set aside on the virtual nodes, so that the capacity is what pods may take. */
function nodeState({ name, allocatable }: VirtualNode): NodeState {
  const quantities = { ...allocatable, pods: String(allocatable.pods) };
  return { name, capacity: quantities, allocatable: quantities, unschedulable: false };
}

function podState({ namespace, name, labels, phase, node, spec }: VirtualPod): PodState {
  return { namespace, name, labels, phase, node: node?.name, spec };
}
