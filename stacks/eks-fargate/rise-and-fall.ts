import { formatDuration, parseGoDuration } from '../../core/kube/duration';
import type { ClusterDescriptor, ExpectationInput } from '../../core/model';

/** A load on an autoscaled workload that begins, stays the same for a while and ends; one unit for all its amounts. */
interface PassingLoad {
  /** `namespace/name` of the autoscaler. */
  readonly autoscaler: string;
  /** What the metric has of each pod without the load: requests of probes, CPU at rest. */
  readonly idle: number;
  /** What the load adds in all, however many pods share it. */
  readonly load: number;
  /** Wanted per pod. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  readonly startsMs: number;
  readonly endsMs: number;
  /** From a change of the load until the metric shows all of it. */
  readonly lagMs: number;
  readonly autoscaling: ClusterDescriptor['autoscaling'];
}

/** Syncs, and pods that come and go, until what is decided can be seen. */
const SLACK_MS = 60_000;

/** When the workload is small again at the latest, if it ever is. */
export function fallenMs({
  endsMs,
  lagMs,
  autoscaling,
}: Pick<PassingLoad, 'endsMs' | 'lagMs' | 'autoscaling'>) {
  return endsMs + lagMs + parseGoDuration(autoscaling.downscaleStabilization) + SLACK_MS;
}

/**
 * What is expected of an autoscaler under such a load: the least pods before, those that share the load at its end, and
 * the least again when the stabilization window has passed.
 */
export function riseAndFall(given: PassingLoad): ExpectationInput {
  const { autoscaler, idle, load, target, min, max, startsMs, endsMs, autoscaling } = given;
  const within = (pods: number) => Math.min(max, Math.max(min, Math.ceil(pods)));
  /** Pods that share the load when each is to have as much of it; no number suffices for less than none. */
  const sharing = (each: number) => within(each > 0 ? load / each : max);
  const upper = target * (1 + autoscaling.tolerance);
  const atLeast = sharing(upper - idle);
  const atMost = sharing(target - idle);
  const anything = { atLeast: min, atMost: max };
  // A pod that is idle and near its target is left alone however many there are of it.
  const settlesAtMin = Math.ceil((atMost + 1) * (idle / target)) <= min;
  return {
    autoscaler,
    replicasAt: {
      [formatDuration(startsMs)]: idle <= upper ? min : anything,
      [formatDuration(endsMs)]: atLeast === atMost ? atMost : { atLeast, atMost },
      [formatDuration(fallenMs(given))]: settlesAtMin ? min : anything,
    },
    neverAbove: Math.min(max, atMost + 1),
    noScaleDownBefore: formatDuration(endsMs),
    directionChangesAtMost: 2,
    conditionAtEnd: { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound' },
  };
}
