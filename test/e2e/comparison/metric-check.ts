import { valueAt, type AutoscalerMetric, type AutoscalerTimeline } from '../../../core/model';
import type { Alignment } from './alignment';
import { LEAST_SHARE_OF_TARGET, VALUE_TOLERANCE } from './tolerances';

type Value = number | null;

/** One metric of both runs, and how they are compared. */
export interface MetricPair {
  readonly real: AutoscalerTimeline;
  readonly rehearsed: AutoscalerTimeline;
  readonly index: number;
  readonly alignment: Alignment;
  readonly toleranceMs: number;
  /** The moment, on the rehearsal's axis, up to which both runs went. */
  readonly untilMs: number;
}

/** Moments at which a metric was compared. */
export interface MetricResult {
  readonly steady: number;
  readonly transient: number;
  /** Texts of moments at which it differs. */
  readonly differences: readonly string[];
}

/**
 * Holds the real values against the rehearsed ones at every sync of either run, from the moment on when both know the
 * metric. A real value counts until the next one is written, as the controller writes only what has changed.
 *
 * A moment is steady if all that the rehearsal had from `toleranceMs` before until as much after lies within 10 % of each
 * other: there the real value is to be within 10 % of the rehearsed one. At other moments, after a change of the load or
 * of replicas, the two may be that much apart in time, so the real value is to lie within what the rehearsal had from
 * then until then, and 10 % more. An unknown value is the same only as an unknown one.
 */
export function compareMetric(pair: MetricPair): MetricResult {
  const { real, rehearsed, index, alignment, untilMs } = pair;
  const metric = rehearsed.metrics[index];
  const values = real.metrics[index]?.values;
  if (!metric || !values) return { steady: 0, transient: 0, differences: ['one of them has no such metric'] };
  const realTimes = real.syncs.atMs.map((atMs) => alignment.rehearsed(atMs));
  const fromMs = Math.max(
    firstTime(realTimes, values) ?? Infinity,
    firstTime(rehearsed.syncs.atMs, metric.values) ?? Infinity,
  );
  if (fromMs === Infinity) return { steady: 0, transient: 0, differences: ['never known in both'] };
  const moments = [...new Set([...realTimes, ...rehearsed.syncs.atMs])].filter(
    (atMs) => atMs >= fromMs && atMs <= untilMs,
  );
  let steady = 0;
  const differences: string[] = [];
  for (const atMs of moments.sort((a, b) => a - b)) {
    const value = valueAt(realTimes, values, atMs) ?? null;
    const result = compareValue(value, metric, rehearsed.syncs.atMs, atMs, pair.toleranceMs);
    if (result.steady) steady += 1;
    if (result.difference !== undefined) differences.push(result.difference);
  }
  return { steady, transient: moments.length - steady, differences };
}

function compareValue(
  value: Value,
  { values, target }: AutoscalerMetric,
  times: readonly number[],
  atMs: number,
  toleranceMs: number,
): { readonly steady: boolean; readonly difference?: string } {
  const near = times.flatMap((time, index) =>
    Math.abs(time - atMs) <= toleranceMs ? [values[index] ?? null] : [],
  );
  const now = valueAt(times, values, atMs) ?? null;
  const around = [...near, now, valueAt(times, values, atMs - toleranceMs) ?? now];
  const known = around.filter((candidate) => candidate !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const floor = Math.abs(target) * LEAST_SHARE_OF_TARGET;
  const margin = (size: number) => Math.max(Math.abs(size) * VALUE_TOLERANCE, floor);
  const steady = known.length === around.length ? most - least <= margin(most) : known.length === 0;
  const seconds = (atMs / 1000).toFixed(1);
  if (value === null || known.length === 0) {
    const same = around.some((candidate) => candidate === value);
    const expected = known.length === 0 ? '<unknown>' : `${number(least)} to ${number(most)}`;
    return same
      ? { steady }
      : { steady, difference: `at ${seconds} s ${number(value)} instead of ${expected}` };
  }
  if (steady && now !== null) {
    if (Math.abs(value - now) <= margin(now)) return { steady };
    return {
      steady,
      difference: `at ${seconds} s ${number(value)} instead of ${number(now)}, which is steady`,
    };
  }
  if (value >= least - margin(least) && value <= most + margin(most)) return { steady };
  return {
    steady,
    difference: `at ${seconds} s ${number(value)} instead of ${number(least)} to ${number(most)}`,
  };
}

function firstTime(times: readonly number[], values: readonly Value[]): number | undefined {
  return times[values.findIndex((value) => value !== null)];
}

function number(value: Value): string {
  return value === null ? '<unknown>' : String(Number(value.toPrecision(4)));
}
