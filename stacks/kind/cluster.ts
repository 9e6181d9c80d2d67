import { apiServerPort, DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../core/model';

/** Ports of every node, if they are exposed. */
export const NODE_PORTS = { prometheus: 30090, grafana: 30030 } as const;
/** Namespaces of the stack. */
export const NAMESPACES = {
  backend: 'backend',
  load: 'load-test',
  adapter: 'custom-metrics',
  monitoring: 'cilium-monitoring',
} as const;

/** What was chosen of the cluster. */
type Chosen = { readonly clusterName: string; readonly kubernetes: string };

/** Where Cilium finds the API server: without kube-proxy its Service leads nowhere yet. */
export function apiServerOf({ clusterName }: Pick<Chosen, 'clusterName'>) {
  return { host: `${clusterName}-control-plane`, port: apiServerPort({ provider: 'kind' }) };
}

/** Four nodes without kube-proxy: Cilium does its work, and enforces policies. */
export function clusterOf({ clusterName, kubernetes }: Chosen): ClusterDescriptor {
  const node = { cpu: '4', memory: '8Gi', pods: 110 };
  return {
    provider: 'kind',
    name: clusterName,
    kubernetes,
    nodes: [
      { role: 'control-plane', count: 1, ...node },
      { role: 'worker', count: 3, ...node },
    ],
    cni: 'cilium',
    networkPolicyEnforced: true,
    kubeProxy: false,
    serviceBalancing: 'connection',
    daemonSets: true,
    autoscaling: DEFAULT_AUTOSCALING,
  };
}
