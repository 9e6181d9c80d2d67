import { podMakers, prometheusWorkload } from '../core/chain';
import { parseHpaSpec } from '../core/hpa';
import { readScaledObject } from '../core/keda';
import { Inventory, namespaceOf } from '../core/kube/inventory';
import type { Workload } from '../core/kube/kinds/pod';
import { refOf, refText } from '../core/kube/object';
import { podRequests } from '../core/kube/pod-requests';
import { nodeCount, type ClusterDescriptor, type StackObjects } from '../core/model';

const NANOS_PER_MILLI = 1_000_000n;
const NANOS_PER_MEBIBYTE = 1_000_000_000n * 1024n * 1024n;

/** What pods request of a cluster, rounded up. */
export interface Requested {
  readonly millicores: bigint;
  readonly mebibytes: bigint;
  readonly pods: number;
}

/** What a stack requests while every autoscaler is at its most: its own pods and those of its Helm releases. */
export function requestedAtMost({ stages, provided }: StackObjects, cluster: ClusterDescriptor): Requested {
  const installed = provided.filter(({ origin }) => origin.release !== undefined);
  const objects = [...installed, ...stages.flatMap((stage) => stage.objects)].map(({ object }) => object);
  const inventory = new Inventory(objects);
  const most = mostReplicas(inventory);
  let [cpu, memory, pods] = [0n, 0n, 0];
  for (const workload of [...podMakers(inventory), ...inventory.prometheuses.map(prometheusWorkload)]) {
    const count =
      workload.kind === 'DaemonSet'
        ? nodeCount(cluster)
        : (most.get(keyOf(workload)) ?? workload.spec.replicas ?? 1);
    const each = podRequests(workload.spec.template.spec);
    cpu += each.cpu * BigInt(count);
    memory += each.memory * BigInt(count);
    pods += count;
  }
  return { millicores: ceiling(cpu, NANOS_PER_MILLI), mebibytes: ceiling(memory, NANOS_PER_MEBIBYTE), pods };
}

/** The most replicas of each workload that something scales. */
function mostReplicas(inventory: Inventory): ReadonlyMap<string, number> {
  const ofHpa = inventory.horizontalPodAutoscalers.map((object): [string, number] => {
    const { scaleTargetRef, maxReplicas } = parseHpaSpec(object['spec'], refText(refOf(object)));
    return [key(namespaceOf(object), scaleTargetRef.kind, scaleTargetRef.name), maxReplicas];
  });
  const ofKeda = inventory.scaledObjects.map((object): [string, number] => {
    const { namespace, target, maxReplicas } = readScaledObject(object);
    return [key(namespace, target.kind, target.name), maxReplicas];
  });
  return new Map([...ofKeda, ...ofHpa]);
}

function keyOf(workload: Workload): string {
  return key(namespaceOf(workload), workload.kind, workload.metadata.name);
}

function key(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}

function ceiling(amount: bigint, unit: bigint): bigint {
  return (amount + unit - 1n) / unit;
}
