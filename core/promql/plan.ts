import { UsageError } from '../errors';
import { aggregation } from './aggregation';
import {
  type BinaryExpr,
  type CallExpr,
  type Expr,
  type MatrixSelector,
  typeOf,
  type VectorSelector,
} from './ast';
import { ELEMENT_FUNCTIONS, type ElementFunction } from './element-functions';
import { dropMetricName, NO_LABELS } from './labels';
import { isComparison, isSetOperator } from './precedence';
import { RANGE_FUNCTIONS, type RangeFunction } from './range-functions';
import { type PointSeries, type Sample } from './result';
import { Selection } from './selection';
import { type SeriesStore } from './store';
import { mapValues, requireDistinct, type Vector } from './vector';
import { combineVectors, pairValue } from './vector-binary';
import { Window } from './window';

/** How an expression gets its value at a time. Plans keep what does not change from one time to the next. */
export type Plan<T> = (store: SeriesStore, atMs: number) => T;

/** Plans an expression whose type is instant vector. */
export function planVector(expr: Expr, lookbackMs: number): Plan<Vector> {
  switch (expr.kind) {
    case 'vectorSelector':
      return planSelector(expr, lookbackMs);
    case 'aggregate': {
      const operand = planVector(expr.operand, lookbackMs);
      const aggregate = aggregation(expr);
      return (store, atMs) => aggregate(operand(store, atMs));
    }
    case 'unary': {
      const operand = planVector(expr.operand, lookbackMs);
      return expr.operator === '+'
        ? operand
        : (store, atMs) => mapValues(operand(store, atMs), (value) => -value);
    }
    case 'binary':
      return planBinaryVector(expr, lookbackMs);
    case 'call':
      return planVectorCall(expr, lookbackMs);
    case 'number':
    case 'string':
    case 'matrixSelector':
      throw new UsageError(`expected type instant vector, got ${typeOf(expr)}`);
  }
}

/** Plans an expression whose type is scalar. */
export function planScalar(expr: Expr, lookbackMs: number): Plan<number> {
  switch (expr.kind) {
    case 'number': {
      const { value } = expr;
      return () => value;
    }
    case 'unary': {
      const operand = planScalar(expr.operand, lookbackMs);
      return expr.operator === '+' ? operand : (store, atMs) => -operand(store, atMs);
    }
    case 'binary':
      return planBinaryScalar(expr, lookbackMs);
    case 'call':
      return planScalarCall(expr, lookbackMs);
    case 'string':
    case 'vectorSelector':
    case 'matrixSelector':
    case 'aggregate':
      throw new UsageError(`expected type scalar, got ${typeOf(expr)}`);
  }
}

/** Plans a range vector selector that is the whole query. */
export function planMatrix({ selector, rangeMs }: MatrixSelector): Plan<PointSeries[]> {
  const selection = new Selection(selector.matchers, (labels) => labels);
  const window = new Window();
  return (store, atMs) => {
    const endMs = atMs - selector.offsetMs;
    const found: PointSeries[] = [];
    for (const { series, labels } of selection.in(store).members) {
      series.readInto(window, endMs - rangeMs, endMs);
      const points = Array.from({ length: window.length }, (_, index) => ({
        atMs: window.timeAt(index),
        value: window.valueAt(index),
      }));
      if (points.length > 0) found.push({ labels, points });
    }
    return found;
  };
}

function planSelector({ matchers, offsetMs }: VectorSelector, lookbackMs: number): Plan<Vector> {
  const selection = new Selection(matchers, (labels) => labels);
  return (store, atMs) => {
    const vector: Sample[] = [];
    for (const { series, labels } of selection.in(store).members) {
      const value = series.valueAt(atMs - offsetMs, lookbackMs);
      if (value !== undefined) vector.push({ labels, value });
    }
    return vector;
  };
}

