import { UsageError } from '../../errors';
import { goMax, goMin, goPow } from '../go-math';
import { type AtModifier, type DurationExpr, type Expr } from './ast';
import { isTooLong } from './duration-literal';

/** The times that a query is asked for; an instant query has equal ones and no step. */
export interface QueryContext {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

const CONTEXT_FUNCTIONS: readonly string[] = ['start', 'end', 'range', 'step'];

/** Whether a function tells something about the query. */
export function isContextFunction(name: string): boolean {
  return CONTEXT_FUNCTIONS.includes(name);
}

/** Whether an expression means something else for another query context. */
export function dependsOnContext(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return false;
    case 'vectorSelector':
      return typeof expr.at === 'string' || expr.offsetExpr !== undefined;
    case 'matrixSelector':
      return expr.rangeExpr !== undefined || dependsOnContext(expr.selector);
    case 'subquery':
      return (
        typeof expr.at === 'string' ||
        [expr.offsetExpr, expr.rangeExpr, expr.stepExpr].some((duration) => duration !== undefined) ||
        dependsOnContext(expr.operand)
      );
    case 'unary':
      return dependsOnContext(expr.operand);
    case 'binary':
      return dependsOnContext(expr.left) || dependsOnContext(expr.right);
    case 'call':
      return isContextFunction(expr.function) || expr.args.some(dependsOnContext);
    case 'aggregate':
      return dependsOnContext(expr.operand) || (expr.parameter ? dependsOnContext(expr.parameter) : false);
  }
}

/** The time of an `@` modifier. */
export function timeOfAt(at: AtModifier, { startMs, endMs }: QueryContext): number {
  if (at === 'start') return startMs;
  return at === 'end' ? endMs : at.atMs;
}

/** The value of `start()`, `end()`, `range()` or `step()` in seconds; undefined for other functions. */
export function contextValue(name: string, { startMs, endMs, stepMs }: QueryContext): number | undefined {
  switch (name) {
    case 'start':
      return startMs / 1000;
    case 'end':
      return endMs / 1000;
    case 'range':
      return (endMs - startMs) / 1000;
    case 'step':
      return startMs === endMs ? 0 : stepMs / 1000;
    default:
      return undefined;
  }
}

/**
 * The milliseconds of a computed duration (`promql/durations.go`).
 * @throws UsageError if it is not finite, out of range, or not positive where it must be
 */
export function durationMs(
  expr: DurationExpr,
  context: QueryContext,
  sign: 'positive' | 'any' = 'positive',
): number {
  const seconds = secondsOf(expr, context);
  if (!Number.isFinite(seconds)) return fail(expr, 'duration is NaN or infinite');
  if (seconds <= 0 && sign === 'positive') return fail(expr, 'duration must be greater than 0');
  if (isTooLong(seconds)) return fail(expr, 'duration is out of range');
  return Math.trunc(seconds * 1000);
}

function secondsOf(expr: DurationExpr, context: QueryContext): number {
  switch (expr.kind) {
    case 'seconds':
      return expr.seconds;
    case 'step':
      return context.stepMs / 1000;
    case 'range':
      return (context.endMs - context.startMs) / 1000;
    case 'operation':
      return operationSeconds(expr, context);
  }
}

function operationSeconds(expr: Extract<DurationExpr, { kind: 'operation' }>, context: QueryContext): number {
  const right = secondsOf(expr.right, context);
  const left = expr.left ? secondsOf(expr.left, context) : 0;
  switch (expr.operator) {
    case '+':
      return left + right;
    case '-':
      return expr.left ? left - right : -right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? fail(expr, 'division by zero') : left / right;
    case '%':
      return right === 0 ? fail(expr, 'modulo by zero') : left % right;
    case '^':
      return goPow(left, right);
    case 'min_of':
      return goMin(left, right);
    case 'max_of':
      return goMax(left, right);
    case 'atan2':
      return fail(expr, 'unexpected duration expression operator "atan2"');
  }
}

function fail(expr: DurationExpr, problem: string): never {
  const where = 'position' in expr ? `${expr.position.start}:${expr.position.end}: ` : '';
  throw new UsageError(`${where}${problem}`);
}
