import { type Series } from '../storage/series';
import { Window } from '../storage/window';
import { interpolate } from './extended-rates';
import { type Row } from './matrix';
import { type Run, timeOf } from './run';

/** An instant selector with `smoothed`: values between samples lie on the line between them (`smoothSeries`). */
export function smoothedRow(
  run: Run,
  series: Series,
  shift: (atMs: number, run: Run) => number,
  lookbackMs: number,
): Row | undefined {
  const window = new Window();
  const steps: number[] = [];
  const values: number[] = [];
  for (let step = 0; step < run.steps; step++) {
    const atMs = shift(timeOf(run, step), run);
    series.readInto(window, atMs - lookbackMs, atMs + lookbackMs);
    const value = valueIn(window, atMs);
    if (value !== undefined) {
      steps.push(step);
      values.push(value);
    }
  }
  return steps.length === 0 ? undefined : { labels: series.labels, dropName: false, steps, values };
}

/** Undefined before the first sample; after the last one its value holds on. */
function valueIn(window: Window, atMs: number): number | undefined {
  let next = 0;
  while (next < window.length && window.timeAt(next) < atMs) next++;
  if (next < window.length && window.timeAt(next) === atMs) return window.valueAt(next);
  if (next === 0) return undefined;
  return next < window.length ? interpolate(window, next - 1, atMs, false) : window.valueAt(next - 1);
}
