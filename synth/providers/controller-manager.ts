import { DEFAULT_AUTOSCALING, type ClusterDescriptor } from '../../core/model';

/** Flags of kube-controller-manager for what a cluster descriptor says about autoscaling. */
const FLAGS = {
  syncPeriod: 'horizontal-pod-autoscaler-sync-period',
  downscaleStabilization: 'horizontal-pod-autoscaler-downscale-stabilization',
  tolerance: 'horizontal-pod-autoscaler-tolerance',
  cpuInitializationPeriod: 'horizontal-pod-autoscaler-cpu-initialization-period',
  initialReadinessDelay: 'horizontal-pod-autoscaler-initial-readiness-delay',
} as const satisfies Record<AutoscalingKey, string>;

type AutoscalingKey = keyof ClusterDescriptor['autoscaling'];

/** One setting of the autoscaler's controller, as kube-controller-manager takes it. */
export interface ControllerFlag {
  readonly key: AutoscalingKey;
  /** Without dashes before it. */
  readonly name: string;
  readonly value: string;
  /** What Kubernetes takes where the flag is missing. */
  readonly initial: string;
}

/** Every setting of the autoscaler's controller. */
export function controllerFlags({ autoscaling }: ClusterDescriptor): ControllerFlag[] {
  return Object.entries(FLAGS).flatMap(([key, name]) =>
    isAutoscalingKey(key)
      ? [{ key, name, value: String(autoscaling[key]), initial: String(DEFAULT_AUTOSCALING[key]) }]
      : [],
  );
}

/** The settings that differ from Kubernetes' defaults. */
export function changedFlags(cluster: ClusterDescriptor): ControllerFlag[] {
  return controllerFlags(cluster).filter(({ value, initial }) => value !== initial);
}

function isAutoscalingKey(key: string): key is AutoscalingKey {
  return key in FLAGS;
}
