import { type Expr } from '../promql';
import { type AtModifier } from '../promql/language/ast';

/** Functions whose result depends on the time of evaluation, whatever their arguments (`AtModifierUnsafeFunctions`). */
const UNSAFE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['days_in_month', 'day_of_month', 'day_of_week', 'day_of_year', 'hour', 'minute', 'month', 'year'],
  ...['end', 'predict_linear', 'range', 'start', 'step', 'time', 'timestamp'],
]);

/**
 * The expression with `@` set to `atMs` wherever it reads data and says no time itself: it then has the same result
 * at any time. Undefined if it holds a function for which that is not so.
 */
export function pinned(expr: Expr, atMs: number): Expr | undefined {
  return isUnsafe(expr) ? undefined : pin(expr, atMs);
}

/** Other times at which a pinned expression is evaluated: before, at and after the epoch, earlier and later. */
export function otherTimes(atMs: number): readonly number[] {
  return atMs === 0 ? [-1000, 0, 1000] : [-10 * atMs, 0, Math.trunc(atMs / 5), atMs, 10 * atMs];
}

/** The steps inside a subquery follow from its own time, which is pinned: what they hold does not matter. */
function isUnsafe(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
      return UNSAFE_FUNCTIONS.has(expr.function) || expr.args.some(isUnsafe);
    case 'aggregate':
      return isUnsafe(expr.operand) || (expr.parameter !== undefined && isUnsafe(expr.parameter));
    case 'unary':
      return isUnsafe(expr.operand);
    case 'binary':
      return isUnsafe(expr.left) || isUnsafe(expr.right);
    case 'number':
    case 'string':
    case 'vectorSelector':
    case 'matrixSelector':
    case 'subquery':
      return false;
  }
}

function pin(expr: Expr, atMs: number): Expr {
  switch (expr.kind) {
    case 'vectorSelector':
    case 'subquery':
      return hasTime(expr) ? expr : { ...expr, at: { atMs } };
    case 'matrixSelector': {
      const { selector } = expr;
      return hasTime(selector) ? expr : { ...expr, selector: { ...selector, at: { atMs } } };
    }
    case 'call':
      return { ...expr, args: expr.args.map((argument) => pin(argument, atMs)) };
    case 'aggregate': {
      const { operand, parameter } = expr;
      return {
        ...expr,
        operand: pin(operand, atMs),
        parameter: parameter === undefined ? undefined : pin(parameter, atMs),
      };
    }
    case 'unary':
      return { ...expr, operand: pin(expr.operand, atMs) };
    case 'binary':
      return { ...expr, left: pin(expr.left, atMs), right: pin(expr.right, atMs) };
    case 'number':
    case 'string':
      return expr;
  }
}

/** Whether `@` names a time; `start()` and `end()` are those of the query. */
function hasTime({ at }: { readonly at?: AtModifier | undefined }): boolean {
  return typeof at === 'object';
}
