import { type Labels, type LabelSelector } from '../../../core/kube/selector';
import { type Dice } from './dice';

/** A selector, and the labels that it may match. */
export type SelectorQuestion =
  | { readonly selectorText: string; readonly labels: Labels }
  | { readonly labelSelector: LabelSelector; readonly labels: Labels };

const KEYS = ['a', 'b', 'c', 'in', 'x/y', 'zz'];
const VALUES = ['', 'x', 'y', '1', '7', 'in', 'a_b.c'];
/** At the edges of what is an integer, to `>` and `<`. */
const INTEGERS = [
  ...['1', '5', '-1', '+5', '007', '0x1', '1_0', '١'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808'],
];
/** At the edges of what is a word, a key or a value, and of the ways to print it. */
const ODD_WORDS = [
  ...['inin', 'In', 'NOTIN', 'notin', 'gt', 'lt', 'exists'],
  ...['_', 'a-', '-a', 'é', '😀', 'A/b', 'a.b/C_d', 'a..b/c', 'a/b/c', 'a/', '/a', '/'],
  ...['"q"', 'a\\b', '%', '%s', '<nil>', 'a\u0001b', 'a\u007f', '\u00a0', '\u2028'],
  ...['x'.repeat(63), 'x'.repeat(64), 'é'.repeat(32), `${'a'.repeat(253)}/b`, `${'a'.repeat(254)}/b`],
];
const WORDS = [...KEYS, ...VALUES, ...INTEGERS, ...ODD_WORDS];
const SYMBOLS = [
  ...['=', '==', '!=', '===', '=!', '!', '!!', '<', '>', 'in', 'notin', ' in (', ' notin ('],
  ...['(', ')', ',', ',,', ' ,', ' ', '\t', '\n', '\r', '\v', '\0'],
];
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
const WRONG_OPERATORS = ['', 'in', 'Like', 'Gt', '=', '<&>', 'é', 'a"b', '\u2028'];
/** Of more than a dozen requirements Go may exchange those on one key; slips add some. */
const MOST_REQUIREMENTS = 8;

/** Any selector, as text or in an object. */
export function selectorQuestion(dice: Dice): SelectorQuestion {
  const labels = Object.fromEntries(dice.list(0, 4, () => [dice.pick(KEYS), labelValue(dice)] as const));
  if (dice.chance(0.6)) return { selectorText: selectorText(dice), labels };
  return { labelSelector: labelSelector(dice), labels };
}

/** A label's value, often one that `>` and `<` compare. */
function labelValue(dice: Dice): string {
  return dice.chance(0.4) ? dice.pick(INTEGERS) : value(dice);
}

function value(dice: Dice): string {
  return dice.pick(dice.chance(0.85) ? VALUES : WORDS);
}

function key(dice: Dice): string {
  return dice.pick(dice.chance(0.95) ? KEYS : WORDS);
}

/** As it should be, with a few slips, or no selector at all. */
function selectorText(dice: Dice): string {
  if (dice.chance(0.2)) return dice.list(0, 9, () => dice.pick(dice.chance(0.5) ? WORDS : SYMBOLS)).join('');
  const most = dice.chance(0.05) ? MOST_REQUIREMENTS : 3;
  let text = dice.list(0, most, () => requirement(dice)).join(dice.pick([',', ', ']));
  const slips = dice.chance(0.3) ? dice.between(1, 3) : 0;
  for (let slip = 0; slip < slips; slip++) text = withSlip(text, dice);
  return text;
}

/** A symbol or word too many, or a character missing. */
function withSlip(text: string, dice: Dice): string {
  const characters = Array.from(text);
  const position = dice.between(0, characters.length);
  if (dice.chance(0.3)) return characters.toSpliced(position, 1).join('');
  return characters.toSpliced(position, 0, dice.pick(dice.chance(0.5) ? SYMBOLS : WORDS)).join('');
}

function requirement(dice: Dice): string {
  const forms = [presence, equality, set, set, order];
  return `${dice.pick(['', '', ' '])}${dice.pick(forms)(dice)}`;
}

function presence(dice: Dice): string {
  return `${dice.pick(['', '!', '! '])}${key(dice)}`;
}

function equality(dice: Dice): string {
  return `${key(dice)}${dice.pick(['=', '==', '!=', ' = '])}${value(dice)}`;
}

function set(dice: Dice): string {
  const values = dice.list(0, 4, () => value(dice)).join(dice.pick([',', ', ', ' ,']));
  return `${key(dice)}${dice.pick([' in ', ' notin ', ' in', '\tnotin\n'])}(${values})`;
}

function order(dice: Dice): string {
  return `${key(dice)}${dice.pick(['>', '<', ' > '])}${dice.pick(dice.chance(0.8) ? INTEGERS : WORDS)}`;
}

function labelSelector(dice: Dice): LabelSelector {
  const label = (): readonly [string, string] => [
    dice.chance(0.02) ? '' : dice.pick(dice.chance(0.8) ? KEYS : WORDS),
    value(dice),
  ];
  const matchLabels = dice.maybe(0.6, () => Object.fromEntries(dice.list(0, 2, label)));
  const matchExpressions = dice.maybe(0.7, () => dice.list(0, 3, () => expression(dice)));
  return { ...(matchLabels && { matchLabels }), ...(matchExpressions && { matchExpressions }) };
}

function expression(dice: Dice): NonNullable<LabelSelector['matchExpressions']>[number] {
  const operator = dice.pick(dice.chance(0.95) ? OPERATORS : WRONG_OPERATORS);
  const fitting = operator === 'In' || operator === 'NotIn' ? 0.95 : 0.1;
  const values = dice.maybe(fitting, () => dice.list(0, 3, () => value(dice)));
  return { key: dice.chance(0.95) ? key(dice) : value(dice), operator, ...(values && { values }) };
}
