import { almostEqual } from '../almost-equal';
import { binarySearch } from './binary-search';

/** One bucket of a classic histogram: how many observations are at most `upperBound`. */
export interface Bucket {
  readonly upperBound: number;
  count: number;
}

/** A quantile, and what had to be done to the buckets for it. */
export interface BucketQuantile {
  readonly value: number;
  /** Where counts fell from one bucket to the next, if they did. */
  readonly forced?: ForcedMonotonicity | undefined;
}

/** Counts that fell from one bucket to the next were taken for equal. */
export interface ForcedMonotonicity {
  /** Bounds of the first and last bucket that were changed. */
  readonly minBound: number;
  readonly maxBound: number;
  readonly maxDifference: number;
}

/** Smaller relative differences are rounding errors. */
const TOLERANCE = 1e-12;

/**
 * The quantile of a classic histogram, by linear interpolation inside a bucket (`BucketQuantile` in
 * `promql/quantile.go`).
 * @param buckets in any order; they are sorted, added up and corrected in place, which the next quantile of the same
 *   histogram sees, as in Prometheus
 */
export function bucketQuantile(level: number, buckets: Bucket[]): BucketQuantile {
  if (Number.isNaN(level)) return { value: Number.NaN };
  if (level < 0) return { value: -Infinity };
  if (level > 1) return { value: Infinity };
  const coalesced = coalesce(buckets);
  if (coalesced.at(-1)?.upperBound !== Infinity) return { value: Number.NaN };
  const forced = ensureMonotonic(coalesced);
  return { value: interpolatedQuantile(level, coalesced), forced };
}

function interpolatedQuantile(level: number, buckets: readonly Bucket[]): number {
  const last = buckets.length - 1;
  const observations = countAt(buckets, last);
  if (last < 1 || observations === 0) return Number.NaN;
  const rank = level * observations;
  let index = binarySearch(last, (candidate) => countAt(buckets, candidate) >= rank);
  if (index === last) return boundAt(buckets, last - 1);
  if (index === 0 && boundAt(buckets, 0) <= 0) return boundAt(buckets, 0);
  const end = boundAt(buckets, index);
  if (index === 0) return 0 + end * (rank / countAt(buckets, 0));
  index--;
  const start = boundAt(buckets, index);
  const before = countAt(buckets, index);
  return start + (end - start) * ((rank - before) / (countAt(buckets, index + 1) - before));
}

/**
 * The share of the observations between two bounds (`BucketFraction` in `promql/quantile.go`).
 */
export function bucketFraction(lower: number, upper: number, unsorted: Bucket[]): number {
  const buckets = coalesce(unsorted);
  const last = buckets.at(-1);
  if (last?.upperBound !== Infinity) return Number.NaN;
  if (last.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  const rankOf = (bound: number): number => Math.min(observationsBelow(bound, buckets), last.count);
  return (rankOf(upper) - rankOf(lower)) / last.count;
}

/** How many observations are below a bound, by interpolation; infinite if it lies above all buckets. */
function observationsBelow(bound: number, buckets: readonly Bucket[]): number {
  let start = boundAt(buckets, 0) <= 0 ? -Infinity : 0;
  let before = 0;
  for (const { upperBound, count } of buckets) {
    if (start >= bound) return before;
    if (upperBound > bound) {
      return start === -Infinity
        ? count
        : before + ((count - before) * (bound - start)) / (upperBound - start);
    }
    start = upperBound;
    before = count;
  }
  return Infinity;
}

/** Sorts buckets by their bounds and adds those with equal bounds up; what is left over stays at the end of the array. */
function coalesce(buckets: Bucket[]): Bucket[] {
  buckets.sort((a, b) => (a.upperBound < b.upperBound ? -1 : a.upperBound > b.upperBound ? 1 : 0));
  let length = 0;
  for (const { upperBound, count } of buckets.slice()) {
    const last = buckets[length - 1];
    if (last?.upperBound === upperBound) last.count += count;
    else buckets[length++] = { upperBound, count };
  }
  return buckets.slice(0, length);
}

/** Takes rounding errors and falling counts out (`ensureMonotonicAndIgnoreSmallDeltas`). */
function ensureMonotonic(buckets: readonly Bucket[]): ForcedMonotonicity | undefined {
  let previous = countAt(buckets, 0);
  let forced: ForcedMonotonicity | undefined;
  for (const bucket of buckets) {
    const { count, upperBound } = bucket;
    if (count === previous) continue;
    if (almostEqual(previous, count, TOLERANCE)) {
      bucket.count = previous;
    } else if (count < previous) {
      forced = widened(forced, upperBound, previous - count);
      bucket.count = previous;
    } else {
      previous = count;
    }
  }
  return forced;
}

function widened(
  forced: ForcedMonotonicity | undefined,
  bound: number,
  difference: number,
): ForcedMonotonicity {
  return {
    minBound: Math.min(forced?.minBound ?? Infinity, bound),
    maxBound: Math.max(forced?.maxBound ?? -Infinity, bound),
    maxDifference: Math.max(forced?.maxDifference ?? 0, difference),
  };
}

function countAt(buckets: readonly Bucket[], index: number): number {
  return buckets[index]?.count ?? Number.NaN;
}

function boundAt(buckets: readonly Bucket[], index: number): number {
  return buckets[index]?.upperBound ?? Number.NaN;
}
