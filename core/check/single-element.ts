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
      return isSingle(expr.operand);
    case 'aggregate':
      return (
        isSingle(expr.operand) ||
        (!expr.grouping.without && expr.grouping.labels.every((label) => isFixed(label, expr.operand)))
      );
    case 'call':
      return expr.function === 'vector' || expr.args.every(isSingle);
    case 'binary':
      return isSingleBinary(expr);
  }
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

/** Whether its elements have no labels. */
function isBare(expr: Expr): boolean {
  switch (expr.kind) {
    case 'aggregate':
      return !expr.grouping.without && expr.grouping.labels.length === 0;
    case 'call':
      return expr.function === 'vector' || (expr.args.length > 0 && expr.args.every(isBare));
    case 'unary':
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
