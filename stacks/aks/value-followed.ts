import { formatDuration } from '../../core/kube/duration';
import type { ExpectationInput } from '../../core/model';

/** A value, and the moment from which it holds. */
export interface ValueFrom {
  readonly value: number;
  readonly fromMs: number;
}

/** How an autoscaler follows one value, whatever the number of pods: `type: Value`. */
export interface ValueFollowed {
  /** Value that one pod stands for. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  /** Deviation from the target that the autoscaler leaves alone. */
  readonly tolerance: number;
}

/** How many steps of the way down are looked at; after more of them their moments are too uncertain. */
const STEPS_DOWN = 4;
/** One sync of the autoscaler's controller: the value before may be seen last that long before a new one is set. */
const LEEWAY_MS = 15_000;
/** From applying Prometheus until it answers, and the autoscaler's next sync. */
const START_MS = 20_000;

/**
 * The sizes that a constant value leads through, from the one that there is to the last. Of a value per size
 * (`ceil(ratio × pods)`, `GetObjectMetricReplicas` of the controller) every step asks for the ratio again, so that there
 * is no end of growth below `max`; how many pods are added at once is up to the autoscaler's policies, and not in here.
 */
export function sizesUnder(value: number, from: number, followed: ValueFollowed): number[] {
  const { target, min, max, tolerance } = followed;
  // The metrics API is exact to the thousandth.
  const ratio = Math.round(value * 1000) / Math.round(target * 1000);
  const sizes = [from];
  for (;;) {
    const size = sizes.at(-1) ?? from;
    const wanted = ratio >= 1 - tolerance && ratio <= 1 + tolerance ? size : Math.ceil(ratio * size);
    const next = Math.min(max, Math.max(min, wanted));
    if (next === size) return sizes;
    sizes.push(next);
  }
}

/**
 * What is expected of an autoscaler whose value rises and at last falls: before each change it has the size that the
 * value leads to, and on the way down every step waits for the stabilization window.
 * @param given.rising values in order of time, each long enough for every step up; before them the value is 0
 */
export function followsValues(
  given: ValueFollowed & {
    /** `namespace/name` of the autoscaler. */
    readonly autoscaler: string;
    readonly rising: readonly ValueFrom[];
    readonly last: ValueFrom;
    readonly stabilizationMs: number;
    readonly scrapeMs: number;
  },
): { readonly duration: string; readonly expect: ExpectationInput } {
  const { autoscaler, rising, last, stabilizationMs, scrapeMs, min } = given;
  const replicasAt: Record<string, number> = { [formatDuration(rising[0]?.fromMs ?? last.fromMs)]: min };
  let size = min;
  rising.forEach(({ value }, index) => {
    size = sizesUnder(value, size, given).at(-1) ?? size;
    replicasAt[formatDuration((rising[index + 1] ?? last).fromMs)] = size;
  });
  const [most, ...down] = sizesUnder(last.value, size, given);
  for (let step = 1; step <= STEPS_DOWN; step++) {
    const at = formatDuration(last.fromMs + (step + 0.5) * stabilizationMs);
    replicasAt[at] = down[step - 1] ?? down.at(-1) ?? size;
  }
  return {
    duration: formatDuration(last.fromMs + (STEPS_DOWN + 0.5) * stabilizationMs),
    expect: {
      autoscaler,
      replicasAt,
      ...(most === undefined ? {} : { neverAbove: Math.max(most, ...down) }),
      noScaleDownBefore: formatDuration(last.fromMs + stabilizationMs - LEEWAY_MS),
      directionChangesAtMost: 1,
      // The rule names the series, so that it need not be listed.
      metricKnownBetween: ['0s', formatDuration(START_MS + 2 * scrapeMs + LEEWAY_MS)],
    },
  };
}
