import { UsageError } from '../errors';
import { type Expr, typeOf } from './ast';
import { labelsKey, NO_LABELS } from './labels';
import { parseExpr } from './parser';
import { type Plan, planMatrix, planScalar, planVector } from './plan';
import { type MatrixResult, type Point, type PointSeries, type QueryResult, type Sample } from './result';
import { type SeriesStore } from './store';

/** How far an instant selector looks back for the newest sample, unless told otherwise (`--query.lookback-delta`). */
export const DEFAULT_LOOKBACK_MS = 300_000;

/** A query that was parsed once to be evaluated often; it remembers which series of a store its selectors match. */
export interface PreparedQuery {
  readonly expr: Expr;
  /**
   * Instant query (`/api/v1/query`). The order of the elements is deterministic and means nothing.
   * @throws UsageError if the data makes the query invalid, such as several matches where one is allowed
   */
  evaluate(store: SeriesStore, atMs: number): QueryResult;
  /**
   * Range query (`/api/v1/query_range`): the instant query at `startMs` and every `stepMs` until `endMs`.
   * Results with the same labels at different steps are one series; Prometheus refuses the query if they stem from
   * series that a function of ranges or a sign made equal by dropping their metric names.
   * @throws UsageError as `evaluate`, and if the expression is neither a scalar nor an instant vector
   */
  evaluateRange(store: SeriesStore, startMs: number, endMs: number, stepMs: number): MatrixResult;
}

/**
 * Parses and plans a query.
 * @throws UsageError if the text is not PromQL, with line and column
 * @throws NotSupportedError if it is PromQL that cannot be evaluated here
 */
export function prepare(text: string, lookbackMs = DEFAULT_LOOKBACK_MS): PreparedQuery {
  const expr = parseExpr(text);
  const plan = planQuery(expr, lookbackMs);
  return {
    expr,
    evaluate: plan,
    evaluateRange: (store, startMs, endMs, stepMs) => {
      if (!(stepMs > 0)) throw new UsageError(`range query step of ${stepMs} ms: it must be positive`);
      if (endMs < startMs) throw new UsageError('range query: end timestamp must not be before start time');
      return evaluateRange(plan, store, startMs, endMs, stepMs);
    },
  };
}

function planQuery(expr: Expr, lookbackMs: number): Plan<QueryResult> {
  if (expr.kind === 'string') return () => ({ type: 'string', value: expr.value });
  if (expr.kind === 'matrixSelector') {
    const matrix = planMatrix(expr);
    return (store, atMs) => ({ type: 'matrix', series: matrix(store, atMs) });
  }
  if (typeOf(expr) === 'scalar') {
    const scalar = planScalar(expr, lookbackMs);
    return (store, atMs) => ({ type: 'scalar', value: scalar(store, atMs) });
  }
  const vector = planVector(expr, lookbackMs);
  return (store, atMs) => ({ type: 'vector', samples: vector(store, atMs) });
}

function evaluateRange(
  plan: Plan<QueryResult>,
  store: SeriesStore,
  startMs: number,
  endMs: number,
  stepMs: number,
): MatrixResult {
  const series = new Map<string, PointSeries & { readonly points: Point[] }>();
  for (let atMs = startMs; atMs <= endMs; atMs += stepMs) {
    for (const { labels, value } of samplesOf(plan(store, atMs))) {
      const key = labelsKey(labels);
      const known = series.get(key);
      if (known) known.points.push({ atMs, value });
      else series.set(key, { labels, points: [{ atMs, value }] });
    }
  }
  return { type: 'matrix', series: [...series.values()] };
}

function samplesOf(result: QueryResult): readonly Sample[] {
  switch (result.type) {
    case 'vector':
      return result.samples;
    case 'scalar':
      return [{ labels: NO_LABELS, value: result.value }];
    case 'string':
    case 'matrix': {
      const type = result.type === 'matrix' ? 'range vector' : result.type;
      throw new UsageError(
        `invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
      );
    }
  }
}
