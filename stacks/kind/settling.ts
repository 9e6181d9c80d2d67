import { formatDuration } from '../../core/kube/duration';
import type { ExpectationInput } from '../../core/model';

/** From applying a Deployment until its pods answer and are scraped a first time, generously. */
const POD_START_MS = 20_000;
/** Until the autoscaler's next sync, at most. */
const SYNC_MS = 15_000;

/** A constant load on an autoscaled workload. */
interface ConstantLoad {
  /** `namespace/name` of the autoscaler. */
  readonly autoscaler: string;
  /** Requests a second; 0 for none. */
  readonly load: number;
  /** Requests a second wanted per pod. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  /** Deviation from the target that the autoscaler leaves alone. */
  readonly tolerance: number;
  /** Until a metric may be asked for at all: prometheus-adapter has to have listed its series. */
  readonly listedMs: number;
  readonly scrapeMs: number;
}

/**
 * What is expected of an autoscaler under a constant load: it knows the metric soon, goes to the pods that share the
 * load within ten minutes, and stays. Without load it never knows the metric and keeps the least pods.
 */
export function settling(given: ConstantLoad): ExpectationInput {
  const { autoscaler, load, target, min, max, tolerance, listedMs, scrapeMs } = given;
  if (load === 0) return { autoscaler, replicasAt: { '10m': min }, metricUnknownAt: ['10m'] };
  const within = (pods: number) => Math.min(max, Math.max(min, Math.ceil(pods)));
  const atLeast = within(load / (target * (1 + tolerance)));
  const atMost = within(load / target);
  return {
    autoscaler,
    replicasAt: { '10m': atLeast === atMost ? atMost : { atLeast, atMost } },
    neverAbove: Math.min(max, atMost + 1),
    noScaleDownBefore: '12m',
    directionChangesAtMost: 2,
    // A series is scraped twice before it has a rate.
    metricKnownBetween: [
      formatDuration(listedMs),
      formatDuration(listedMs + POD_START_MS + 2 * scrapeMs + SYNC_MS),
    ],
  };
}
