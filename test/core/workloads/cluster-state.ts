import { parse } from 'yaml';
import type { NodeState, PodState } from '../../../core/kube/cluster-state';
import { podSpec } from '../../../core/kube/kinds/pod';

/** A node that takes pods and offers all it has. */
export function node(name: string, cpu: string, more: Partial<NodeState> = {}): NodeState {
  const capacity = { cpu, memory: '64Gi', pods: '110' };
  return { name, capacity, allocatable: capacity, unschedulable: false, ...more };
}

/** A running pod of namespace `shop`, with one container that requests this much CPU. */
export function pod(name: string, cpu: string, more: Partial<PodState> = {}): PodState {
  const spec = podSpec.parse(
    parse(`containers: [{ name: main, resources: { requests: { cpu: "${cpu}" } } }]`),
  );
  return { namespace: 'shop', name, labels: {}, phase: 'Running', node: 'n1', spec, ...more };
}
