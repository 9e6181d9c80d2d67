import { parseGoDuration } from '../../kube/duration';
import { type ClusterDescriptor, minorVersion } from '../../model';
import { fromMilliseconds, SECOND, type Nanoseconds } from '../time';
import { minorOf, nearestProven, type VersionRules, versionRules } from './version';

/** Feature gates of kube-controller-manager and kube-apiserver that change what an autoscaler does. */
export interface FeatureGates {
  /** `behavior.scaleUp.tolerance` and `behavior.scaleDown.tolerance` count (since 1.33). */
  readonly HPAConfigurableTolerance: boolean;
  /** `minReplicas: 0` is valid; since 1.36 the controller also remembers that it scaled to zero itself. */
  readonly HPAScaleToZero: boolean;
  /** Pod-level requests take the place of the containers' (since 1.34). */
  readonly PodLevelResources: boolean;
  /** The status has `observedGeneration` (since 1.37). */
  readonly HPAGeneration: boolean;
}

/** The controller that is modelled: its version, flags and feature gates. */
export interface HpaConfig {
  /** Minor version, such as `1.36`. */
  readonly kubernetes: string;
  /** The number after `1.` of the version whose rules are used. */
  readonly minor: number;
  /** Whether that version was never compared with its own controller, and another's rules stand in. */
  readonly unproven: boolean;
  readonly rules: VersionRules;
  /** `--horizontal-pod-autoscaler-tolerance`, a ratio. */
  readonly tolerance: number;
  /** `--horizontal-pod-autoscaler-downscale-stabilization`. */
  readonly downscaleStabilization: Nanoseconds;
  /** `--horizontal-pod-autoscaler-cpu-initialization-period`. */
  readonly cpuInitializationPeriod: Nanoseconds;
  /** `--horizontal-pod-autoscaler-initial-readiness-delay`. */
  readonly initialReadinessDelay: Nanoseconds;
  readonly featureGates: FeatureGates;
}

/** What a caller may set; everything else has the controller's default for that version. */
export interface HpaConfigOptions {
  readonly kubernetes?: string | undefined;
  /** Accept a version that was never compared with its own controller. */
  readonly unproven?: boolean | undefined;
  readonly tolerance?: number | undefined;
  readonly downscaleStabilization?: Nanoseconds | undefined;
  readonly cpuInitializationPeriod?: Nanoseconds | undefined;
  readonly initialReadinessDelay?: Nanoseconds | undefined;
  readonly featureGates?: { readonly [Gate in keyof FeatureGates]?: boolean | undefined } | undefined;
}

/**
 * The configuration of a controller, 1.36 unless said otherwise.
 * @throws NotSupportedError if that Kubernetes version was not compared with its own controller, unless `unproven`
 */
export function hpaConfig(options: HpaConfigOptions = {}): HpaConfig {
  const kubernetes = options.kubernetes ?? '1.36';
  const asked = minorOf(kubernetes, options.unproven ?? false);
  const minor = nearestProven(asked);
  return {
    kubernetes,
    minor,
    unproven: minor !== asked,
    rules: versionRules(minor),
    tolerance: options.tolerance ?? 0.1,
    downscaleStabilization: options.downscaleStabilization ?? 300 * SECOND,
    cpuInitializationPeriod: options.cpuInitializationPeriod ?? 300 * SECOND,
    initialReadinessDelay: options.initialReadinessDelay ?? 30 * SECOND,
    featureGates: gatesOf(minor, options.featureGates ?? {}),
  };
}

/**
 * The controller of a cluster.
 * @param unproven accept a Kubernetes version that was never compared with its own controller
 * @throws NotSupportedError on such a version otherwise
 */
export function hpaConfigOf(
  { kubernetes, autoscaling, featureGates }: ClusterDescriptor,
  unproven = false,
): HpaConfig {
  return hpaConfig({
    kubernetes: minorVersion(kubernetes),
    unproven,
    tolerance: autoscaling.tolerance,
    downscaleStabilization: nanoseconds(autoscaling.downscaleStabilization),
    cpuInitializationPeriod: nanoseconds(autoscaling.cpuInitializationPeriod),
    initialReadinessDelay: nanoseconds(autoscaling.initialReadinessDelay),
    featureGates,
  });
}

function nanoseconds(duration: string): Nanoseconds {
  return fromMilliseconds(parseGoDuration(duration));
}

/** What to say of a model that nothing proves; undefined if it was compared with its own controller. */
export function unprovenNotice({ kubernetes, minor, unproven }: HpaConfig): string | undefined {
  if (!unproven) return undefined;
  return `the HPA model was never compared with the controller of Kubernetes ${kubernetes}: the rules of 1.${minor} stand in`;
}

/** The gates that are set, and for the others the defaults of `pkg/features/kube_features.go`. */
function gatesOf(minor: number, set: NonNullable<HpaConfigOptions['featureGates']>): FeatureGates {
  return {
    HPAConfigurableTolerance: set.HPAConfigurableTolerance ?? minor >= 35,
    HPAScaleToZero: set.HPAScaleToZero ?? minor >= 37,
    PodLevelResources: set.PodLevelResources ?? minor >= 34,
    HPAGeneration: set.HPAGeneration ?? minor >= 37,
  };
}
