import { UsageError } from '../../errors';
import { type Annotations } from '../annotations';
import { type CallExpr, type Expr, typeOf } from '../language/ast';
import { labelValue, METRIC_NAME } from '../labels';
import { type FunctionName } from '../language/signatures';
import { Window } from '../storage/window';
import { absentLabels, absentRows } from './absent';
import { COUNTING } from './counting';
import { type Matrix, ONLY_STEP, requireDistinct, type Row } from './matrix';
import { type Compiler, type RangeNode, type RangeSeries, type ScalarNode, type VectorNode } from './nodes';
import { OVER_TIME } from './over-time';
import { RATES } from './rates';
import { type RangeContext, type RangeFunction } from './range-function';
import { MetricRemarks, rangePosition, remarkOnQuantile } from './range-remarks';
import { REGRESSIONS } from './regression';
import { firstStep, type Run, timeOf } from './run';
import { subqueryNode } from './subquery';

const RANGE_FUNCTIONS: Readonly<Partial<Record<FunctionName, RangeFunction>>> = {
  ...RATES,
  ...OVER_TIME,
  ...COUNTING,
  ...REGRESSIONS,
};

/** Functions that can look at samples beside the window, with which modifier. */
const EXTENDABLE = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
} as const satisfies Readonly<Record<string, readonly FunctionName[]>>;

/** Functions whose result is a value of the series itself. */
const KEEP_NAME: readonly FunctionName[] = ['last_over_time', 'first_over_time'];

/** A call of a function of a range vector. */
export function rangeCallNode(call: CallExpr, compiler: Compiler): VectorNode {
  const { function: name, args } = call;
  const compute = RANGE_FUNCTIONS[name];
  if (!compute) throw new UsageError(`unknown function with name "${name}"`);
  const index = args.findIndex(({ kind }) => kind === 'matrixSelector' || kind === 'subquery');
  const operand = args[index];
  if (!operand) throw new UsageError(`${name}() needs a range vector`);
  const range = compiler.range(operand);
  const parameters = args.filter((_, other) => other !== index).map((argument) => compiler.scalar(argument));
  if (!range) return lostRangeNode(operand, parameters, compiler);
  const node = new RangeCall(call, compiler, range, parameters, compute);
  if (name !== 'absent_over_time') return (run) => node.evaluate(run);
  const labels = absentLabels(operand);
  return (run) => absentRows(run, node.evaluate(run), labels, true);
}

/**
 * Prometheus loses sight of a subquery with `@` in a function that changes with the evaluation time: it evaluates it and
 * the other arguments, and nothing comes out.
 */
function lostRangeNode(operand: Expr, parameters: readonly ScalarNode[], compiler: Compiler): VectorNode {
  if (operand.kind !== 'subquery') throw new UsageError(`expected type range vector, got ${typeOf(operand)}`);
  const subquery = subqueryNode(operand, compiler);
  return (run) => {
    subquery.evaluate(firstStep(run));
    for (const parameter of parameters) parameter(run);
    return [];
  };
}

class RangeCall {
  readonly #window = new Window();
  readonly #keepsName: boolean;
  readonly #context: RangeContext;
  /** Of the evaluation that is under way. */
  #annotations: Annotations | undefined;

  constructor(
    private readonly call: CallExpr,
    private readonly compiler: Compiler,
    private readonly range: RangeNode,
    private readonly parameters: readonly ScalarNode[],
    private readonly compute: RangeFunction,
  ) {
    this.#keepsName = KEEP_NAME.includes(call.function);
    this.#context = {
      startMs: 0,
      endMs: 0,
      atMs: 0,
      rangeMs: range.rangeMs,
      extended: range.extended,
      parameters: [],
      startTimestamps: compiler.settings.startTimestamps,
      metric: '',
      remark: (severity, text, details) =>
        this.#annotations?.add({ severity, text, position: rangePosition(call), details }),
    };
  }

  evaluate(run: Run): Matrix {
    this.#requireExtendable();
    const { series, distinct } = this.range.seriesIn(run);
    const columns = this.parameters.map((parameter) => parameter(run));
    const context = this.#context;
    const rows: Row[] = [];
    this.#annotations = run.annotations;
    const remarks = new MetricRemarks(run, this.call, this.compiler.settings);
    for (const one of series) {
      context.metric = labelValue(one.labels, METRIC_NAME);
      const row = this.#rowOf(run, one, columns, context);
      if (row) rows.push(row);
      if (row) remarks.about(one.labels, context.metric);
    }
    remarkOnQuantile(run, this.call, rows, columns[0] ?? []);
    const mayBeEqual = !this.compiler.settings.delayedNameRemoval && !distinct;
    // Of what is absent, only the steps count.
    if (mayBeEqual && this.call.function !== 'absent_over_time') requireDistinct(rows);
    return rows;
  }

  #rowOf(
    run: Run,
    series: RangeSeries,
    columns: readonly (readonly number[])[],
    context: RangeContext,
  ): Row | undefined {
    const dropName = !this.#keepsName || series.dropName;
    const labels = dropName ? series.unnamed : series.labels;
    if (run.steps === 1) {
      const value = this.#valueAt(run, series, 0, columns, context);
      return value === undefined ? undefined : { labels, dropName, steps: ONLY_STEP, values: [value] };
    }
    const steps: number[] = [];
    const values: number[] = [];
    for (let step = 0; step < run.steps; step++) {
      const value = this.#valueAt(run, series, step, columns, context);
      if (value !== undefined) {
        steps.push(step);
        values.push(value);
      }
    }
    return steps.length === 0 ? undefined : { labels, dropName, steps, values };
  }

  #valueAt(
    run: Run,
    series: RangeSeries,
    step: number,
    columns: readonly (readonly number[])[],
    context: RangeContext,
  ): number | undefined {
    const { range } = this;
    const window = this.#window;
    context.atMs = timeOf(run, step);
    context.endMs = range.endOf(context.atMs, run);
    context.startMs = context.endMs - range.rangeMs;
    if (step === 0 || !range.fixed) {
      const { lookbackMs } = this.compiler.settings;
      const before = range.extended ? lookbackMs : 0;
      const after = range.extended === 'smoothed' ? lookbackMs : 0;
      series.readInto(window, context.startMs - before, context.endMs + after);
    }
    if (window.length === 0) return undefined;
    if (columns.length > 0) context.parameters = columns.map((column) => column[step] ?? Number.NaN);
    return this.compute(window, context);
  }

  #requireExtendable(): void {
    const { extended } = this.range;
    if (!extended) return;
    const allowed: readonly FunctionName[] = EXTENDABLE[extended];
    if (allowed.includes(this.call.function)) return;
    const list = allowed.join(', ');
    throw new UsageError(
      `${extended} modifier can only be used with: ${list} - not with ${this.call.function}`,
    );
  }
}
