import { type Remark } from '../annotations';
import { type CallExpr } from '../language/ast';
import { formatG } from '../go-float';
import { argument, textArgument } from './arguments';
import {
  type HistogramContext,
  histogramFraction,
  histogramQuantile,
  histogramQuantiles,
} from './histogram-functions';
import { type Compiler, type ScalarNode, type VectorNode } from './nodes';
import { type Run, timeOf } from './run';
import { StepRemarks } from './step-remarks';
import { evaluateSteps, type Vector } from './steps';

/** What a histogram function makes of the buckets and its scalar arguments. */
type Compute = (vector: Vector, parameters: readonly number[], context: HistogramContext) => Vector;

/** Calls of `histogram_quantile`, `histogram_quantiles` and `histogram_fraction`. */
export function histogramNode(call: CallExpr, compiler: Compiler): VectorNode {
  switch (call.function) {
    case 'histogram_fraction':
      return overBuckets(call, compiler, 2, [0, 1], (vector, [lower = 0, upper = 0], context) =>
        histogramFraction(lower, upper, vector, context),
      );
    case 'histogram_quantiles': {
      const label = textArgument(call, 1);
      const levels = call.args.slice(2).map((_, index) => index + 2);
      return overBuckets(call, compiler, 0, levels, (vector, parameters, context) =>
        histogramQuantiles(label, parameters, vector, context),
      );
    }
    default:
      return overBuckets(call, compiler, 1, [0], (vector, [level = 0], context) =>
        histogramQuantile(level, vector, context),
      );
  }
}

function overBuckets(
  call: CallExpr,
  compiler: Compiler,
  vectorIndex: number,
  scalarIndexes: readonly number[],
  compute: Compute,
): VectorNode {
  const buckets = argument(call, vectorIndex);
  const vector = compiler.vector(buckets);
  const scalars = scalarIndexes.map((index) => compiler.scalar(argument(call, index)));
  const { delayedNameRemoval } = compiler.settings;
  return (run) => {
    const columns = scalars.map((scalar) => scalar(run));
    const matrix = vector(run);
    if (call.function !== 'histogram_fraction') warnOfLevels(run, call, scalarIndexes, columns);
    const remarks = new StepRemarks();
    const result = evaluateSteps(run, [matrix], delayedNameRemoval, ([elements = []], step) => {
      const parameters = columns.map((column) => column[step] ?? Number.NaN);
      const atMs = timeOf(run, step);
      const add = (remark: Remark): void => remarks.add(remark);
      const { position } = buckets;
      const results = compute(elements, parameters, { delayedNameRemoval, atMs, position, add });
      remarks.endStep();
      return results;
    });
    remarks.addTo(run.annotations);
    return result;
  };
}

function warnOfLevels(
  run: Run,
  { args }: CallExpr,
  indexes: readonly number[],
  columns: readonly ReturnType<ScalarNode>[],
): void {
  for (const [column, levels] of columns.entries()) {
    const position = args[indexes[column] ?? 0]?.position;
    for (const level of new Set(levels)) {
      if (level >= 0 && level <= 1) continue;
      const text = `quantile value should be between 0 and 1, got ${formatG(level)}`;
      run.annotations.add({ severity: 'warning', text, position });
    }
  }
}
