import { UsageError } from '../../errors';
import {
  type Aggregator,
  type AtModifier,
  type DurationExpr,
  type Expr,
  type Grouping,
  type SubqueryExpr,
  type VectorSelector,
} from './ast';
import { durationMs, type QueryContext } from './query-context';
import { type Matcher } from './matcher';

/** The times of an instant query, which is what autoscalers ask. */
const INSTANT: QueryContext = { startMs: 0, endMs: 0, stepMs: 0 };

/**
 * One place where an expression reads series, with what is done to them there. Computed lengths of time are as an
 * instant query computes them.
 */
export interface SelectorUse {
  /** The metric name, where the selector gives one. */
  readonly name?: string | undefined;
  /** All conditions, the one on the metric name included. */
  readonly matchers: readonly Matcher[];
  /** Length of the window of a range selector. */
  readonly rangeMs?: number | undefined;
  /** Length of the windows of the subqueries around it, added up: how much further back samples are read. */
  readonly subqueryRangeMs: number;
  /** Offsets of the selector and of the subqueries around it, added up. */
  readonly offsetMs: number;
  /**
   * The time that `@` fixes, for the selector or else for the innermost subquery around it that has one. What is
   * outside of that changes no time, and is not in `subqueryRangeMs` and `offsetMs`.
   */
  readonly at?: AtModifier | undefined;
  /** Functions and aggregations around the selector, outermost first: `['sum', 'rate']`. */
  readonly functions: readonly string[];
  /** The aggregations among them, outermost first, with the labels that they keep or give up. */
  readonly groupings: readonly (Grouping & { readonly operator: Aggregator })[];
}

type Surroundings = Pick<SelectorUse, 'functions' | 'groupings' | 'subqueryRangeMs' | 'offsetMs' | 'at'>;

/** Every selector of an expression, in the order of the text. */
export function selectorsOf(expr: Expr): SelectorUse[] {
  return collect(expr, { functions: [], groupings: [], subqueryRangeMs: 0, offsetMs: 0 });
}

function collect(expr: Expr, around: Surroundings): SelectorUse[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return [];
    case 'vectorSelector':
      return [useOf(expr, undefined, around)];
    case 'matrixSelector':
      return [useOf(expr.selector, lengthOf(expr.rangeMs, expr.rangeExpr), around)];
    case 'subquery': {
      const inside = movedBy(expr, around);
      const rangeMs = lengthOf(expr.rangeMs, expr.rangeExpr);
      return collect(expr.operand, { ...inside, subqueryRangeMs: inside.subqueryRangeMs + rangeMs });
    }
    case 'unary':
      return collect(expr.operand, around);
    case 'binary':
      return [...collect(expr.left, around), ...collect(expr.right, around)];
    case 'call': {
      const inside = { ...around, functions: [...around.functions, expr.function] };
      return expr.args.flatMap((argument) => collect(argument, inside));
    }
    case 'aggregate': {
      const inside = {
        ...around,
        functions: [...around.functions, expr.operator],
        groupings: [...around.groupings, { operator: expr.operator, ...expr.grouping }],
      };
      const parts = expr.parameter ? [expr.parameter, expr.operand] : [expr.operand];
      return parts.flatMap((part) => collect(part, inside));
    }
  }
}

function useOf(selector: VectorSelector, rangeMs: number | undefined, around: Surroundings): SelectorUse {
  const { name, matchers } = selector;
  return { name, matchers, rangeMs, ...movedBy(selector, around) };
}

/** A fixed time makes offsets and windows around it pointless. */
function movedBy(expr: VectorSelector | SubqueryExpr, around: Surroundings): Surroundings {
  const { at } = expr;
  const offsetMs = lengthOf(expr.offsetMs, expr.offsetExpr);
  if (at !== undefined) return { ...around, at, offsetMs, subqueryRangeMs: 0 };
  return { ...around, offsetMs: around.offsetMs + offsetMs };
}

/** 0 for a length that cannot be computed: a query with it finds nothing but that. */
function lengthOf(milliseconds: number, expr: DurationExpr | undefined): number {
  try {
    return expr ? durationMs(expr, INSTANT, 'any') : milliseconds;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return 0;
  }
}
