import { type FunctionName } from './ast';
import { goSeconds } from './go-math';
import { avg, count, last, max, min, one, type Reducer, sum } from './reducers';
import { type Window } from './window';

/**
 * What a function makes of the samples of one series in the range from `startMs` (excluded) to `endMs` (included).
 * Undefined if they are too few. There is at least one sample.
 */
export type RangeFunction = (window: Window, startMs: number, endMs: number) => number | undefined;

/** The functions of range vectors. */
export const RANGE_FUNCTIONS: Readonly<Partial<Record<FunctionName, RangeFunction>>> = {
  rate: (window, startMs, endMs) => extrapolate(window, startMs, endMs, true, goSeconds(endMs - startMs)),
  increase: (window, startMs, endMs) => extrapolate(window, startMs, endMs, true),
  delta: (window, startMs, endMs) => extrapolate(window, startMs, endMs, false),
  irate: (window) => lastChange(window, true),
  idelta: (window) => lastChange(window, false),
  avg_over_time: overTime(avg),
  min_over_time: overTime(min),
  max_over_time: overTime(max),
  sum_over_time: overTime(sum),
  count_over_time: overTime(count),
  last_over_time: overTime(last),
  present_over_time: overTime(one),
};

function overTime(reduce: Reducer): RangeFunction {
  return (window) => reduce(window.values, window.length);
}

/**
 * The change in the range, extrapolated to its ends where samples come close to them (`extrapolatedRate` in
 * `promql/functions.go`, its operand order kept: the results agree to the last bit).
 *
 * @param perSeconds what to divide by for a rate
 */
function extrapolate(
  window: Window,
  startMs: number,
  endMs: number,
  isCounter: boolean,
  perSeconds?: number,
): number | undefined {
  const intervals = window.length - 1;
  if (intervals < 1) return undefined;
  const change = isCounter ? counterIncrease(window) : window.valueAt(intervals) - window.valueAt(0);

  const firstMs = window.timeAt(0);
  const lastMs = window.timeAt(intervals);
  const sampledSeconds = (lastMs - firstMs) / 1000;
  const averageSeconds = sampledSeconds / intervals;
  const threshold = averageSeconds * 1.1;

  let toStart = (firstMs - startMs) / 1000;
  if (toStart >= threshold) toStart = averageSeconds / 2;
  if (isCounter) toStart = Math.min(toStart, secondsToZero(window.valueAt(0), change, sampledSeconds));
  let toEnd = (endMs - lastMs) / 1000;
  if (toEnd >= threshold) toEnd = averageSeconds / 2;

  const factor = (sampledSeconds + toStart + toEnd) / sampledSeconds;
  return change * (perSeconds === undefined ? factor : factor / perSeconds);
}

/** How long before its first sample a counter of this slope would have been zero: it cannot have been negative. */
function secondsToZero(first: number, increase: number, sampledSeconds: number): number {
  return increase > 0 && first >= 0 ? sampledSeconds * (first / increase) : Infinity;
}

/** What a counter gained between the first and the last sample; falling means that it started again from zero. */
function counterIncrease(window: Window): number {
  let previous = window.valueAt(0);
  let increase = window.valueAt(window.length - 1) - previous;
  for (let index = 1; index < window.length; index++) {
    const value = window.valueAt(index);
    if (value < previous) increase += previous;
    previous = value;
  }
  return increase;
}

/** The change between the last two samples; for a counter, each second. */
function lastChange(window: Window, isCounter: boolean): number | undefined {
  const index = window.length - 1;
  if (index < 1) return undefined;
  const before = window.valueAt(index - 1);
  const now = window.valueAt(index);
  if (!isCounter) return now - before;
  const increase = now < before ? now : now - before;
  return increase / ((window.timeAt(index) - window.timeAt(index - 1)) / 1000);
}
