import { Priorities, type Priority } from '../core/chain';
import type { PodSpec } from '../core/kube/kinds/pod';
import { nodesOf } from './nodes';
import { leastSacrifice, sacrificeOn, type Ranking, type Sacrifice } from './preemption';
import { amountsOf, plus, Room, type Amounts } from './room';
import type { VirtualNode, VirtualPod } from './virtual-pod';
import type { World } from './world';

/** Of a pod that no node takes: why, and who has to go for it. */
export interface Unschedulable {
  /** In the scheduler's words. */
  readonly message: string;
  /** Set if other pods are to be taken away for it. */
  readonly preempts?: { readonly node: VirtualNode; readonly victims: readonly VirtualPod[] } | undefined;
}

/**
 * Puts pods onto nodes: onto workers where there are any, on a node with room for their requests, there where fewest
 * pods of the same workload are, then fewest pods. A pod that fits nowhere may preempt others of a lower priority, and
 * has their room reserved from then on. Affinity, taints and node selectors are not modelled.
 */
export class Scheduler {
  private readonly rooms: readonly Room[];
  /** Rooms that are reserved until the pods that were preempted there are gone (`status.nominatedNodeName`). */
  private readonly nominated = new Map<VirtualPod, Room>();
  /** How many pods of each workload were put onto a node until now. */
  private readonly bound = new Map<string, number>();
  private readonly priorities: Priorities;
  private readonly ranking: Ranking;

  constructor(private readonly world: Pick<World, 'cluster' | 'inventory' | 'clock' | 'phases'>) {
    const { cluster, inventory, clock } = world;
    this.rooms = nodesOf(cluster).map((node) => new Room(node));
    this.priorities = new Priorities(inventory);
    this.ranking = {
      priorityOf: (pod) => this.priorityOf(pod).value,
      startOf: (pod) => pod.boundMs ?? clock.now,
    };
  }

  /** Those of the cluster descriptor, which are there from the beginning. */
  get nodes(): readonly VirtualNode[] {
    return this.rooms.map(({ node }) => node);
  }

  /** What decides who goes first. A pod whose class does not exist is never made. */
  priorityOf({ spec }: VirtualPod): Priority {
    return this.priorities.of(spec) ?? { value: 0, preempts: false };
  }

  /**
   * Puts a pod onto a node.
   * @param only the node that a DaemonSet made the pod for
   * @returns undefined if it has one now
   */
  bind(pod: VirtualPod, only: VirtualNode | undefined): Unschedulable | undefined {
    const candidates = this.candidates(only);
    const refusals = candidates.map((room) =>
      room.refusals(pod, plus(room.taken, this.reservedFor(pod, room))),
    );
    const fitting = candidates.filter((_, index) => refusals[index]?.length === 0);
    const reserved = this.nominated.get(pod);
    const best =
      reserved && fitting.includes(reserved)
        ? reserved
        : (fitting.find(({ node }) => node.name === this.placeOf(pod)) ??
          fitting.sort((a, b) => siblings(a, pod) - siblings(b, pod) || a.pods.size - b.pods.size)[0]);
    if (!best) return this.preempt(pod, candidates, unavailable(refusals));
    this.nominated.delete(pod);
    best.add(pod);
    const { node } = best;
    const name = nameOf(pod);
    this.bound.set(name, (this.bound.get(name) ?? 0) + 1);
    const ip = pod.spec.hostNetwork ? node.ip : podIp(this.rooms.indexOf(best), pod.number);
    pod.bind(node, ip, this.world.clock.now);
    return undefined;
  }

  /** The node that a cluster which was watched put the same pod of the same workload on. */
  private placeOf(pod: VirtualPod): string | undefined {
    const name = nameOf(pod);
    return this.world.phases.pods?.[name]?.[this.bound.get(name) ?? 0]?.node;
  }

  /** Gives a pod's room, or what is reserved for it, back. */
  release(pod: VirtualPod): void {
    this.nominated.delete(pod);
    this.rooms.find(({ node }) => node === pod.node)?.remove(pod);
  }

