import { type Expr, type SelectorUse, selectorsOf } from '../promql';

/** Whether the result of an expression never has more than one element, whatever series there are. */
export function isSingle(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return true;
    case 'vectorSelector':
    case 'matrixSelector':
      return false;
    case 'unary':
    case 'subquery':
      return isSingle(expr.operand);
    case 'aggregate':
      return isSingleAggregate(expr);
    case 'call':
      return isSingleCall(expr);
    case 'binary':
      return isSingleBinary(expr);
  }
}

function isSingleAggregate({
  operator,
  operand,
  parameter,
  grouping,
}: Expr & { kind: 'aggregate' }): boolean {
  if (isSingle(operand)) return true;
  const oneGroup = !grouping.without && grouping.labels.every((label) => isFixed(label, operand));
  if (['topk', 'bottomk', 'limitk'].includes(operator)) {
    return oneGroup && parameter?.kind === 'number' && parameter.value < 2;
  }
  return oneGroup && operator !== 'count_values' && operator !== 'limit_ratio';
}

function isSingleCall({ function: name, args }: Expr & { kind: 'call' }): boolean {
  if (['vector', 'absent', 'absent_over_time'].includes(name)) return true;
  if (name === 'histogram_quantile' || name === 'histogram_fraction') return args.every(isOneHistogram);
  return name !== 'histogram_quantiles' && args.every(isSingle);
}

/** Whether its elements are the buckets of one histogram at most, or there is one element. */
function isOneHistogram(expr: Expr): boolean {
  if (expr.kind !== 'aggregate' || isPicking(expr)) return isSingle(expr);
  const { grouping, operand } = expr;
  return !grouping.without && grouping.labels.every((label) => label === 'le' || isFixed(label, operand));
}

/** Aggregations whose elements are not told apart by the grouping alone. */
function isPicking({ operator }: Expr & { kind: 'aggregate' }): boolean {
  return ['topk', 'bottomk', 'limitk', 'limit_ratio', 'count_values'].includes(operator);
}

function isSingleBinary({ operator, left, right, matching }: Expr & { kind: 'binary' }): boolean {
  // One side is a number.
  if (!matching) return isSingle(left) && isSingle(right);
  if (operator === 'or') return isSingle(left) && isSingle(right) && isBare(left) && isBare(right);
  if (matching.cardinality === 'many-to-many' || matching.cardinality === 'many-to-one')
    return isSingle(left);
  return matching.cardinality === 'one-to-many' ? isSingle(right) : isSingle(left) || isSingle(right);
}

/** Whether all elements have the same value of a label: every selector asks for one. */
function isFixed(label: string, expr: Expr): boolean {
  const uses = selectorsOf(expr);
  const values = new Set(uses.map((use) => fixedValue(use, label)));
  return values.size === 1 && !values.has(undefined);
}

function fixedValue({ matchers }: SelectorUse, label: string): string | undefined {
  return matchers.find((matcher) => matcher.label === label && matcher.operator === '=')?.value;
}

/** Functions whose results can have labels that their arguments lack. */
const LABELLING: readonly string[] = [
  ...['absent', 'absent_over_time', 'histogram_quantiles', 'info', 'label_join', 'label_replace'],
];

/** Whether its elements have no labels. */
function isBare(expr: Expr): boolean {
  switch (expr.kind) {
    case 'aggregate':
      return !isPicking(expr) && !expr.grouping.without && expr.grouping.labels.length === 0;
    case 'call':
      if (LABELLING.includes(expr.function)) return false;
      return expr.function === 'vector' || (expr.args.length > 0 && expr.args.every(isBare));
    case 'unary':
    case 'subquery':
      return isBare(expr.operand);
    case 'binary':
      return isBare(expr.left) && isBare(expr.right);
    case 'number':
      return true;
    case 'string':
    case 'vectorSelector':
    case 'matrixSelector':
      return false;
  }
}
