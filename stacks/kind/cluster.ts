import { apiServerPort, DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../core/model';

const NAME = 'plimsoll';
/** Where Cilium finds the API server: without kube-proxy its Service leads nowhere yet. */
export const API_SERVER = { host: `${NAME}-control-plane`, port: apiServerPort({ provider: 'kind' }) };
/** Ports of every node, if they are exposed. */
export const NODE_PORTS = { prometheus: 30090, grafana: 30030 } as const;
/** Namespaces of the stack. */
export const NAMESPACES = {
  backend: 'backend',
  load: 'load-test',
  adapter: 'custom-metrics',
  monitoring: 'cilium-monitoring',
} as const;

/** Four nodes without kube-proxy: Cilium does its work, and enforces policies. */
export function clusterOf({ kubernetes }: Pick<ClusterDescriptor, 'kubernetes'>): ClusterDescriptor {
  const node = { cpu: '4', memory: '8Gi', pods: 110 };
  return {
    provider: 'kind',
    name: NAME,
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