  private candidates(only: VirtualNode | undefined): readonly Room[] {
    if (only) return this.rooms.filter(({ node }) => node === only);
    const workers = this.rooms.filter(({ node }) => node.role === 'worker');
    return workers.length > 0 ? workers : this.rooms;
  }

  /** What is reserved in a room for others that go first. */
  private reservedFor(pod: VirtualPod, room: Room): Amounts {
    const { value } = this.priorityOf(pod);
    let sum: Amounts = { cpu: 0n, memory: 0n, pods: 0 };
    for (const [other, reserved] of this.nominated) {
      if (reserved === room && other !== pod && this.priorityOf(other).value >= value)
        sum = plus(sum, amountsOf(other));
    }
    return sum;
  }

  private preempt(pod: VirtualPod, candidates: readonly Room[], why: string): Unschedulable {
    const refusal = this.cannotPreempt(pod);
    if (refusal !== undefined) return { message: `${why} preemption: ${refusal}` };
    const outcomes = candidates.map((room) =>
      sacrificeOn(room, pod, this.reservedFor(pod, room), this.ranking),
    );
    const possible = outcomes.filter((outcome): outcome is Sacrifice => 'victims' in outcome);
    const chosen = leastSacrifice(possible, this.ranking);
    if (!chosen) {
      this.nominated.delete(pod);
      const refusals = outcomes.map((outcome) => ('victims' in outcome ? [] : outcome.refusals));
      return { message: `${why} preemption: ${unavailable(refusals)}` };
    }
    const { room, victims } = chosen;
    this.reserve(pod, room);
    const placement = `found a potential placement for pod on node ${room.node.name}, preempting ${victims.length} victims`;
    return { message: `${why} preemption: ${placement}`, preempts: { node: room.node, victims } };
  }

  private cannotPreempt(pod: VirtualPod): string | undefined {
    const { value, preempts } = this.priorityOf(pod);
    if (!preempts) return 'not eligible due to preemptionPolicy=Never.';
    const ending = [...(this.nominated.get(pod)?.pods ?? [])].some(
      (other) => other.preempted && this.priorityOf(other).value < value,
    );
    return ending ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
  }

  /** Those that come after the pod lose what was reserved for them in the same room. */
  private reserve(pod: VirtualPod, room: Room): void {
    const { value } = this.priorityOf(pod);
    for (const [other, reserved] of this.nominated) {
      if (reserved === room && this.priorityOf(other).value < value) this.nominated.delete(other);
    }
    this.nominated.set(pod, room);
  }
}

/** Node labels that are the same on all nodes of the virtual cluster. */
const COMMON_LABELS: Readonly<Record<string, string>> = { 'kubernetes.io/os': 'linux' };

/** What a pod asks of its node's labels, which is not modelled; empty if it asks for nothing that could matter. */
export function nodeSelection({ nodeSelector = {}, affinity }: PodSpec): readonly string[] {
  const selects = Object.entries(nodeSelector).some(([label, value]) => COMMON_LABELS[label] !== value);
  const requires = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return [...(selects ? ['nodeSelector'] : []), ...(requires ? ['required node affinity'] : [])];
}

function podIp(nodeIndex: number, number: number): string {
  return `10.${244 + Math.floor(number / 65_000)}.${nodeIndex + 1 + 32 * (Math.floor(number / 250) % 8)}.${(number % 250) + 2}`;
}

function nameOf({ namespace, workload }: VirtualPod): string {
  return `${namespace}/${workload.metadata.name}`;
}

function siblings(room: Room, pod: VirtualPod): number {
  let count = 0;
  for (const other of room.pods) if (other.workload === pod.workload) count++;
  return count;
}

/** How many nodes refuse for each reason (`FitError`). @param refusals of each node */
function unavailable(refusals: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>();
  for (const reason of refusals.flat()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${refusals.length} nodes are available: ${texts.join(', ')}.`;
}
