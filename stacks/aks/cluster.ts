import { DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../core/model';
import type { Options } from './options';

/** Namespaces of the stack. */
export const NAMESPACES = {
  walkthrough: 'hpa-walkthrough',
  monitoring: 'prom-metrics',
  load: 'load-test',
} as const;

/** Plain NetworkPolicies: Azure CNI powered by Cilium enforces them, and wants a paid add-on for its own kind. */
export function clusterOf({
  clusterName,
  kubernetes,
}: Pick<Options, 'clusterName' | 'kubernetes'>): ClusterDescriptor {
  return {
    provider: 'aks',
    name: clusterName,
    kubernetes,
    // What is left of two virtual CPUs and 8 GiB.
    nodes: [{ role: 'worker', count: 3, cpu: '1900m', memory: '5Gi', pods: 110 }],
    cni: 'other',
    networkPolicyEnforced: true,
    kubeProxy: false,
    serviceBalancing: 'connection',
    daemonSets: true,
    autoscaling: DEFAULT_AUTOSCALING,
  };
}
