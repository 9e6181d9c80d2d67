import type { ClusterDescriptor } from '../model';

/** The nodes that the pods of a workload may be put on: workers where there are any; a DaemonSet takes all. */
export function nodesFor(
  kind: string,
  { nodes }: Pick<ClusterDescriptor, 'nodes'>,
): ClusterDescriptor['nodes'] {
  const workers = nodes.filter(({ role }) => role === 'worker');
  return kind === 'DaemonSet' || workers.length === 0 ? nodes : workers;
}
