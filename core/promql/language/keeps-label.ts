import { type Expr } from './ast';

/** Aggregations that give elements as they are. */
const PICKING: readonly string[] = ['topk', 'bottomk', 'limitk', 'limit_ratio'];

/** Whether samples of a result can have a label that all selected series have. */
export function keepsLabel(expr: Expr, label: string): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return false;
    case 'vectorSelector':
    case 'matrixSelector':
      return true;
    case 'unary':
    case 'subquery':
      return keepsLabel(expr.operand, label);
    case 'aggregate':
      return aggregateKeepsLabel(expr, label);
    case 'call':
      return callKeepsLabel(expr, label);
    case 'binary':
      return binaryKeepsLabel(expr, label);
  }
}

function aggregateKeepsLabel(
  { operator, operand, parameter, grouping: { without, labels } }: Expr & { kind: 'aggregate' },
  label: string,
): boolean {
  if (PICKING.includes(operator)) return keepsLabel(operand, label);
  if (operator === 'count_values' && parameter?.kind === 'string' && parameter.value === label) return true;
  return labels.includes(label) !== without && keepsLabel(operand, label);
}

function callKeepsLabel({ function: name, args }: Expr & { kind: 'call' }, label: string): boolean {
  // What has gone through a scalar has lost its labels.
  if (name === 'scalar' || name === 'vector') return false;
  if (['label_replace', 'label_join'].includes(name) && isText(args[1], label)) return true;
  if (name === 'histogram_quantiles' && isText(args[1], label)) return true;
  if (name.startsWith('histogram_') && label === 'le') return false;
  if (name === 'absent' || name === 'absent_over_time')
    return args.some((argument) => givesLabel(argument, label));
  return args.some((argument) => keepsLabel(argument, label));
}

function isText(expr: Expr | undefined, text: string): boolean {
  return expr?.kind === 'string' && expr.value === text;
}

/** Whether series that are missing would surely have a label. */
function givesLabel(expr: Expr, label: string): boolean {
  const selector = expr.kind === 'matrixSelector' ? expr.selector : expr;
  return (
    selector.kind === 'vectorSelector' &&
    selector.matchers.some((matcher) => matcher.label === label && matcher.operator === '=')
  );
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
