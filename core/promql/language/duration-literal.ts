import { formatF } from '../go-float';
import { quoteString } from './quoting';

/**
 * Lengths of time in PromQL: `1h30m`, or a number of seconds. Prometheus counts them in whole nanoseconds in 64 bits;
 * here they are milliseconds, with a fraction where they are finer.
 */

/** Units from long to short, in milliseconds; a duration names them in this order, each at most once. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);
const ORDER: readonly string[] = [...UNITS.keys()];
/** Units that are printed only if nothing is left over: 90d is easier to read than 12w6d. */
const EXACT_UNITS: readonly string[] = ['y', 'w'];
const PART = /(\d+)(\D+)/y;
const LARGEST_COUNT = 2n ** 64n - 1n;
const NANOSECONDS = 1e9;
/** The longest length of time, some 292 years. */
const MAX_NANOSECONDS = 2 ** 63;
const MAX_MILLISECONDS = Number((2n ** 63n - 1n) / 1_000_000n);
const MAX_SECONDS = MAX_NANOSECONDS / NANOSECONDS;

/** A duration such as `1h30m` in milliseconds, or what is wrong with it (`model.ParseDuration`). */
export function parseDuration(text: string): number | { readonly problem: string } {
  let total = 0;
  let last = -1;
  for (let index = 0; index < text.length; index = PART.lastIndex) {
    PART.lastIndex = index;
    const [, digits = '', unit = ''] = PART.exec(text) ?? [];
    if (digits === '' || BigInt(digits) > LARGEST_COUNT) return invalid(text);
    const size = UNITS.get(unit);
    if (size === undefined) {
      return { problem: `unknown unit ${quoteString(unit)} in duration ${quoteString(text)}` };
    }
    if (ORDER.indexOf(unit) <= last) return invalid(text);
    last = ORDER.indexOf(unit);
    total += Number(digits) * size;
    if (total > MAX_MILLISECONDS) return { problem: 'duration out of range' };
  }
  return total;
}

function invalid(text: string): { readonly problem: string } {
  return { problem: `not a valid duration string: ${quoteString(text)}` };
}

/** Milliseconds as seconds, rounded the way Go rounds them (`Duration.Seconds`). */
export function secondsOf(milliseconds: number): number {
  return Math.trunc(milliseconds / 1000) + ((milliseconds % 1000) * 1e6) / NANOSECONDS;
}

/** Whether a number of seconds is longer than a length of time can be. */
export function isTooLong(seconds: number): boolean {
  return seconds > MAX_SECONDS || seconds < -MAX_SECONDS;
}

/** Seconds as milliseconds, to the whole nanosecond; what has no such number becomes the least, as on amd64. */
export function millisecondsOf(seconds: number): number {
  const nanoseconds = roundHalfAway(seconds * NANOSECONDS);
  const fits = nanoseconds >= -MAX_NANOSECONDS && nanoseconds < MAX_NANOSECONDS;
  return (fits ? nanoseconds : -MAX_NANOSECONDS) / 1e6;
}

/** The time of `@` in whole milliseconds; what has no such number in 64 bits becomes the least, as on amd64. */
export function timestampOf(seconds: number): number {
  const milliseconds = roundHalfAway(seconds * 1000);
  return milliseconds >= -(2 ** 63) && milliseconds < 2 ** 63 ? milliseconds : -(2 ** 63);
}

/** Rounds half away from zero (`math.Round`). */
function roundHalfAway(value: number): number {
  const rounded = Math.trunc(value);
  const result = Math.abs(value - rounded) >= 0.5 ? rounded + Math.sign(value) : rounded;
  return result === 0 ? 0 : result;
}

/** A length of time in brackets or behind `offset`: as a duration, or in seconds if that is not exact. */
export function formatMilliseconds(milliseconds: number): string {
  const text = formatWhole(Math.abs(milliseconds));
  const parsed = parseDuration(text);
  if (parsed === Math.abs(milliseconds)) return milliseconds < 0 ? `-${text}` : text;
  return formatF(milliseconds / 1000);
}

/** A number of seconds as an operand of a computed duration. */
export function formatSeconds(seconds: number): string {
  const text = formatWhole(Math.round(Math.abs(seconds) * 1000));
  const parsed = parseDuration(text);
  if (typeof parsed !== 'number' || secondsOf(parsed) !== Math.abs(seconds)) return formatF(seconds);
  return seconds < 0 || Object.is(seconds, -0) ? `-${text}` : text;
}

/** Whole milliseconds as Prometheus prints them (`model.Duration.String`). */
function formatWhole(milliseconds: number): string {
  let rest = Math.trunc(milliseconds);
  if (rest === 0) return '0s';
  let text = '';
  for (const [unit, size] of UNITS) {
    if (EXACT_UNITS.includes(unit) && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
