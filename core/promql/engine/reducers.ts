import { KahanSum } from './kahan-sum';

/**
 * Makes one number of several. Aggregations over series and functions over time share these, as their arithmetic is
 * the same in `promql/engine.go` and `promql/functions.go`. There is always at least one value.
 */
export type Reducer = (values: ArrayLike<number>, count: number) => number;

/** Starts with the first value, so that the sum of -0 is -0. */
export const sum: Reducer = (values, count) => {
  const total = new KahanSum(at(values, 0));
  for (let index = 1; index < count; index++) total.add(at(values, index));
  return total.total;
};

export const avg: Reducer = (values, count) => {
  const total = new KahanSum(at(values, 0));
  for (let index = 1; index < count; index++) {
    const { sum: sumBefore, compensation: compensationBefore } = total;
    total.add(at(values, index));
    if (Math.abs(total.sum) === Infinity) {
      const mean = new KahanSum(sumBefore / index, compensationBefore / index);
      return incrementalAvg(mean, values, index, count);
    }
  }
  return total.sum / count + total.compensation / count;
};

/** Goes on with a running mean where the sum would overflow. */
function incrementalAvg(mean: KahanSum, values: ArrayLike<number>, from: number, count: number): number {
  for (let index = from; index < count; index++) {
    const share = index / (index + 1);
    mean.sum *= share;
    mean.compensation *= share;
    mean.add(at(values, index) / (index + 1));
  }
  return mean.total;
}

export const min: Reducer = (values, count) => {
  let least = at(values, 0);
  for (let index = 1; index < count; index++) {
    const value = at(values, index);
    if (value < least || Number.isNaN(least)) least = value;
  }
  return least;
};

export const max: Reducer = (values, count) => {
  let greatest = at(values, 0);
  for (let index = 1; index < count; index++) {
    const value = at(values, index);
    if (value > greatest || Number.isNaN(greatest)) greatest = value;
  }
  return greatest;
};

export const count: Reducer = (_values, length) => length;

export const one: Reducer = () => 1;

export const last: Reducer = (values, length) => at(values, length - 1);

/** Population variance by Welford's method, in the order of `aggregation` in `promql/engine.go`. */
export const stdvar: Reducer = (values, length) => {
  let mean = at(values, 0);
  let squares = Number.isFinite(mean) ? 0 : Number.NaN;
  for (let index = 1; index < length; index++) {
    const value = at(values, index);
    const delta = value - mean;
    mean += delta / (index + 1);
    squares += delta * (value - mean);
  }
  return squares / length;
};

export const stddev: Reducer = (values, length) => Math.sqrt(stdvar(values, length));

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/**
 * The quantile of values, between two of them in proportion (`quantile` in `promql/quantile.go`).
 * @param values of which the first `length` count; they are sorted
 */
export function quantile(level: number, values: ArrayLike<number>, length: number): number {
  if (length === 0 || Number.isNaN(level)) return Number.NaN;
  if (level < 0) return -Infinity;
  if (level > 1) return Infinity;
  const sorted = Array.from({ length }, (_, index) => at(values, index)).sort(nanFirst);
  const rank = level * (length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return at(sorted, lower) * (1 - weight) + at(sorted, upper) * weight;
}

/** Ascending, with NaN before everything. */
function nanFirst(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
