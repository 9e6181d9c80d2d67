import { UsageError } from '../errors';

/**
 * The two notations for lengths of time that the field uses. Both are read into milliseconds.
 *
 * - Go: `1h30m`, `15s`, `1.5s`, `250ms` (Kubernetes flags, `metav1.Duration`).
 * - Prometheus: `1d`, `1w2d`, `5m30s`; whole numbers, units in falling order (`model.ParseDuration`).
 */

/** Nanoseconds of each unit; `µ` has two code points. */
const GO_UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['\u00b5s', 1e3],
  ['\u03bcs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);
const GO_SYNTAX = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+|0)$/;
const GO_PART = /(\d*)\.?(\d*)([a-z\u00b5\u03bc]+)/g;
/** Fraction digits that Go reads; what follows is finer than a nanosecond. */
const FRACTION_DIGITS = 18;
const MAX_NANOS = 2n ** 63n - 1n;
const PROMETHEUS_SYNTAX = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const PROMETHEUS_UNITS = [31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1] as const;
/** Milliseconds of the longest `time.Duration`, some 292 years. */
const MAX_MILLISECONDS = Number(MAX_NANOS / 1_000_000n);

/**
 * Milliseconds of a Go duration such as `1m30s`, exact to the nanosecond (`time.ParseDuration`).
 * @throws UsageError if the text is not a Go duration, or longer than 292 years
 */
export function parseGoDuration(text: string): number {
  const match = GO_SYNTAX.exec(text);
  if (!match) throw new UsageError(`invalid duration "${text}": write it like 15s, 1m30s or 250ms`);
  const [, sign, parts = ''] = match;
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of parts.matchAll(GO_PART)) {
    nanos += goNanos(whole, fraction.slice(0, FRACTION_DIGITS), GO_UNITS.get(unit) ?? 0);
  }
  const negative = sign === '-';
  if (nanos > (negative ? MAX_NANOS + 1n : MAX_NANOS)) throw tooLong(text);
  const milliseconds = Number(nanos) / 1e6;
  return negative && nanos > 0n ? -milliseconds : milliseconds;
}

/** Fractions go through a float and lose what is finer than a nanosecond, as in Go. */
function goNanos(whole: string, fraction: string, unit: number): bigint {
  const rest = Math.trunc(Number(fraction) * (unit / 10 ** fraction.length));
  return BigInt(whole) * BigInt(unit) + BigInt(rest);
}

/**
 * Milliseconds of a Prometheus duration such as `1d12h` (`model.ParseDuration`).
 * @throws UsageError if the text is not a Prometheus duration, or longer than 292 years
 */
export function parsePrometheusDuration(text: string): number {
  if (text === '0') return 0;
  const match = PROMETHEUS_SYNTAX.exec(text);
  if (!match || text === '')
    throw new UsageError(`invalid duration "${text}": write it like 30s, 5m or 1d12h`);
  const total = PROMETHEUS_UNITS.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit, 0);
  if (total > MAX_MILLISECONDS) throw tooLong(text);
  return total;
}

function tooLong(text: string): UsageError {
  return new UsageError(`invalid duration "${text}": longer than 292 years`);
}

/** A length of time as a person reads it: `0s`, `1m30s`, `2h`, `250ms`. Exact to the millisecond. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds === 0) return '0s';
  const parts: string[] = [];
  let rest = Math.round(milliseconds);
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.join('');
}

/** A moment as a person reads it, to the second. */
export function formatMoment(milliseconds: number): string {
  return formatDuration(Math.round(milliseconds / 1000) * 1000);
}
