import {
  type ArithmeticOperator,
  type BinaryOperator,
  type ComparisonOperator,
  TRIM_OPERATORS,
} from '../language/ast';
import { goPow } from '../go-math';

/** The functions behind the arithmetic operators. */
const ARITHMETIC: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': goPow,
  atan2: Math.atan2,
};

/** The functions behind the comparison operators. NaN differs from everything, itself included. */
const COMPARISON: Readonly<Record<ComparisonOperator, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

/** What an operator makes of two numbers, sets and `bool` aside. */
export type PairFunction =
  | { readonly kind: 'arithmetic'; readonly compute: (left: number, right: number) => number }
  | { readonly kind: 'comparison'; readonly holds: (left: number, right: number) => boolean }
  /** Only native histograms can be cut. */
  | { readonly kind: 'trim' };

/** The function behind an operator; undefined for set operators. */
export function pairFunction(operator: BinaryOperator): PairFunction | undefined {
  if (isKeyOf(operator, ARITHMETIC)) return { kind: 'arithmetic', compute: ARITHMETIC[operator] };
  if (isKeyOf(operator, COMPARISON)) return { kind: 'comparison', holds: COMPARISON[operator] };
  return TRIM_OPERATORS.some((candidate) => candidate === operator) ? { kind: 'trim' } : undefined;
}

function isKeyOf<K extends string>(key: string, record: Readonly<Record<K, unknown>>): key is K {
  return Object.hasOwn(record, key);
}
