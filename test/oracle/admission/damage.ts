import { type Json } from '../shrink';
import { type Dice } from './dice';
import { isList, isObject } from './json';

/**
 * What stands in the wrong place: of the wrong type most often, or beyond the numbers of a field. There is no larger
 * number, because quantities of more than 22 zeros are not modelled.
 */
const MISPLACED: readonly Json[] = [
  ...[null, true, false, '', 'x', '1', '<&>'],
  ...[0, 1, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 1e10, 1e22],
  ...[[], [null], ['x'], {}, { a: 1 }],
];
/** Fields that there are not. */
const UNKNOWN_FIELDS = ['foo', 'Name', 'maxReplica'];

/**
 * The same after an accident: fields are lost, values replaced by any others, fields added that there are not. Most of
 * what comes out cannot be decoded any more; some can, and much of that is what nobody would write.
 * @param rate probability that it hits a field
 */
export function damaged(value: Json, dice: Dice, rate: number): Json {
  if (isList(value)) return value.map((part) => damaged(part, dice, rate));
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const [name, part] of Object.entries(value)) {
    if (dice.chance(rate / 2)) continue;
    result[name] = dice.chance(rate / 2) ? dice.pick(MISPLACED) : damaged(part, dice, rate);
  }
  if (dice.chance(rate / 10)) result[dice.pick(UNKNOWN_FIELDS)] = 1;
  return result;
}
