/** Where marks on an axis from 0 to `most` may stand: at most `count` steps of 1, 2 or 5 times a power of ten. */
export function roundSteps(most: number, count: number): number[] {
  const step = roundStep(most / count);
  const marks = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
  return marks.map((mark) => Number(mark.toPrecision(12)));
}

function roundStep(least: number): number {
  if (least <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** Steps of time that people count in, in milliseconds. */
const TIME_STEPS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
].map((seconds) => seconds * 1000);

/** Moments from 0 to the end at which an axis of time is marked: at most `count` steps. */
export function timeMarks(durationMs: number, count: number): number[] {
  const step =
    TIME_STEPS.find((candidate) => durationMs / candidate <= count) ?? Math.ceil(durationMs / count);
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, index) => index * step);
}

/** A number for people: three significant digits, no exponent, no trailing zeros. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