function planBinaryVector(expr: BinaryExpr, lookbackMs: number): Plan<Vector> {
  const { operator, left, right, matching } = expr;
  if (matching) {
    const combine = combineVectors(expr, matching);
    const leftVector = planVector(left, lookbackMs);
    const rightVector = planVector(right, lookbackMs);
    return (store, atMs) => combine(leftVector(store, atMs), rightVector(store, atMs));
  }
  if (isSetOperator(operator)) throw new UsageError(`set operator "${operator}" needs two instant vectors`);
  const pair = pairValue(operator, expr.returnBool);
  const filters = isComparison(operator) && !expr.returnBool;
  const vectorFirst = typeOf(left) !== 'scalar';
  const vector = planVector(vectorFirst ? left : right, lookbackMs);
  const scalar = planScalar(vectorFirst ? right : left, lookbackMs);
  return (store, atMs) => {
    const fixed = scalar(store, atMs);
    const compute = (value: number): number | undefined =>
      vectorFirst ? pair(value, fixed) : pair(fixed, value);
    const elements = vector(store, atMs);
    return filters
      ? elements.filter(({ value }) => compute(value) !== undefined)
      : mapValues(elements, compute);
  };
}

function planBinaryScalar({ operator, left, right }: BinaryExpr, lookbackMs: number): Plan<number> {
  if (isSetOperator(operator)) throw new UsageError(`set operator "${operator}" needs two instant vectors`);
  const pair = pairValue(operator, true);
  const leftScalar = planScalar(left, lookbackMs);
  const rightScalar = planScalar(right, lookbackMs);
  return (store, atMs) => pair(leftScalar(store, atMs), rightScalar(store, atMs)) ?? Number.NaN;
}

function planVectorCall(call: CallExpr, lookbackMs: number): Plan<Vector> {
  const [first, ...others] = call.args;
  if (!first) throw new UsageError(`${call.function}() needs an argument`);
  const rangeFunction = RANGE_FUNCTIONS[call.function];
  if (rangeFunction && first.kind === 'matrixSelector') {
    return planRangeFunction(rangeFunction, first, call.function === 'last_over_time');
  }
  const elementFunction = ELEMENT_FUNCTIONS[call.function];
  if (elementFunction) return planElementFunction(elementFunction, first, others, lookbackMs);
  const scalar = planScalar(first, lookbackMs);
  return (store, atMs) => [{ labels: NO_LABELS, value: scalar(store, atMs) }];
}

function planRangeFunction(compute: RangeFunction, range: MatrixSelector, keepsName: boolean): Plan<Vector> {
  const { selector, rangeMs } = range;
  const selection = new Selection(selector.matchers, keepsName ? (labels) => labels : dropMetricName);
  const window = new Window();
  return (store, atMs) => {
    const endMs = atMs - selector.offsetMs;
    const startMs = endMs - rangeMs;
    const { members, distinct } = selection.in(store);
    const vector: Sample[] = [];
    for (const { series, labels } of members) {
      series.readInto(window, startMs, endMs);
      const value = window.length === 0 ? undefined : compute(window, startMs, endMs);
      if (value !== undefined) vector.push({ labels, value });
    }
    return distinct ? vector : requireDistinct(vector);
  };
}

function planElementFunction(
  compute: ElementFunction,
  vectorArgument: Expr,
  scalarArguments: readonly Expr[],
  lookbackMs: number,
): Plan<Vector> {
  const vector = planVector(vectorArgument, lookbackMs);
  const scalars = scalarArguments.map((argument) => planScalar(argument, lookbackMs));
  return (store, atMs) => {
    const parameters = scalars.map((scalar) => scalar(store, atMs));
    return mapValues(vector(store, atMs), (value) => compute(value, ...parameters));
  };
}

function planScalarCall({ function: name, args: [argument] }: CallExpr, lookbackMs: number): Plan<number> {
  if (name === 'time' || !argument) return (_store, atMs) => atMs / 1000;
  const vector = planVector(argument, lookbackMs);
  return (store, atMs) => {
    const [only, ...others] = vector(store, atMs);
    return only && others.length === 0 ? only.value : Number.NaN;
  };
}
