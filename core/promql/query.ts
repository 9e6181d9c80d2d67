import { UsageError } from '../errors';
import { type Annotation, Annotations } from './annotations';
import { type Expr, typeOf } from './language/ast';
import { compilerOf } from './engine/compile';
import { dependsOnContext, type QueryContext } from './language/query-context';
import { extendWindow } from './engine/extended-rates';
import { type Matrix, removeNames } from './engine/matrix';
import { type Compiler, type RangeNode } from './engine/nodes';
import { type Run, type Settings, stepCount, timeOf } from './engine/run';
import { subqueryNode } from './engine/subquery';
import { compareLabels, NO_LABELS } from './labels';
import { DEFAULT_LOOKBACK_MS, DEFAULT_SUBQUERY_STEP_MS, type EngineOptions } from './options';
import { parseExpr } from './language/parser';
import { type Annotated, type MatrixResult, type PointSeries, type QueryResult } from './result';
import { type ValueType } from './language/signatures';
import { type SeriesStore } from './storage/store';
import { Window } from './storage/window';

/** A query that was parsed once to be evaluated often; it remembers which series of a store its selectors match. */
export interface PreparedQuery {
  readonly expr: Expr;
  /**
   * Instant query (`/api/v1/query`). Where PromQL gives the elements no order, they come in that of the store.
   * @throws UsageError if the data makes the query invalid, such as several matches where one is allowed; the message
   *   is that of Prometheus
   */
  evaluate(store: SeriesStore, atMs: number): Annotated<QueryResult>;
  /**
   * Range query (`/api/v1/query_range`) from `startMs` to `endMs`, every `stepMs`; series in the order of their labels.
   * @throws UsageError as `evaluate`, and if the expression is neither a scalar nor an instant vector
   */
  evaluateRange(store: SeriesStore, startMs: number, endMs: number, stepMs: number): Annotated<MatrixResult>;
}

/** What runs a query in one context. */
type Program = (run: Run) => Outcome;

type Outcome =
  | { readonly type: 'rows'; readonly matrix: Matrix }
  | { readonly type: 'numbers'; readonly values: readonly number[] }
  | { readonly type: 'ranges'; readonly series: readonly PointSeries[] }
  | { readonly type: 'text'; readonly value: string };

/**
 * Parses and plans a query.
 * @throws UsageError if the text is not PromQL, with line and column
 * @throws NotSupportedError if it is PromQL that cannot be evaluated here
 */
export function prepare(text: string, options: EngineOptions = {}): PreparedQuery {
  const settings = settingsOf(options);
  const expr = parseExpr(text, options);
  const programIn = programs(expr, settings);
  return {
    expr,
    evaluate: (store, atMs) => {
      requireTime('time', atMs);
      const annotations = new Annotations();
      const program = programIn({ startMs: atMs, endMs: atMs, stepMs: 0 });
      const times = { startMs: atMs, endMs: atMs, stepMs: 1, steps: 1 };
      const outcome = program({ store, ...times, atShiftMs: 0, annotations });
      return instantResult(outcome, annotations.list(text));
    },
    evaluateRange: (store, startMs, endMs, stepMs) => {
      requireRange(typeOf(expr), startMs, endMs, stepMs);
      const annotations = new Annotations();
      const steps = stepCount(startMs, endMs, stepMs);
      const run = { store, startMs, endMs, stepMs, steps, atShiftMs: 0, annotations };
      const outcome = programIn({ startMs, endMs, stepMs })(run);
      return { type: 'matrix', series: rangeSeries(run, outcome), annotations: annotations.list(text) };
    },
  };
}

function settingsOf(options: EngineOptions): Settings {
  return {
    experimentalFunctions: options.experimentalFunctions ?? false,
    durationExpressions: options.durationExpressions ?? true,
    extendedRangeSelectors: options.extendedRangeSelectors ?? false,
    fillModifiers: options.fillModifiers ?? false,
    lookbackMs: options.lookbackMs ?? DEFAULT_LOOKBACK_MS,
    subqueryStepMs: options.subqueryStepMs ?? DEFAULT_SUBQUERY_STEP_MS,
    delayedNameRemoval: options.delayedNameRemoval ?? false,
    startTimestamps: options.startTimestamps ?? false,
    typeAndUnitLabels: options.typeAndUnitLabels ?? false,
  };
}

