import type { Expr } from '../promql';
import { groupResourceText } from '../rules';
import type { Check } from './check';
import { readQueries } from './rule-queries';

export const queryDropsObject: Check = {
  id: 'query-drops-object',
  title: 'The query of a rule keeps the label that names the objects',
  severity: 'error',
  *run(context) {
    for (const { ref, rule, expr, resource } of readQueries(context)) {
      if (!resource || !rule) continue;
      const label = rule.labelFor(resource);
      if (keepsLabel(expr, label)) continue;
      const what = groupResourceText(resource);
      yield {
        object: ref,
        message: `${rule.path}: the result of its query has no label ${label}, so the adapter finds no value for any of the ${what} that it is asked for`,
        fix: `group by ${label} in metricsQuery of ${rule.path}: aggregate with by (<<.GroupBy>>)`,
      };
    }
  },
};

/** Whether samples of a result can have a label that all selected series have. */
function keepsLabel(expr: Expr, label: string): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return false;
    case 'vectorSelector':
    case 'matrixSelector':
      return true;
    case 'unary':
      return keepsLabel(expr.operand, label);
    case 'aggregate': {
      const { without, labels } = expr.grouping;
      return labels.includes(label) !== without && keepsLabel(expr.operand, label);
    }
    case 'call':
      // What has gone through a scalar has lost its labels.
      return (
        expr.function !== 'scalar' &&
        expr.function !== 'vector' &&
        expr.args.some((argument) => keepsLabel(argument, label))
      );
    case 'binary':
      return binaryKeepsLabel(expr, label);
  }
}

function binaryKeepsLabel(
  { operator, left, right, matching }: Expr & { kind: 'binary' },
  label: string,
): boolean {
  const sides = { left: keepsLabel(left, label), right: keepsLabel(right, label) };
  // One side is a number.
  if (!matching) return sides.left || sides.right;
  switch (matching.cardinality) {
    case 'many-to-many':
      return sides.left || (operator === 'or' && sides.right);
    case 'one-to-one':
      return sides.left && matching.labels.includes(label) === matching.on;
    case 'many-to-one':
      return matching.include.includes(label) ? sides.right : sides.left;
    case 'one-to-many':
      return matching.include.includes(label) ? sides.left : sides.right;
  }
}
