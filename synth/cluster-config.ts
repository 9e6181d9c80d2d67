import { stringify } from 'yaml';
import { NotSupportedError } from '../core/errors';
import { DEFAULT_AUTOSCALING, minorVersion, type ClusterDescriptor } from '../core/model';

/** The first Kubernetes minor that kind configures with kubeadm's `v1beta4`, where flags are lists (kind pull request 4173). */
const FIRST_LIST_MINOR = 36;

/** Flags of kube-controller-manager for what a cluster descriptor says about autoscaling. */
const AUTOSCALING_FLAGS = {
  syncPeriod: 'horizontal-pod-autoscaler-sync-period',
  downscaleStabilization: 'horizontal-pod-autoscaler-downscale-stabilization',
  tolerance: 'horizontal-pod-autoscaler-tolerance',
  cpuInitializationPeriod: 'horizontal-pod-autoscaler-cpu-initialization-period',
  initialReadinessDelay: 'horizontal-pod-autoscaler-initial-readiness-delay',
} as const satisfies Record<keyof ClusterDescriptor['autoscaling'], string>;

/**
 * Oldest kind that has an image of a Kubernetes minor; older minors work with every kind that this project's scripts
 * accept.
 */
const KIND_FOR_MINOR: Readonly<Record<string, string>> = { '1.37': '0.33.0', '1.36': '0.32.0' };
const OLDEST_KIND = '0.30.0';

/**
 * Refuses what the generated scripts cannot create.
 * @throws NotSupportedError naming the provider
 */
export function requireKind(cluster: ClusterDescriptor): void {
  if (cluster.provider !== 'kind') {
    throw new NotSupportedError(`installation scripts for a cluster of provider "${cluster.provider}"`);
  }
}

/** The kind release that a cluster needs at least. */
export function oldestKind(cluster: ClusterDescriptor): string {
  return KIND_FOR_MINOR[minorVersion(cluster.kubernetes)] ?? OLDEST_KIND;
}

/** `kind.yaml`: a `kind.x-k8s.io/v1alpha4` Cluster with the nodes, network, controller flags and feature gates of the descriptor. */
export function kindConfig(cluster: ClusterDescriptor): string {
  const image = `kindest/node:v${cluster.kubernetes}`;
  const patches = autoscalingPatch(cluster);
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name: cluster.name,
    networking: {
      ...(cluster.cni === 'kindnet' ? {} : { disableDefaultCNI: true }),
      ...(cluster.kubeProxy ? {} : { kubeProxyMode: 'none' }),
    },
    ...(cluster.featureGates ? { featureGates: cluster.featureGates } : {}),
    ...(patches === undefined ? {} : { kubeadmConfigPatches: [stringify(patches)] }),
    nodes: cluster.nodes.flatMap(({ role, count }) => Array.from({ length: count }, () => ({ role, image }))),
  });
}

/** The controller manager's flags that differ from Kubernetes' defaults, as kubeadm takes them. */
function autoscalingPatch({ autoscaling, kubernetes }: ClusterDescriptor): object | undefined {
  const flags = Object.entries(AUTOSCALING_FLAGS).flatMap(([key, name]) => {
    const setting =
      isAutoscalingKey(key) && autoscaling[key] !== DEFAULT_AUTOSCALING[key] ? autoscaling[key] : undefined;
    return setting === undefined ? [] : [{ name, value: String(setting) }];
  });
  if (flags.length === 0) return undefined;
  const lists = Number(minorVersion(kubernetes).split('.')[1]) >= FIRST_LIST_MINOR;
  return {
    apiVersion: `kubeadm.k8s.io/${lists ? 'v1beta4' : 'v1beta3'}`,
    kind: 'ClusterConfiguration',
    controllerManager: {
      extraArgs: lists ? flags : Object.fromEntries(flags.map(({ name, value }) => [name, value])),
    },
  };
}

function isAutoscalingKey(key: string): key is keyof typeof AUTOSCALING_FLAGS {
  return key in AUTOSCALING_FLAGS;
}