/** Plans once for all contexts where that is possible. */
function programs(expr: Expr, settings: Settings): (context: QueryContext) => Program {
  const programIn = (context: QueryContext): Program =>
    programOf(expr, compilerOf(expr, settings, context), settings);
  if (dependsOnContext(expr)) return programIn;
  let program: Program | undefined;
  return (context) => (program ??= programIn(context));
}

function programOf(expr: Expr, compiler: Compiler, settings: Settings): Program {
  if (expr.kind === 'string') return () => ({ type: 'text', value: expr.value });
  if (expr.kind === 'subquery') {
    const subquery = subqueryNode(expr, compiler);
    return (run) => {
      const inner = subquery.evaluate(run);
      return { type: 'ranges', series: pointsOf(inner.run, named(inner.matrix, settings)) };
    };
  }
  const range = compiler.range(expr);
  if (range) return (run) => ({ type: 'ranges', series: rangePoints(run, range, settings) });
  if (typeOf(expr) === 'scalar') {
    const scalar = compiler.scalar(expr);
    return (run) => ({ type: 'numbers', values: scalar(run) });
  }
  const vector = compiler.vector(expr);
  return (run) => ({ type: 'rows', matrix: named(vector(run), settings) });
}

function named(matrix: Matrix, { delayedNameRemoval }: Settings): Matrix {
  return delayedNameRemoval ? removeNames(matrix) : matrix;
}

/** The windows of a range vector at the one time of an instant query. */
function rangePoints(run: Run, range: RangeNode, { lookbackMs }: Settings): PointSeries[] {
  const endMs = range.endOf(run.startMs, run);
  const startMs = endMs - range.rangeMs;
  const window = new Window();
  return range.seriesIn(run).series.flatMap((series): PointSeries[] => {
    series.readInto(
      window,
      range.extended ? startMs - lookbackMs : startMs,
      range.extended === 'smoothed' ? endMs + lookbackMs : endMs,
    );
    if (window.length === 0) return [];
    const seen = range.extended
      ? extendWindow(window, startMs, endMs, range.extended === 'smoothed')
      : window;
    const points = Array.from({ length: seen.length }, (_, index) => ({
      atMs: seen.timeAt(index),
      value: seen.valueAt(index),
    }));
    return points.length === 0 ? [] : [{ labels: series.labels, points }];
  });
}

function pointsOf(run: Run, matrix: Matrix): PointSeries[] {
  return matrix.map(({ labels, steps, values }) => ({
    labels,
    points: steps.map((step, index) => ({ atMs: timeOf(run, step), value: values[index] ?? Number.NaN })),
  }));
}

function instantResult(outcome: Outcome, annotations: readonly Annotation[]): Annotated<QueryResult> {
  switch (outcome.type) {
    case 'text':
      return { type: 'string', value: outcome.value, annotations };
    case 'ranges':
      return { type: 'matrix', series: inOrder(outcome.series), annotations };
    case 'numbers':
      return { type: 'scalar', value: outcome.values[0] ?? Number.NaN, annotations };
    case 'rows': {
      const samples = outcome.matrix.map(({ labels, values }) => ({
        labels,
        value: values[0] ?? Number.NaN,
      }));
      return { type: 'vector', samples, annotations };
    }
  }
}

function rangeSeries(run: Run, outcome: Outcome): readonly PointSeries[] {
  switch (outcome.type) {
    case 'rows':
      return inOrder(pointsOf(run, outcome.matrix));
    case 'numbers': {
      const points = outcome.values.map((value, step) => ({ atMs: timeOf(run, step), value }));
      return [{ labels: NO_LABELS, points }];
    }
    case 'text':
    case 'ranges':
      throw new UsageError('a range query needs a scalar or an instant vector');
  }
}

function inOrder(series: readonly PointSeries[]): readonly PointSeries[] {
  return series.toSorted((a, b) => compareLabels(a.labels, b.labels));
}

function requireRange(type: ValueType, startMs: number, endMs: number, stepMs: number): void {
  if (type !== 'scalar' && type !== 'instant vector') {
    throw new UsageError(
      `invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
    );
  }
  requireTime('start', startMs);
  requireTime('end', endMs);
  requireTime('step', stepMs);
  if (!(stepMs > 0)) throw new UsageError(`range query step of ${stepMs} ms: it must be positive`);
  if (endMs < startMs) throw new UsageError('range query: end timestamp must not be before start time');
}

function requireTime(what: string, timeMs: number): void {
  if (!Number.isSafeInteger(timeMs))
    throw new UsageError(`${what} of ${timeMs} ms: it must be whole milliseconds`);
}
