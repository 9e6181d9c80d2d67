import { fargateProfileOf, nodesFor } from '../chain';
import { podLabels } from '../kube/endpoints';
import { namespaceOf } from '../kube/inventory';
import { refOf } from '../kube/object';
import { podRequests, SCHEDULED_RESOURCES } from '../kube/pod-requests';
import { Quantity } from '../kube/quantity';
import type { Check } from './check';

const NANOS_PER_MILLI = 1_000_000n;

export const unschedulable: Check = {
  id: 'unschedulable',
  title: 'Every pod fits on an empty node',
  severity: 'error',
  *run({ cluster, podMakers }) {
    if (!cluster) return;
    for (const workload of podMakers) {
      // What Fargate runs has a node of its own size.
      const onFargate = fargateProfileOf(cluster, namespaceOf(workload), podLabels(workload)) !== undefined;
      if (onFargate && workload.kind !== 'DaemonSet') continue;
      const requests = podRequests(workload.spec.template.spec);
      const nodes = nodesFor(workload.kind, cluster);
      const fits = nodes.some((node) =>
        SCHEDULED_RESOURCES.every((resource) => requests[resource] <= Quantity.parse(node[resource]).nanos),
      );
      if (fits) continue;
      const offered = nodes.map(({ cpu, memory }) => `cpu ${cpu} and memory ${memory}`);
      yield {
        object: refOf(workload),
        message: `a pod requests ${amountText(requests)}, and no node has so much: there are nodes with ${[...new Set(offered)].join(', ')}`,
        fix: 'lower resources.requests of its containers, or add larger nodes to the cluster',
      };
    }
  },
};

function amountText(requests: ReturnType<typeof podRequests>): string {
  return SCHEDULED_RESOURCES.filter((resource) => requests[resource] > 0n)
    .map((resource) => {
      const format = resource === 'memory' ? 'BinarySI' : 'DecimalSI';
      return `${resource} ${Quantity.milli(requests[resource] / NANOS_PER_MILLI, format).toString()}`;
    })
    .join(' and ');
}
