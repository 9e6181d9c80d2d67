import {
  ARITHMETIC_OPERATORS,
  type BinaryOperator,
  COMPARISON_OPERATORS,
  type ComparisonOperator,
  SET_OPERATORS,
  type SetOperator,
} from './ast';

export const BINARY_OPERATORS = [...ARITHMETIC_OPERATORS, ...COMPARISON_OPERATORS, ...SET_OPERATORS] as const;

/** How tightly a sign binds: as multiplication does, so `-2 ^ 2` is `-(2 ^ 2)`. */
export const UNARY_PRECEDENCE = 5;

/** How tightly an operator binds its operands. Only `^` associates to the right. */
export function precedenceOf(operator: BinaryOperator): number {
  switch (operator) {
    case 'or':
      return 1;
    case 'and':
    case 'unless':
      return 2;
    case '==':
    case '!=':
    case '>':
    case '<':
    case '>=':
    case '<=':
      return 3;
    case '+':
    case '-':
      return 4;
    case '*':
    case '/':
    case '%':
      return 5;
    case '^':
      return 6;
  }
}

/** Whether the operator compares. */
export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISON_OPERATORS.some((candidate) => candidate === operator);
}

/** Whether the operator works on sets of series. */
export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return SET_OPERATORS.some((candidate) => candidate === operator);
}
