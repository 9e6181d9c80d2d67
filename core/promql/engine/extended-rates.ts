import { goSeconds } from '../go-math';
import { Window } from '../storage/window';
import { binarySearch } from './binary-search';
import { type RangeContext } from './range-function';

/** The window of samples between which a change is taken. */
interface Bounds {
  first: number;
  last: number;
}

/**
 * The change between the values at both ends of the window, with `anchored` or `smoothed` (`extendedRate` in
 * `promql/functions.go`).
 */
export function extendedChange(
  window: Window,
  context: RangeContext,
  { isCounter, isRate }: { readonly isCounter: boolean; readonly isRate: boolean },
): number | undefined {
  const { startMs, endMs } = context;
  const smoothed = context.extended === 'smoothed';
  const bounds = boundsOf(window, startMs, endMs, smoothed);
  if (window.timeAt(bounds.last) <= startMs) return undefined;
  if (smoothed && window.timeAt(bounds.first) > endMs) return undefined;
  const left = leftValue(window, bounds, startMs, smoothed, isCounter);
  const right = rightValue(window, bounds, endMs, smoothed, isCounter);
  let result = right - left;
  if (isCounter) result += lostByResets(window, bounds, context, left, right);
  return isRate ? result / goSeconds(context.rangeMs) : result;
}

/**
 * The samples of a window with those at its ends replaced by values at exactly its ends (`extendFloats` of the engine).
 */
export function extendWindow(window: Window, startMs: number, endMs: number, smoothed: boolean): Window {
  const extended = new Window();
  extended.clear(window.length + 2);
  const bounds = boundsOf(window, startMs, endMs, smoothed);
  if (window.timeAt(bounds.last) <= startMs) return extended;
  const left = leftValue(window, bounds, startMs, smoothed, false);
  const right = rightValue(window, bounds, endMs, smoothed, false);
  const from = window.timeAt(bounds.first) <= startMs ? bounds.first + 1 : bounds.first;
  const to = window.timeAt(bounds.last) >= endMs ? bounds.last - 1 : bounds.last;
  extended.add(startMs, left);
  for (let index = from; index <= to; index++) extended.add(window.timeAt(index), window.valueAt(index));
  extended.add(endMs, right);
  return extended;
}

/** The last sample at or before the start, and the first at or after the end; otherwise the outermost. */
function boundsOf(window: Window, startMs: number, endMs: number, smoothed: boolean): Bounds {
  const end = window.length - 1;
  const first = Math.max(0, binarySearch(end, (index) => window.timeAt(index) > startMs) - 1);
  return { first, last: smoothed ? binarySearch(end, (index) => window.timeAt(index) >= endMs) : end };
}

function leftValue(
  window: Window,
  { first }: Bounds,
  startMs: number,
  smoothed: boolean,
  isCounter: boolean,
): number {
  return smoothed && window.timeAt(first) < startMs
    ? interpolate(window, first, startMs, isCounter)
    : window.valueAt(first);
}

function rightValue(
  window: Window,
  { last }: Bounds,
  endMs: number,
  smoothed: boolean,
  isCounter: boolean,
): number {
  return smoothed && last > 0 && window.timeAt(last) > endMs
    ? interpolate(window, last - 1, endMs, isCounter)
    : window.valueAt(last);
}

/** The value at a time between a sample and the next. */
export function interpolate(window: Window, index: number, atMs: number, isCounter: boolean): number {
  const next = window.valueAt(index + 1);
  const value = isCounter && next < window.valueAt(index) ? 0 : window.valueAt(index);
  const startMs = window.timeAt(index);
  return value + ((next - value) * (atMs - startMs)) / (window.timeAt(index + 1) - startMs);
}

/** What a counter had before it started again from zero, between the values at both ends. */
function lostByResets(
  window: Window,
  { first, last }: Bounds,
  { startMs, endMs }: RangeContext,
  left: number,
  right: number,
): number {
  const from = window.timeAt(first) <= startMs ? first + 1 : first;
  const to = window.timeAt(last) >= endMs ? last - 1 : last;
  let lost = 0;
  let previous = left;
  for (let index = from; index <= to; index++) {
    if (window.valueAt(index) < previous) lost += previous;
    previous = window.valueAt(index);
  }
  return right < previous ? lost + previous : lost;
}
