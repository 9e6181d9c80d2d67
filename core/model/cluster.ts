import { z } from 'zod';
import { Quantity } from '../kube/quantity';

/** A length of time in Go or Prometheus notation, e.g. `15s`; read with `parseGoDuration`. */
export const durationText = z
  .string()
  .regex(/^(0|(\d+(\.\d+)?(ms|s|m|h))+)$/, 'write a duration like 15s, 5m or 1m30s');

/** A quantity such as `500m`, `4` or `8Gi`. */
export const quantityText = z.string().refine(isQuantity, 'not a quantity: write it like 500m, 4 or 8Gi');

const node = z.strictObject({
  role: z.enum(['control-plane', 'worker']),
  count: z.number().int().min(1).describe('how many nodes of this shape'),
  cpu: quantityText.describe('allocatable CPU of one node, a quantity'),
  memory: quantityText.describe('allocatable memory of one node, a quantity'),
  pods: z.number().int().min(1).describe('most pods one node takes'),
});

const fargateProfile = z.strictObject({
  name: z.string(),
  namespace: z.string().describe('namespace of the pods; * and ? are wildcards'),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe('labels that pods have; * and ? are wildcards'),
});

const descriptorFields = z.strictObject({
  provider: z.enum(['kind', 'minikube', 'existing', 'aks', 'eks']),
  name: z.string(),
  kubernetes: z.string().regex(/^1\.\d+\.\d+$/, 'write a full version such as 1.36.1'),
  nodes: z.array(node).min(1),
  cni: z.enum(['cilium', 'kindnet', 'other']),
  /** Whether the CNI enforces NetworkPolicy; without it policies are decoration. */
  networkPolicyEnforced: z.boolean(),
  /** Whether kube-proxy runs, or the CNI balances Services itself. */
  kubeProxy: z.boolean(),
  /** What a Service balances: connections (kube-proxy, Cilium L4) or single requests (Cilium L7, a mesh). */
  serviceBalancing: z.enum(['connection', 'request']),
  /** Whether DaemonSets can run on every node (they cannot on Fargate). */
  daemonSets: z.boolean(),
  /**
   * AWS Fargate, where the provider is EKS: pods that a profile selects get a node of their own, on which no
   * NetworkPolicy is enforced and no DaemonSet runs. A profile with several selectors is several entries of one name.
   */
  fargate: z
    .strictObject({
      profiles: z.array(fargateProfile).min(1),
      podStart: durationText.describe('from the decision to run a pod until its node is there'),
    })
    .optional(),
  /** The HorizontalPodAutoscaler controller's flags. */
  autoscaling: z.strictObject({
    syncPeriod: durationText,
    downscaleStabilization: durationText,
    tolerance: z.number().min(0),
    cpuInitializationPeriod: durationText,
    initialReadinessDelay: durationText,
  }),
  /** Feature gates that differ from their defaults, of those that change what an autoscaler does. */
  featureGates: z
    .strictObject({
      HPAConfigurableTolerance: z.boolean().optional(),
      HPAScaleToZero: z.boolean().optional(),
      PodLevelResources: z.boolean().optional(),
    })
    .optional(),
});
/**
 * What a cluster *is*, for everybody else: `kind.yaml` is written from it, checks and the rehearsal read it, and
 * nothing else says anything about the cluster.
 */
export const clusterDescriptor = descriptorFields.refine(
  ({ provider, fargate }) => fargate === undefined || provider === 'eks',
  { path: ['fargate'], message: 'only the provider eks has Fargate' },
);
/** See {@link clusterDescriptor}. */
export type ClusterDescriptor = z.infer<typeof clusterDescriptor>;

function isQuantity(text: string): boolean {
  try {
    Quantity.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The controller manager's defaults for the autoscaler. */
export const DEFAULT_AUTOSCALING: ClusterDescriptor['autoscaling'] = {
  syncPeriod: '15s',
  downscaleStabilization: '5m',
  tolerance: 0.1,
  cpuInitializationPeriod: '5m',
  initialReadinessDelay: '30s',
};

/** Port of the API server behind the Service `kubernetes`, which is what network policies see. */
const API_SERVER_PORTS: Readonly<Record<ClusterDescriptor['provider'], number>> = {
  kind: 6443,
  minikube: 8443,
  existing: 6443,
  aks: 443,
  eks: 443,
};

/** The port on which pods of a cluster reach its API server, after the Service is resolved. */
export function apiServerPort({ provider }: Pick<ClusterDescriptor, 'provider'>): number {
  return API_SERVER_PORTS[provider];
}

/** `1.36` of `1.36.1`. */
export function minorVersion(kubernetes: string): string {
  return kubernetes.split('.').slice(0, 2).join('.');
}

/** How many nodes the cluster has. */
export function nodeCount(cluster: ClusterDescriptor): number {
  return cluster.nodes.reduce((total, shape) => total + shape.count, 0);
}
