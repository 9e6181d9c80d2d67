import { DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../core/model';
import type { Options } from './options';

/** Namespaces of the stack. */
export const NAMESPACES = { demo: 'demo', monitoring: 'monitoring-system' } as const;
/** The label by which the Fargate profile selects pods. */
export const ON_FARGATE = { scheduler: 'fargate' };
/** From the decision to run a pod on Fargate until its node is there. */
export const POD_START = '45s';

/**
 * Two m5.large, allocatable as EKS leaves it, and Fargate. NetworkPolicies hold nowhere: the VPC CNI enforces them only
 * if it is told to, and on Fargate never.
 */
export function clusterOf({
  clusterName,
  kubernetes,
}: Pick<Options, 'clusterName' | 'kubernetes'>): ClusterDescriptor {
  return {
    provider: 'eks',
    name: clusterName,
    kubernetes,
    nodes: [{ role: 'worker', count: 2, cpu: '1930m', memory: '7Gi', pods: 29 }],
    cni: 'other',
    networkPolicyEnforced: false,
    kubeProxy: true,
    serviceBalancing: 'connection',
    daemonSets: true,
    fargate: {
      profiles: [{ name: 'demo', namespace: NAMESPACES.demo, labels: ON_FARGATE }],
      podStart: POD_START,
    },
    autoscaling: DEFAULT_AUTOSCALING,
  };
}
