import { UsageError } from '../../errors';
import { type AggregateExpr, type Aggregator } from '../language/ast';
import { formatG } from '../go-float';
import { countValuesNode } from './count-values';
import { groupingOf } from './grouping';
import { reduceGroups } from './group-reduction';
import { extentOf } from './extent';
import { type Compiler, type VectorNode } from './nodes';
import { pickNode } from './pick';
import { avg, count, max, min, one, quantile, type Reducer, stddev, stdvar, sum } from './reducers';
import { type Run } from './run';

/** Aggregations that make one value of a group. */
const REDUCERS: Readonly<Partial<Record<Aggregator, Reducer>>> = {
  sum,
  avg,
  min,
  max,
  count,
  group: one,
  stddev,
  stdvar,
};

/** An aggregation over series. */
export function aggregateNode(expr: AggregateExpr, compiler: Compiler): VectorNode {
  const { operator, parameter } = expr;
  if (operator === 'count_values') return countValuesNode(expr, compiler);
  const operand = compiler.vector(expr.operand);
  const groupOf = groupingOf(expr.grouping);
  const reduce = REDUCERS[operator];
  if (reduce) return (run) => reduceGroups(run, operand(run), groupOf, reduce);
  if (!parameter) throw new UsageError(`aggregation ${operator} without parameter`);
  const levels = compiler.forParameter().scalar(parameter);
  if (operator !== 'quantile') return pickNode(expr, levels, operand, groupOf);
  return (run) => {
    const values = levels(run);
    const matrix = operand(run);
    warnOfLevels(run, values, expr);
    return reduceGroups(run, matrix, groupOf, (group, length, step) =>
      quantile(values[step] ?? Number.NaN, group, length),
    );
  };
}

function warnOfLevels(run: Run, levels: readonly number[], { parameter }: AggregateExpr): void {
  const { least, greatest, hasNaN } = extentOf(levels);
  const invalid = [
    ...(hasNaN ? [Number.NaN] : []),
    ...(greatest > 1 ? [greatest] : []),
    ...(least < 0 ? [least] : []),
  ];
  for (const level of invalid) {
    const text = `quantile value should be between 0 and 1, got ${formatG(level)}`;
    run.annotations.add({ severity: 'warning', text, position: parameter?.position });
  }
}
