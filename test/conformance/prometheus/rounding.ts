import type { Expr } from '../../../core/promql';

/** Functions and operators of which neither Go nor JavaScript promises the last bit. */
const APPROXIMATE: ReadonlySet<string> = new Set([
  ...['exp', 'ln', 'log2', 'log10', '^', 'atan2'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
]);
/** What hands on a value as it is, or scaled: a relative error stays what it is. */
const FAITHFUL: ReadonlySet<string> = new Set([
  ...['unary', '*', '/', 'and', 'or', 'unless', 'abs', 'deg', 'rad', 'sort', 'sort_desc', 'scalar', 'vector'],
  ...['min', 'max', 'group', 'count', 'min_over_time', 'max_over_time', 'first_over_time', 'last_over_time'],
  ...['label_replace', 'label_join', 'sqrt', 'subquery', 'absent', 'present_over_time', 'count_over_time'],
]);

/** Whether a value of the expression comes from a function that may be rounded either way. */
export function isApproximate(expr: Expr): boolean {
  return APPROXIMATE.has(nameOf(expr)) || partsOf(expr).some(isApproximate);
}

/** Whether something is made of an approximate value that a last bit may change altogether: a comparison, a label. */
export function magnifiesRounding(expr: Expr): boolean {
  const parts = partsOf(expr);
  if (parts.some(magnifiesRounding)) return true;
  return !FAITHFUL.has(nameOf(expr)) && parts.some(isApproximate);
}

function nameOf(expr: Expr): string {
  switch (expr.kind) {
    case 'call':
      return expr.function;
    case 'aggregate':
    case 'binary':
      return expr.operator;
    default:
      return expr.kind;
  }
}

/** What an expression is made of, one level down. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'call':
      return expr.args;
    case 'aggregate':
      return expr.parameter ? [expr.parameter, expr.operand] : [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'unary':
    case 'subquery':
      return [expr.operand];
    default:
      return [];
  }
}
