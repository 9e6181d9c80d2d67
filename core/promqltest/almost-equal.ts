/** Relative error that two values may have and still count as equal. */
const EPSILON = 0.000001;
const SMALLEST_NORMAL = 2 ** -1022;

/** Whether values are equal as far as test scripts care (`almost.Equal` of Prometheus). */
export function almostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < EPSILON * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < EPSILON;
}
