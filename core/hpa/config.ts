import { NotSupportedError } from '../errors';

/** Feature gates of kube-controller-manager and kube-apiserver that change what an autoscaler does. */
interface FeatureGates {
  /** `behavior.scaleUp.tolerance` and `behavior.scaleDown.tolerance` count (since 1.33). */
  readonly HPAConfigurableTolerance: boolean;
  /** `minReplicas: 0` is valid; since 1.36 the controller also remembers that it scaled to zero itself. */
  readonly HPAScaleToZero: boolean;
  /** Pod-level requests take the place of the containers' (since 1.34). */
  readonly PodLevelResources: boolean;
}

/** The controller that is modelled: its version, flags and feature gates. */
export interface HpaConfig {
  /** Minor version, such as `1.36`. */
  readonly kubernetes: string;
  /** The number after `1.`. */
  readonly minor: number;
  /** `--horizontal-pod-autoscaler-tolerance`, a ratio. */
  readonly tolerance: number;
  /** `--horizontal-pod-autoscaler-downscale-stabilization`. */
  readonly downscaleStabilizationMs: number;
  /** `--horizontal-pod-autoscaler-cpu-initialization-period`. */
  readonly cpuInitializationMs: number;
  /** `--horizontal-pod-autoscaler-initial-readiness-delay`. */
  readonly initialReadinessDelayMs: number;
  readonly featureGates: FeatureGates;
}

/** What a caller may set; everything else has the controller's default for that version. */
interface HpaConfigOptions extends Partial<Omit<HpaConfig, 'minor' | 'featureGates'>> {
  readonly featureGates?: Partial<FeatureGates> | undefined;
}

const OLDEST_MINOR = 32;
const NEWEST_MINOR = 37;

/**
 * The configuration of a controller, 1.36 unless said otherwise.
 * @throws NotSupportedError if that Kubernetes version is not modelled (1.32 to 1.37 are)
 */
export function hpaConfig(options: HpaConfigOptions = {}): HpaConfig {
  const kubernetes = options.kubernetes ?? '1.36';
  const minor = minorOf(kubernetes);
  return {
    kubernetes,
    minor,
    tolerance: options.tolerance ?? 0.1,
    downscaleStabilizationMs: options.downscaleStabilizationMs ?? 300_000,
    cpuInitializationMs: options.cpuInitializationMs ?? 300_000,
    initialReadinessDelayMs: options.initialReadinessDelayMs ?? 30_000,
    featureGates: { ...defaultGates(minor), ...options.featureGates },
  };
}

function minorOf(kubernetes: string): number {
  const minor = Number(/^1\.(\d+)$/.exec(kubernetes)?.[1]);
  if (minor >= OLDEST_MINOR && minor <= NEWEST_MINOR) return minor;
  throw new NotSupportedError(
    `HPA controller of Kubernetes "${kubernetes}": choose a minor version from 1.${OLDEST_MINOR} to 1.${NEWEST_MINOR}`,
  );
}

/** Defaults of `pkg/features/kube_features.go`. */
function defaultGates(minor: number): FeatureGates {
  return {
    HPAConfigurableTolerance: minor >= 35,
    HPAScaleToZero: minor >= 37,
    PodLevelResources: minor >= 34,
  };
}
