import { clusterDescriptor, DEFAULT_AUTOSCALING } from '../../core/model';

/** A kind cluster with Cilium, which enforces policies, and with two workers. */
export const TEST_CLUSTER = clusterDescriptor.parse({
  provider: 'kind',
  name: 'test',
  kubernetes: '1.36.1',
  nodes: [
    { role: 'control-plane', count: 1, cpu: '4', memory: '8Gi', pods: 110 },
    { role: 'worker', count: 2, cpu: '4', memory: '8Gi', pods: 110 },
  ],
  cni: 'cilium',
  networkPolicyEnforced: true,
  kubeProxy: false,
  serviceBalancing: 'connection',
  daemonSets: true,
  autoscaling: DEFAULT_AUTOSCALING,
});
