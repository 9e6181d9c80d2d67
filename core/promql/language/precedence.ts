import {
  ARITHMETIC_OPERATORS,
  type ArithmeticOperator,
  type BinaryOperator,
  COMPARISON_OPERATORS,
  type ComparisonOperator,
  SET_OPERATORS,
  type SetOperator,
} from './ast';

/** How tightly each operator binds its operands. Only `^` associates to the right. */
const PRECEDENCES: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};

/** How tightly a sign binds: as multiplication does, so `-2 ^ 2` is `-(2 ^ 2)`. */
export const UNARY_PRECEDENCE = 5;
export const POWER_PRECEDENCE = 6;

/** How tightly an operator binds its operands. */
export function precedenceOf(operator: BinaryOperator): number {
  return PRECEDENCES[operator];
}

/** Whether a word is a binary operator. */
export function isBinaryOperator(word: string): word is BinaryOperator {
  return Object.hasOwn(PRECEDENCES, word);
}

/** Whether a word is an operator on numbers. */
export function isArithmetic(word: string): word is ArithmeticOperator {
  return ARITHMETIC_OPERATORS.some((candidate) => candidate === word);
}

/** Whether the operator compares. */
export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISON_OPERATORS.some((candidate) => candidate === operator);
}

/** Whether the operator works on sets of series. */
export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return SET_OPERATORS.some((candidate) => candidate === operator);
}
