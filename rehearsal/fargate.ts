import { fargateProfileOf, fargateRefusal, fargateSize } from '../core/chain';
import { parseGoDuration } from '../core/kube/duration';
import { Quantity } from '../core/kube/quantity';
import type { ClusterDescriptor } from '../core/model';
import type { VirtualNode, VirtualPod } from './virtual-pod';

const NANOS_PER_MILLI = 1_000_000n;

/** Makes a node for each pod that a Fargate profile selects, and takes it away with the pod. */
export class Fargate {
  private readonly made = new Map<VirtualPod, VirtualNode>();
  /** From the decision to run a pod until it has its node, in milliseconds. */
  readonly podStartMs: number;

  constructor(private readonly cluster: ClusterDescriptor) {
    this.podStartMs = parseGoDuration(cluster.fargate?.podStart ?? '0s');
  }

  get nodes(): readonly VirtualNode[] {
    return [...this.made.values()];
  }

  /** Whether a pod is for Fargate, and so for no other node. */
  takes({ namespace, labels }: VirtualPod): boolean {
    return fargateProfileOf(this.cluster, namespace, labels) !== undefined;
  }

  /** Why a pod does not run, in the words of Fargate's scheduler; undefined if it does. */
  refusal({ spec }: VirtualPod): string | undefined {
    return fargateRefusal(spec);
  }

  bind(pod: VirtualPod, nowMs: number): void {
    const node = nodeFor(pod);
    this.made.set(pod, node);
    // The pod has the network interface of its node.
    pod.bind(node, node.ip, nowMs);
  }

  release(pod: VirtualPod): void {
    this.made.delete(pod);
  }
}

/** The node is as large as what is provided for the pod; what a real one reports is larger and means nothing. */
function nodeFor({ spec, number }: VirtualPod): VirtualNode {
  const { cpu, memory } = fargateSize(spec) ?? { cpu: 0n, memory: 0n };
  const address = [192, 168, Math.floor(number / 250) % 250, (number % 250) + 4];
  return {
    name: `fargate-ip-${address.join('-')}.ec2.internal`,
    ip: address.join('.'),
    role: 'fargate',
    allocatable: {
      cpu: Quantity.milli(cpu / NANOS_PER_MILLI).toString(),
      memory: Quantity.milli(memory / NANOS_PER_MILLI, 'BinarySI').toString(),
      pods: 1,
    },
  };
}
