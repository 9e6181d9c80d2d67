import { UsageError } from '../../errors';
import { formatFixed } from '../go-float';
import { type Window } from '../storage/window';
import { KahanSum } from './kahan-sum';
import { type RangeFunction } from './range-function';

/** Straight lines and smoothing (`linearRegression` in `promql/functions.go`). */
export const REGRESSIONS = {
  deriv: (window) => (window.length < 2 ? undefined : regression(window, window.timeAt(0)).slope),
  predict_linear: (window, { atMs, parameters }) => {
    if (window.length < 2) return undefined;
    const { slope, intercept } = regression(window, atMs);
    return slope * (parameters[0] ?? Number.NaN) + intercept;
  },
  double_exponential_smoothing: (window, { parameters }) =>
    doubleExponential(window, parameters[0] ?? Number.NaN, parameters[1] ?? Number.NaN),
} as const satisfies Readonly<Record<string, RangeFunction>>;

interface Line {
  /** For each second. */
  readonly slope: number;
  readonly intercept: number;
}

/** The line of least squares; its intercept is the value at a time. */
function regression(window: Window, interceptMs: number): Line {
  const first = window.valueAt(0);
  const count = window.length;
  const x = new KahanSum();
  const y = new KahanSum();
  const xy = new KahanSum();
  const xx = new KahanSum();
  let constant = true;
  for (let index = 0; index < count; index++) {
    const value = window.valueAt(index);
    if (index > 0 && value !== first) constant = false;
    const seconds = (window.timeAt(index) - interceptMs) / 1e3;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (constant) {
    return Math.abs(first) === Infinity
      ? { slope: Number.NaN, intercept: Number.NaN }
      : { slope: 0, intercept: first };
  }
  const sumX = x.total;
  const sumY = y.total;
  const covariance = xy.total - (sumX * sumY) / count;
  const variance = xx.total - (sumX * sumX) / count;
  const slope = covariance / variance;
  return { slope, intercept: sumY / count - (slope * sumX) / count };
}

function doubleExponential(window: Window, smoothing: number, trend: number): number | undefined {
  requireFactor('smoothing factor', 'sf', smoothing);
  requireFactor('trend factor', 'tf', trend);
  if (window.length < 2) return undefined;
  let before = 0;
  let smoothed = window.valueAt(0);
  let slope = window.valueAt(1) - window.valueAt(0);
  for (let index = 1; index < window.length; index++) {
    const measured = smoothing * window.valueAt(index);
    if (index > 1) slope = trend * (smoothed - before) + (1 - trend) * slope;
    const expected = (1 - smoothing) * (smoothed + slope);
    before = smoothed;
    smoothed = measured + expected;
  }
  return smoothed;
}

function requireFactor(what: string, name: string, value: number): void {
  if (value <= 0 || value >= 1) {
    throw new UsageError(`invalid ${what}. Expected: 0 < ${name} < 1, got: ${formatFixed(value)}`);
  }
}
