import { type Window } from '../storage/window';
import { type RangeContext, type RangeFunction } from './range-function';
import { isStartReset } from './start-timestamps';

/** How often something happens between the samples of a window. */
export const COUNTING = {
  changes: (window, context) =>
    countBetween(window, context, (index) => {
      const before = window.valueAt(index - 1);
      const value = window.valueAt(index);
      return value !== before && !(Number.isNaN(value) && Number.isNaN(before));
    }),
  resets: (window, context) =>
    countBetween(
      window,
      context,
      (index) =>
        window.valueAt(index) < window.valueAt(index - 1) ||
        (context.startTimestamps && isStartReset(window, index)),
    ),
} as const satisfies Readonly<Record<string, RangeFunction>>;

function countBetween(
  window: Window,
  context: RangeContext,
  happens: (index: number) => boolean,
): number | undefined {
  const first = firstIndex(window, context);
  if (first === undefined) return undefined;
  let count = 0;
  for (let index = first + 1; index < window.length; index++) {
    if (happens(index)) count++;
  }
  return count;
}

/** With `anchored`, the last sample before the window is looked at too, if one is inside. */
function firstIndex(window: Window, { extended, startMs }: RangeContext): number | undefined {
  if (extended !== 'anchored') return 0;
  let inside = 0;
  while (inside < window.length && window.timeAt(inside) <= startMs) inside++;
  return inside === window.length ? undefined : Math.max(0, inside - 1);
}
