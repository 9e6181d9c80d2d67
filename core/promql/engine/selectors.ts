import { type MatrixSelector, type VectorSelector } from '../language/ast';
import { dropMetricName } from '../labels';
import { type Series } from '../storage/series';
import { type Window } from '../storage/window';
import { durationMs, timeOfAt } from '../language/query-context';
import { binarySearch } from './binary-search';
import { type Matrix, ONLY_STEP, type Row } from './matrix';
import {
  type Compiler,
  type RangeNode,
  type RangeSelection,
  type RangeSeries,
  type VectorNode,
} from './nodes';
import { type Run, timeOf } from './run';
import { Selection } from './selection';
import { smoothedRow } from './smoothed';
import { unnamed } from './unnamed';

/** The time that a selector looks at, given the evaluation time. */
type TimeShift = (atMs: number, run: Run) => number;

/** An instant vector selector (`evalSeries` of the engine). */
export function vectorSelectorNode(selector: VectorSelector, compiler: Compiler): VectorNode {
  const selection = new Selection(selector.matchers, (labels) => labels);
  const shift = timeShift(selector, compiler);
  const { lookbackMs } = compiler.settings;
  const rowOf =
    selector.extended === 'smoothed'
      ? (run: Run, series: Series) => smoothedRow(run, series, shift, lookbackMs)
      : (run: Run, series: Series) => rowOfSeries(run, series, shift, lookbackMs);
  return (run) => {
    const rows: Row[] = [];
    for (const { series } of selection.in(run.store).members) {
      const row = rowOf(run, series);
      if (row) rows.push(row);
    }
    return rows;
  };
}

/** The function that applies `@` and `offset`. */
export function timeShift(
  { at, offsetMs, offsetExpr }: Pick<VectorSelector, 'at' | 'offsetMs' | 'offsetExpr'>,
  { context, inParameter }: Compiler,
): TimeShift {
  const shiftMs = offsetExpr ? durationMs(offsetExpr, context, 'any') : offsetMs;
  if (at === undefined || (inParameter && typeof at === 'string')) return (atMs) => atMs - shiftMs;
  const fixedMs = timeOfAt(at, context) - shiftMs;
  if (inParameter) return (atMs, { startMs, atShiftMs }) => fixedMs + atShiftMs + (atMs - startMs);
  return (_atMs, { atShiftMs }) => fixedMs + atShiftMs;
}

function rowOfSeries(run: Run, series: Series, shift: TimeShift, lookbackMs: number): Row | undefined {
  const { labels } = series;
  if (run.steps === 1) {
    const value = series.valueAt(shift(run.startMs, run), lookbackMs);
    return value === undefined ? undefined : { labels, dropName: false, steps: ONLY_STEP, values: [value] };
  }
  const steps: number[] = [];
  const values: number[] = [];
  for (let step = 0; step < run.steps; step++) {
    const value = series.valueAt(shift(timeOf(run, step), run), lookbackMs);
    if (value !== undefined) {
      steps.push(step);
      values.push(value);
    }
  }
  return steps.length === 0 ? undefined : { labels, dropName: false, steps, values };
}

/** A range vector selector. */
export function matrixSelectorNode(
  { selector, rangeMs, rangeExpr, position }: MatrixSelector,
  compiler: Compiler,
): RangeNode {
  const { context, settings } = compiler;
  const selection = new Selection(selector.matchers, dropMetricName);
  const known = new WeakMap<object, RangeSelection>();
  return {
    rangeMs: rangeExpr ? durationMs(rangeExpr, context) : rangeMs,
    extended: selector.extended,
    fixed: selector.at !== undefined,
    position,
    endOf: timeShift(selector, compiler),
    seriesIn: ({ store }) => {
      const { members, distinct } = selection.in(store);
      let ranges = known.get(members);
      if (!ranges) {
        ranges = {
          series: members.map(({ series }) => new StoredRange(series, settings.delayedNameRemoval)),
          distinct,
        };
        known.set(members, ranges);
      }
      return ranges;
    },
  };
}

class StoredRange implements RangeSeries {
  readonly dropName = false;
  readonly labels: RangeSeries['labels'];
  readonly unnamed: RangeSeries['labels'];

  constructor(
    private readonly series: Series,
    delayedNameRemoval: boolean,
  ) {
    this.labels = series.labels;
    this.unnamed = unnamed(series.labels, delayedNameRemoval);
  }

  readInto(window: Window, fromMs: number, toMs: number): void {
    this.series.readInto(window, fromMs, toMs);
  }
}

/** The rows of a matrix whose steps are at the times of a run, as series of a range vector. */
export function rangesOf(run: Run, matrix: Matrix, delayedNameRemoval: boolean): RangeSelection {
  return { series: matrix.map((row) => new RowRange(run, row, delayedNameRemoval)), distinct: false };
}

class RowRange implements RangeSeries {
  constructor(
    private readonly run: Run,
    private readonly row: Row,
    private readonly delayedNameRemoval: boolean,
  ) {}

  get labels(): RangeSeries['labels'] {
    return this.row.labels;
  }

  get unnamed(): RangeSeries['labels'] {
    return unnamed(this.row.labels, this.delayedNameRemoval);
  }

  get dropName(): boolean {
    return this.row.dropName;
  }

  readInto(window: Window, fromMs: number, toMs: number): void {
    const { steps, values } = this.row;
    const first = binarySearch(steps.length, (index) => timeOf(this.run, steps[index] ?? 0) > fromMs);
    window.clear(steps.length - first);
    for (let index = first; index < steps.length; index++) {
      const atMs = timeOf(this.run, steps[index] ?? 0);
      if (atMs > toMs) return;
      window.add(atMs, values[index] ?? Number.NaN);
    }
  }
}
