import { DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../core/model';
import type { Options } from './options';

/** Namespaces of the stack. */
export const NAMESPACES = {
  api: 'sportsbook',
  monitoring: 'monitoring',
  keda: 'keda',
  adapter: 'custom-metrics',
  load: 'load-test',
} as const;

/** A profile of one node, where NetworkPolicies hold only if it is started with Calico. */
export function clusterOf({ clusterName, kubernetes, networkPolicies }: Options): ClusterDescriptor {
  return {
    provider: 'minikube',
    name: clusterName,
    kubernetes,
    nodes: [{ role: 'control-plane', count: 1, cpu: '3', memory: '5Gi', pods: 110 }],
    cni: 'other',
    networkPolicyEnforced: networkPolicies,
    kubeProxy: true,
    serviceBalancing: 'connection',
    daemonSets: true,
    autoscaling: DEFAULT_AUTOSCALING,
  };
}
