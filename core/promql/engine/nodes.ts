import { type Labels } from '../../kube/selector';
import { type Expr, type Position } from '../language/ast';
import { type Window } from '../storage/window';
import { type QueryContext } from '../language/query-context';
import { type Matrix } from './matrix';
import { type Run, type Settings } from './run';

/** How an expression gets its value. What does not change from one evaluation to the next is kept. */
export type VectorNode = (run: Run) => Matrix;

/** The values of a scalar at all steps. */
export type ScalarNode = (run: Run) => readonly number[];

/** One series of a range vector. */
export interface RangeSeries {
  readonly labels: Labels;
  /** The labels without the metric name, if it does not go later. */
  readonly unnamed: Labels;
  readonly dropName: boolean;
  /** Reads the samples after `fromMs`, up to and with `toMs`. */
  readInto(window: Window, fromMs: number, toMs: number): void;
}

/** The series of a range vector in one evaluation. */
export interface RangeSelection {
  readonly series: readonly RangeSeries[];
  /** Whether they surely stay different when they lose their metric names. */
  readonly distinct: boolean;
}

/** A range vector: series, and the window of them that each evaluation time sees. */
export interface RangeNode {
  readonly rangeMs: number;
  readonly extended: 'anchored' | 'smoothed' | undefined;
  /** Whether all evaluation times see the same window. */
  readonly fixed: boolean;
  readonly position: Position | undefined;
  seriesIn(run: Run): RangeSelection;
  /** The end of the window for an evaluation time. */
  endOf(atMs: number, run: Run): number;
}

/** Makes nodes of expressions. */
export interface Compiler {
  readonly settings: Settings;
  readonly context: QueryContext;
  /**
   * Whether it makes those of the parameter of an aggregation. Prometheus forgets to prepare `@` there: `start()` and
   * `end()` mean nothing, and any other time moves on with the steps.
   */
  readonly inParameter: boolean;
  /** The compiler of the parameter of an aggregation. */
  forParameter(): Compiler;
  vector(expr: Expr): VectorNode;
  scalar(expr: Expr): ScalarNode;
  /** Undefined for what is no range vector, and for a subquery that is evaluated once. */
  range(expr: Expr): RangeNode | undefined;
}
