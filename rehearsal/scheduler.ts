import { podRequests, SCHEDULED_RESOURCES } from '../core/chain';
import type { PodSpec } from '../core/kube/kinds/pod';
import { Quantity } from '../core/kube/quantity';
import type { ClusterDescriptor } from '../core/model';
import type { VirtualNode, VirtualPod } from './virtual-pod';

interface Room {
  readonly node: VirtualNode;
  readonly pods: Set<VirtualPod>;
  readonly capacity: { readonly cpu: bigint; readonly memory: bigint; readonly pods: number };
  readonly used: { cpu: bigint; memory: bigint };
}

/**
 * Puts pods onto nodes: onto workers where there are any, on a node with room for their requests, there where fewest
 * pods of the same workload are, then fewest pods. Affinity, taints and node selectors are not modelled.
 */
export class Scheduler {
  private readonly rooms: readonly Room[];

  constructor(cluster: ClusterDescriptor) {
    this.rooms = cluster.nodes
      .flatMap((shape) => Array.from({ length: shape.count }, () => shape))
      .map(({ role, cpu, memory, pods }, index, shapes) => ({
        node: {
          name: nodeName(
            cluster.name,
            role,
            shapes.slice(0, index).filter((other) => other.role === role).length,
          ),
          ip: `172.18.${Math.floor((index + 2) / 250)}.${((index + 2) % 250) + 1}`,
          role,
        },
        pods: new Set(),
        capacity: { cpu: Quantity.parse(cpu).nanos, memory: Quantity.parse(memory).nanos, pods },
        used: { cpu: 0n, memory: 0n },
      }));
  }

  get nodes(): readonly VirtualNode[] {
    return this.rooms.map(({ node }) => node);
  }

  /**
   * Binds a pod to a node.
   * @param only the node that a DaemonSet made the pod for
   * @returns why no node takes it, in the scheduler's words
   */
  bind(pod: VirtualPod, only: VirtualNode | undefined): string | undefined {
    const workers = this.rooms.filter(({ node }) => node.role === 'worker');
    const candidates = only
      ? this.rooms.filter(({ node }) => node === only)
      : workers.length > 0
        ? workers
        : this.rooms;
    const requests = podRequests(pod.spec);
    const refusals = candidates.map((room) => refusal(room, requests));
    const fitting = candidates.filter((_, index) => refusals[index] === undefined);
    const [best] = fitting.sort((a, b) => siblings(a, pod) - siblings(b, pod) || a.pods.size - b.pods.size);
    if (!best) return unschedulable(candidates.length, refusals);
    best.pods.add(pod);
    for (const resource of SCHEDULED_RESOURCES) best.used[resource] += requests[resource];
    pod.node = best.node;
    pod.ip = pod.spec.hostNetwork ? best.node.ip : podIp(this.rooms.indexOf(best), pod.number);
    return undefined;
  }

  /** Gives a pod's room back. */
  release(pod: VirtualPod): void {
    const room = this.rooms.find(({ node }) => node === pod.node);
    if (!room?.pods.delete(pod)) return;
    const requests = podRequests(pod.spec);
    for (const resource of SCHEDULED_RESOURCES) room.used[resource] -= requests[resource];
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

/** `kind` calls its nodes `<cluster>-worker`, `<cluster>-worker2` and so on. */
function nodeName(cluster: string, role: VirtualNode['role'], index: number): string {
  return `${cluster}-${role}${index === 0 ? '' : index + 1}`;
}

function podIp(nodeIndex: number, number: number): string {
  return `10.${244 + Math.floor(number / 65_000)}.${nodeIndex + 1 + 32 * (Math.floor(number / 250) % 8)}.${(number % 250) + 2}`;
}

function refusal(room: Room, requests: ReturnType<typeof podRequests>): string | undefined {
  if (room.pods.size >= room.capacity.pods) return 'Too many pods';
  const short = SCHEDULED_RESOURCES.find(
    (resource) => room.used[resource] + requests[resource] > room.capacity[resource],
  );
  return short && `Insufficient ${short}`;
}

function siblings(room: Room, pod: VirtualPod): number {
  let count = 0;
  for (const other of room.pods) if (other.workload === pod.workload) count++;
  return count;
}

function unschedulable(nodes: number, refusals: readonly (string | undefined)[]): string {
  const counts = [...new Set(refusals)].map(
    (reason) => `${refusals.filter((other) => other === reason).length} ${reason}`,
  );
  return `0/${nodes} nodes are available: ${counts.join(', ')}.`;
}
