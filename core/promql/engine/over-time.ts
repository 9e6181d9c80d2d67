import { type Window } from '../storage/window';
import { KahanSum } from './kahan-sum';
import { type RangeFunction } from './range-function';
import { avg, count, last, max, min, one, quantile, type Reducer } from './reducers';

/** The functions that make one number of the samples of a window (`…_over_time`). */
export const OVER_TIME = {
  avg_over_time: reduce(avg),
  min_over_time: reduce(min),
  max_over_time: reduce(max),
  sum_over_time: sum,
  count_over_time: reduce(count),
  last_over_time: reduce(last),
  present_over_time: reduce(one),
  absent_over_time: reduce(one),
  first_over_time: (window) => window.valueAt(0),
  stddev_over_time: (window) => Math.sqrt(variance(window)),
  stdvar_over_time: variance,
  quantile_over_time: (window, { parameters }) =>
    quantile(parameters[0] ?? Number.NaN, window.values, window.length),
  mad_over_time: medianDeviation,
  ts_of_first_over_time: (window) => window.timeAt(0) / 1000,
  ts_of_last_over_time: (window) => window.timeAt(window.length - 1) / 1000,
  ts_of_max_over_time: (window) => timeOfLast(window, (value, most) => value >= most),
  ts_of_min_over_time: (window) => timeOfLast(window, (value, least) => value <= least),
} as const satisfies Readonly<Record<string, RangeFunction>>;

function reduce(reducer: Reducer): RangeFunction {
  return (window) => reducer(window.values, window.length);
}

function sum(window: Window): number {
  const total = new KahanSum();
  for (let index = 0; index < window.length; index++) total.add(window.valueAt(index));
  return Math.abs(total.sum) === Infinity ? total.sum : total.total;
}

/** Population variance by Welford's method, rounding errors carried along. */
function variance(window: Window): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  for (let index = 0; index < window.length; index++) {
    const value = window.valueAt(index);
    const delta = value - mean.total;
    mean.add(delta / (index + 1));
    squares.add(delta * (value - mean.total));
  }
  return squares.total / window.length;
}

/** The median of the distances from the median. */
function medianDeviation(window: Window): number {
  const values = Array.from({ length: window.length }, (_, index) => window.valueAt(index));
  if (values.some(Number.isNaN)) return Number.NaN;
  const median = quantile(0.5, values, values.length);
  const distances = values.map((value) => Math.abs(value - median));
  return quantile(0.5, distances, distances.length);
}

/** The time in seconds of the last sample that beats, or equals, all before it. NaN is beaten by everything. */
function timeOfLast(window: Window, wins: (value: number, best: number) => boolean): number {
  let best = window.valueAt(0);
  let bestMs = window.timeAt(0);
  for (let index = 0; index < window.length; index++) {
    const value = window.valueAt(index);
    if (wins(value, best) || Number.isNaN(best)) {
      best = value;
      bestMs = window.timeAt(index);
    }
  }
  return bestMs / 1000;
}
