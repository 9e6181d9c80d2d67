import { UsageError } from '../../errors';
import { formatDuration, parseGoDuration } from '../../kube/duration';
import { LONGEST_TIMEOUT_MS, MOST_REQUESTS } from '../../rules/source-shape';

/** What a number may be, both ends included; of a duration, in milliseconds, the shortest is not. */
interface Bounds {
  readonly least: number;
  readonly most?: number;
}

/** Whole numbers. Those that mean something else at zero say so in their help. */
const NUMBERS: ReadonlyMap<string, Bounds> = new Map([
  ['secure-port', { least: 0, most: 65_535 }],
  ['max-requests-inflight', { least: 0 }],
  ['http2-max-streams-per-connection', { least: 0 }],
  ['prometheus-concurrency', { least: 1, most: MOST_REQUESTS }],
]);

/**
 * Durations that must not be zero: with these, nothing would be answered. `--metrics-relist-interval` may be: upstream
 * starts with it, and lists without a pause.
 */
const DURATIONS: ReadonlyMap<string, Bounds> = new Map([
  ['prometheus-timeout', { least: 0, most: LONGEST_TIMEOUT_MS }],
  ['request-timeout', { least: 0 }],
]);

/** @throws UsageError if the value of a flag is not a whole number, or one that the flag cannot have */
export function checkInteger(name: string, value: string): void {
  const { least, most } = NUMBERS.get(name) ?? { least: -Infinity };
  const number = Number(value);
  if (/^[+-]?\d+$/.test(value) && number >= least && number <= (most ?? Infinity)) return;
  const range = most !== undefined ? ` from ${least} to ${most}` : least === 0 ? ', zero or more' : '';
  throw new UsageError(`adapter: --${name} must be a whole number${range}, is ${value}`);
}

/** @throws UsageError if the value of a flag is not a duration, or one that the flag cannot have */
export function checkDuration(name: string, value: string): void {
  const milliseconds = parseGoDuration(value);
  if (milliseconds < 0) throw new UsageError(`adapter: --${name} must not be negative, is ${value}`);
  const bounds = DURATIONS.get(name);
  if (!bounds) return;
  const { least, most = Infinity } = bounds;
  if (milliseconds > least && milliseconds <= most) return;
  const longest = most === Infinity ? '' : ` and at most ${formatDuration(most)}`;
  throw new UsageError(
    `adapter: --${name} must be more than ${formatDuration(least)}${longest}, is ${value}`,
  );
}
