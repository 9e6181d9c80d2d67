import type { ClusterDescriptor } from '../core/model';
import type { VirtualNode } from './virtual-pod';

/** The nodes of a descriptor, which are there from the beginning. */
export function nodesOf(cluster: ClusterDescriptor): readonly VirtualNode[] {
  const perRole = new Map<VirtualNode['role'], number>();
  return cluster.nodes
    .flatMap((shape) => Array.from({ length: shape.count }, () => shape))
    .map(({ role, cpu, memory, pods }, index) => {
      const ordinal = perRole.get(role) ?? 0;
      perRole.set(role, ordinal + 1);
      return {
        name: nodeName(cluster.name, role, ordinal),
        ip: `172.18.${Math.floor((index + 2) / 250)}.${((index + 2) % 250) + 1}`,
        role,
        allocatable: { cpu, memory, pods },
      };
    });
}

/** `kind` calls its nodes `<cluster>-worker`, `<cluster>-worker2` and so on. */
function nodeName(cluster: string, role: VirtualNode['role'], index: number): string {
  return `${cluster}-${role}${index === 0 ? '' : index + 1}`;
}
