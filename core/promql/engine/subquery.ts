import { type SubqueryExpr } from '../language/ast';
import { durationMs, timeOfAt } from '../language/query-context';
import { type Matrix } from './matrix';
import { type Compiler, type RangeNode } from './nodes';
import { type Run, stepCount, timeOf } from './run';
import { rangesOf, timeShift } from './selectors';

/**
 * A subquery (`runSubquery` of the engine): its operand is evaluated once for all windows, at the multiples of its
 * step.
 */
export function subqueryNode(expr: SubqueryExpr, compiler: Compiler): RangeNode & SubqueryRun {
  const { context, settings } = compiler;
  const operand = compiler.vector(expr.operand);
  const endOf = timeShift(expr, compiler);
  const rangeMs = expr.rangeExpr ? durationMs(expr.rangeExpr, context) : expr.rangeMs;
  const givenMs = expr.stepExpr ? durationMs(expr.stepExpr, context) : expr.stepMs;
  const stepMs = givenMs === 0 ? settings.subqueryStepMs : givenMs;
  const shiftMs = expr.offsetExpr ? durationMs(expr.offsetExpr, context, 'any') : expr.offsetMs;
  const { at } = expr;
  const doubledOffset = ({ startMs, atShiftMs }: Run): number =>
    at === undefined ? atShiftMs + shiftMs : startMs - timeOfAt(at, context) + shiftMs;
  const inner = (run: Run): { readonly run: Run; readonly matrix: Matrix } => {
    const startMs = firstMultipleAfter(endOf(run.startMs, run) - rangeMs, stepMs);
    const endMs = endOf(timeOf(run, run.steps - 1), run);
    const steps = stepCount(startMs, endMs, stepMs);
    const atShiftMs = startMs === run.startMs ? doubledOffset(run) : 0;
    const innerRun = { ...run, startMs, endMs, stepMs, steps, atShiftMs };
    return { run: innerRun, matrix: steps < 1 ? [] : operand(innerRun) };
  };
  return {
    rangeMs,
    extended: undefined,
    fixed: expr.at !== undefined,
    position: expr.position,
    endOf,
    evaluate: inner,
    seriesIn: (run) => {
      const result = inner(run);
      return rangesOf(result.run, result.matrix, settings.delayedNameRemoval);
    },
  };
}

/** What a subquery computes, at which times. */
interface SubqueryRun {
  evaluate(run: Run): { readonly run: Run; readonly matrix: Matrix };
}

/** Go's integer division cuts towards zero, which matters before 1970. */
function firstMultipleAfter(timeMs: number, stepMs: number): number {
  const multiple = stepMs * Math.trunc(timeMs / stepMs);
  return multiple <= timeMs ? multiple + stepMs : multiple;
}
