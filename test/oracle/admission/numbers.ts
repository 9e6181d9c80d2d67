import { type Json } from '../shrink';
import { type Dice } from './dice';
import { type Writer } from './writer';

/** Beyond one bound or another. */
const WRONG_INTEGERS = [0, -1, -5, 1801, 3601, 2 ** 31 - 1, -(2 ** 31)];

const QUANTITIES: readonly Json[] = ['1', '10', '100m', '1.5', '1Gi', '2e3', '1k', '30M', 5, 0.5];
const NOT_POSITIVE: readonly Json[] = [
  ...['0', '-0', '+0', '0m', '-0m', '0.0', '0e0', '0Gi', '00', '-00.50', '-0.0000000001'],
  ...['-1', '-100m', '-1.5Gi', '-1Gi', '-8Ki', '-7Ki', '-5Mi', '-1Pi', '-1e3', '-1000', '-1E', '-999E'],
  ...['-12.5e2', '-12345678901234567890', 0, -1, -1.5],
];
/** At the edges of what can be read and of what fits an int64. Some of it is no quantity. */
const AT_THE_EDGE: readonly Json[] = [
  ...['', ' ', '.', '-', '.5', '5.', '+1', '--1', '00.50', 'abc', '1e', '1e3e', '1ki', '1KI', '0x1', '1_000'],
  ...['1 Gi', '1e5Gi', '∞'],
  ...['1Ei', '12345678901234567890', '0.0000000001', 1e20, 1e-10],
];
/** White space to one language or another. */
const SPACES = [
  ...['', ' ', '\t', '\n', '\u0085', '\u00a0', '\u1680', '\u2000', '\u200a', '\u200b', '\u2028'],
  ...['\u202f', '\u205f', '\u3000', '\ufeff'],
];
const SUFFIXES = [
  ...['', '', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'],
  ...['e3', 'E-3', 'e+2', 'e-9', 'e12', 'E0'],
];

/** A whole number within the bounds of its field, or by mistake any. */
export function integer(writer: Writer, right: readonly number[]): number {
  return writer.oneOf(right, WRONG_INTEGERS);
}

/** A positive quantity, or by mistake any. */
export function quantity(writer: Writer): Json {
  if (!writer.errs()) return writer.dice.chance(0.7) ? writer.dice.pick(QUANTITIES) : digits(writer.dice, '');
  return wrongQuantity(writer.dice);
}

/** A quantity that is not negative, or by mistake any. */
export function tolerance(writer: Writer): Json {
  return writer.errs() ? wrongQuantity(writer.dice) : writer.dice.pick(['0', '0.05', '100m', '0.1', 0.2]);
}

function wrongQuantity(dice: Dice): Json {
  if (dice.chance(0.2)) return `${dice.pick(SPACES)}${dice.pick(['1', '-1'])}${dice.pick(SPACES)}`;
  if (dice.chance(0.4)) return digits(dice, dice.pick(['', '-', '+']));
  return dice.pick(dice.chance(0.6) ? NOT_POSITIVE : AT_THE_EDGE);
}

/** Any digits with any suffix. */
function digits(dice: Dice, sign: string): string {
  const run = (low: number, high: number): string => dice.list(low, high, () => dice.below(10)).join('');
  const fraction = dice.maybe(0.4, () => `.${run(0, 12)}`) ?? '';
  return `${sign}${run(1, dice.pick([1, 3, 20]))}${fraction}${dice.pick(SUFFIXES)}`;
}
