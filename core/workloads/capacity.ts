import type { ClusterState, NodeState, PodState } from '../kube/cluster-state';
import { podRequests } from '../kube/pod-requests';
import { Quantity } from '../kube/quantity';
import { ownValue } from '../own-value';
import type { CapacityConfig } from './capacity-config';

/** One resource of the cluster, in the unit of its metrics: thousandths of a core, Ki, pods. */
export interface ResourceCapacity {
  /** What all nodes have (`status.capacity`). */
  readonly capacity: number;
  /** What nodes that take new pods offer them (`status.allocatable`). */
  readonly allocatable: number;
  /** What pods take of that, and what pods that wait for a node want of it. */
  readonly requested: number;
  /** The part of `requested` that is opportunistic. */
  readonly opportunistic: number;
  /** `allocatable − requested`; below zero when pods wait for more than there is. */
  readonly remaining: number;
}

/** The capacity of a cluster at one moment. */
export interface ClusterCapacity {
  readonly cpu: ResourceCapacity;
  readonly memory: ResourceCapacity;
  readonly pods: ResourceCapacity;
  readonly nodes: { readonly all: number; readonly open: number };
  /** Pods that wait for a node. */
  readonly waiting: number;
  /** CPU that opportunistic pods may take in all, those that run included, in thousandths of a core. */
  readonly availableCpu: number;
  /** How many opportunistic pods fit into that. */
  readonly slots: number;
  /** What is kept free, in thousandths of a core. */
  readonly reserveCpu: number;
  /** What one opportunistic pod takes, in thousandths of a core. */
  readonly slotCpu: number;
}

type Resource = 'cpu' | 'memory' | 'pods';

const NANOS = 1_000_000_000n;
/** Billionths in the unit of each resource's metrics. */
const UNITS: Readonly<Record<Resource, bigint>> = { cpu: NANOS / 1000n, memory: 1024n * NANOS, pods: NANOS };

/**
 * Adds up what the nodes have and what pods request of it, as the scheduler sees it.
 *
 * - A node that takes no new pods is no room: neither what it offers counts nor what its pods take. Pods that have to
 *   leave it count from the moment their successors wait for another node.
 * - A pod that waits for a node counts: it is demand, and opportunistic work has to make room for it.
 * - Pods that are over (`Succeeded`, `Failed`), pods of excluded namespaces and pods of nodes that are not there any
 *   more count for nothing.
 *
 * Sums say nothing about how room is spread over nodes: what is left of several nodes may be too little on each.
 */
export function clusterCapacity({ nodes, pods }: ClusterState, config: CapacityConfig): ClusterCapacity {
  const open = nodes.filter(({ unschedulable }) => !unschedulable);
  const names = new Set(open.map(({ name }) => name));
  const counted = pods.filter((pod) => counts(pod, names, config));
  const others = sumOfRequests(counted.filter((pod) => !isOpportunistic(pod, config)));
  const own = sumOfRequests(counted.filter((pod) => isOpportunistic(pod, config)));
  const of = (resource: Resource): ResourceCapacity => {
    const allocatable = sumOfNodes(open, 'allocatable', resource);
    const requested = others[resource] + own[resource];
    return {
      capacity: inUnits(sumOfNodes(nodes, 'capacity', resource), resource),
      allocatable: inUnits(allocatable, resource),
      requested: inUnits(requested, resource),
      opportunistic: inUnits(own[resource], resource),
      remaining: inUnits(allocatable - requested, resource),
    };
  };
  const unreserved = sumOfNodes(open, 'allocatable', 'cpu') - config.reserveCpu.nanos - others.cpu;
  const available = unreserved > 0n ? unreserved : 0n;
  return {
    cpu: of('cpu'),
    memory: of('memory'),
    pods: of('pods'),
    nodes: { all: nodes.length, open: open.length },
    waiting: counted.filter(({ node }) => node === undefined).length,
    availableCpu: inUnits(available, 'cpu'),
    slots: Number(available / config.slotCpu.nanos),
    reserveCpu: inUnits(config.reserveCpu.nanos, 'cpu'),
    slotCpu: inUnits(config.slotCpu.nanos, 'cpu'),
  };
}

function counts(
  { namespace, phase, node }: PodState,
  openNodes: ReadonlySet<string>,
  { excludedNamespaces }: CapacityConfig,
): boolean {
  if (phase === 'Succeeded' || phase === 'Failed' || excludedNamespaces.has(namespace)) return false;
  return node === undefined || openNodes.has(node);
}

function isOpportunistic({ namespace, labels }: PodState, { opportunistic }: CapacityConfig): boolean {
  return opportunistic?.namespace === namespace && opportunistic.selector.matches(labels);
}

function sumOfRequests(pods: readonly PodState[]): Readonly<Record<Resource, bigint>> {
  const sum = { cpu: 0n, memory: 0n, pods: BigInt(pods.length) * NANOS };
  for (const { spec } of pods) {
    const { cpu, memory } = podRequests(spec);
    sum.cpu += cpu;
    sum.memory += memory;
  }
  return sum;
}

function sumOfNodes(
  nodes: readonly NodeState[],
  field: 'capacity' | 'allocatable',
  resource: Resource,
): bigint {
  return nodes.reduce((sum, node) => sum + Quantity.parse(ownValue(node[field], resource) ?? 0).nanos, 0n);
}

/** Whole units exactly, however large; fractions as floats have them. */
function inUnits(nanos: bigint, resource: Resource): number {
  const unit = UNITS[resource];
  return Number(nanos / unit) + Number(nanos % unit) / Number(unit);
}
