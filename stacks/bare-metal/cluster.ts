import { DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../core/model';

/** Closed namespaces of the stack. */
export const NAMESPACES = {
  app: 'demo',
  opportunistic: 'opportunistic',
  load: 'load-test',
  adapter: 'custom-metrics',
  monitoring: 'monitoring',
  metricsServer: 'metrics-server',
} as const;
/** Namespace of the node exporters alone, which look into their nodes. */
export const NODES_NAMESPACE = 'monitoring-nodes';

/** The cluster of the document: 184 cores on six machines. */
const NODES = [
  { role: 'worker' as const, count: 5, cpu: 32, memory: '80Gi', pods: 110 },
  { role: 'worker' as const, count: 1, cpu: 24, memory: '72Gi', pods: 110 },
];
/** Cores that the nodes offer to pods. */
export const ALLOCATABLE_CORES = NODES.reduce((sum, { count, cpu }) => sum + count * cpu, 0);

/** A cluster that exists already, whatever made it. */
export function clusterOf({ kubernetes }: Pick<ClusterDescriptor, 'kubernetes'>): ClusterDescriptor {
  return {
    provider: 'existing',
    name: 'bare-metal',
    kubernetes,
    nodes: NODES.map(({ cpu, ...shape }) => ({ ...shape, cpu: String(cpu) })),
    cni: 'other',
    networkPolicyEnforced: true,
    kubeProxy: true,
    serviceBalancing: 'connection',
    daemonSets: true,
    // The document's, as far as there are flags for it today; its delay before scaling up is in the autoscalers.
    autoscaling: { ...DEFAULT_AUTOSCALING, syncPeriod: '10s', downscaleStabilization: '30s' },
  };
}
