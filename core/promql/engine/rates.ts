import { goSeconds } from '../go-math';
import { type Window } from '../storage/window';
import { extendedChange } from './extended-rates';
import { type RangeContext, type RangeFunction } from './range-function';
import { hasOverlappingStart, isStartReset, remarkOnOverlap } from './start-timestamps';

/** Rates and differences over a window (`extrapolatedRate` and `instantValue` in `promql/functions.go`). */
export const RATES = {
  rate: (window, context) => change(window, context, { isCounter: true, isRate: true }),
  increase: (window, context) => change(window, context, { isCounter: true, isRate: false }),
  delta: (window, context) => change(window, context, { isCounter: false, isRate: false }),
  irate: (window, context) => lastChange(window, context, true),
  idelta: (window, context) => lastChange(window, context, false),
} as const satisfies Readonly<Record<string, RangeFunction>>;

/** What kind of change is asked for. */
export interface ChangeKind {
  readonly isCounter: boolean;
  readonly isRate: boolean;
}

function change(window: Window, context: RangeContext, kind: ChangeKind): number | undefined {
  return context.extended ? extendedChange(window, context, kind) : extrapolated(window, context, kind);
}

/**
 * The change in the window, extrapolated to its ends where samples come close to them. The order of the operations is
 * that of Prometheus: the results agree to the last bit.
 */
function extrapolated(
  window: Window,
  context: RangeContext,
  { isCounter, isRate }: ChangeKind,
): number | undefined {
  const last = window.length - 1;
  const difference = window.valueAt(last) - window.valueAt(0);
  let increase = isCounter ? withResets(difference, window, context) : difference;
  const firstMs = window.timeAt(0);
  const lastMs = window.timeAt(last);
  let sampledSeconds = (lastMs - firstMs) / 1000;
  const averageSeconds = last > 0 ? sampledSeconds / last : 0;
  const threshold = averageSeconds * 1.1;
  let toStart = (firstMs - context.startMs) / 1000;
  const zeroMs = isCounter ? startInside(window, context) : undefined;
  if (zeroMs !== undefined) {
    toStart = 0;
    sampledSeconds = (lastMs - zeroMs) / 1000;
    increase += window.valueAt(0);
  } else {
    if (last === 0) return undefined;
    if (toStart >= threshold) toStart = averageSeconds / 2;
    if (isCounter) toStart = Math.min(toStart, secondsToZero(window.valueAt(0), increase, sampledSeconds));
  }
  let toEnd = (context.endMs - lastMs) / 1000;
  if (toEnd >= threshold) toEnd = averageSeconds / 2;
  const factor = sampledSeconds === 0 ? 1 : (sampledSeconds + toStart + toEnd) / sampledSeconds;
  return increase * (isRate ? factor / goSeconds(context.rangeMs) : factor);
}

/** The difference, and what the counter had each time before it started again from zero. */
function withResets(difference: number, window: Window, context: RangeContext): number {
  const useStarts = context.startTimestamps && window.hasStarts;
  let increase = difference;
  let overlaps = false;
  for (let index = 1; index < window.length; index++) {
    overlaps ||= useStarts && hasOverlappingStart(window, index);
    const previous = window.valueAt(index - 1);
    if (window.valueAt(index) < previous || (useStarts && isStartReset(window, index))) increase += previous;
  }
  if (overlaps) remarkOnOverlap(context);
  return increase;
}

/** The start timestamp of the first sample, if it is inside the window. */
function startInside(window: Window, { startMs, startTimestamps }: RangeContext): number | undefined {
  const zeroMs = startTimestamps ? window.startAt(0) : 0;
  return zeroMs !== 0 && zeroMs > startMs && zeroMs < window.timeAt(0) ? zeroMs : undefined;
}

/** How long before its first sample a counter of this slope would have been zero: it cannot have been negative. */
function secondsToZero(first: number, increase: number, sampledSeconds: number): number {
  return increase > 0 && first >= 0 ? sampledSeconds * (first / increase) : Infinity;
}

/** The change between the last two samples; for a counter, each second. */
function lastChange(window: Window, context: RangeContext, isCounter: boolean): number | undefined {
  const index = window.length - 1;
  if (index < 1) return undefined;
  const before = window.valueAt(index - 1);
  const now = window.valueAt(index);
  if (!isCounter) return now - before;
  const isReset = now < before || (context.startTimestamps && isStartReset(window, index));
  const increase = isReset ? now : now - before;
  return increase / ((window.timeAt(index) - window.timeAt(index - 1)) / 1000);
}
