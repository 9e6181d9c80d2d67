import { podRequests, SCHEDULED_RESOURCES } from '../core/kube/pod-requests';
import type { PodSpec } from '../core/kube/kinds/pod';
import { Quantity } from '../core/kube/quantity';
import type { VirtualNode, VirtualPod } from './virtual-pod';

/** What pods take of a node, in billionths of a core or byte, and how many they are. */
export interface Amounts {
  readonly cpu: bigint;
  readonly memory: bigint;
  readonly pods: number;
}

const requestsOf = new WeakMap<PodSpec, ReturnType<typeof podRequests>>();

/** What one pod takes. */
export function amountsOf({ spec }: VirtualPod): Amounts {
  let requests = requestsOf.get(spec);
  if (!requests) requestsOf.set(spec, (requests = podRequests(spec)));
  return { ...requests, pods: 1 };
}

export function plus(one: Amounts, other: Amounts): Amounts {
  return { cpu: one.cpu + other.cpu, memory: one.memory + other.memory, pods: one.pods + other.pods };
}

export function minus(one: Amounts, other: Amounts): Amounts {
  return { cpu: one.cpu - other.cpu, memory: one.memory - other.memory, pods: one.pods - other.pods };
}

/** A node with the pods on it. */
export class Room {
  private readonly members = new Set<VirtualPod>();
  private readonly capacity: Amounts;
  private used: Amounts = { cpu: 0n, memory: 0n, pods: 0 };

  constructor(readonly node: VirtualNode) {
    const { cpu, memory, pods } = node.allocatable;
    this.capacity = { cpu: Quantity.parse(cpu).nanos, memory: Quantity.parse(memory).nanos, pods };
  }

  get pods(): ReadonlySet<VirtualPod> {
    return this.members;
  }

  /** What its pods take together. */
  get taken(): Amounts {
    return this.used;
  }

  add(pod: VirtualPod): void {
    this.members.add(pod);
    this.used = plus(this.used, amountsOf(pod));
  }

  remove(pod: VirtualPod): void {
    if (this.members.delete(pod)) this.used = minus(this.used, amountsOf(pod));
  }

  /**
   * Why a pod does not fit, in the scheduler's words; empty if it does.
   * @param taken what is taken before it
   */
  refusals(pod: VirtualPod, taken: Amounts): readonly string[] {
    const wanted = amountsOf(pod);
    return [
      ...(taken.pods + wanted.pods > this.capacity.pods ? ['Too many pods'] : []),
      ...SCHEDULED_RESOURCES.filter(
        (resource) => wanted[resource] > 0n && taken[resource] + wanted[resource] > this.capacity[resource],
      ).map((resource) => `Insufficient ${resource}`),
    ];
  }

  /** Whether a pod would fit if nothing else were there. */
  couldHold(pod: VirtualPod): boolean {
    return this.refusals(pod, { cpu: 0n, memory: 0n, pods: 0 }).length === 0;
  }
}
