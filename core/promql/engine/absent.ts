import { type Labels } from '../../kube/selector';
import { type CallExpr, type Expr } from '../language/ast';
import { METRIC_NAME, NO_LABELS, setLabel } from '../labels';
import { type Matcher } from '../language/matcher';
import { argument } from './arguments';
import { type Matrix } from './matrix';
import { type Compiler, type VectorNode } from './nodes';
import { type Run } from './run';

/** `absent(vector)` */
export function absentNode(call: CallExpr, compiler: Compiler): VectorNode {
  const operand = argument(call, 0);
  const vector = compiler.vector(operand);
  const labels = absentLabels(operand);
  return (run) => absentRows(run, vector(run), labels, false);
}

/** One row with 1 at every step at which the matrix has no value. */
export function absentRows(run: Run, matrix: Matrix, labels: Labels, dropName: boolean): Matrix {
  const present = new Set(matrix.flatMap(({ steps }) => steps));
  const steps = Array.from({ length: run.steps }, (_, step) => step).filter((step) => !present.has(step));
  return steps.length === 0 ? [] : [{ labels, dropName, steps, values: steps.map(() => 1) }];
}

/**
 * The labels that the missing series would surely have (`createLabelsForAbsentFunction`): those of the first equality,
 * unless another condition on the label comes after it, in the order in which the storage looks them up.
 */
export function absentLabels(expr: Expr): Labels {
  const selector = expr.kind === 'matrixSelector' ? expr.selector : expr;
  if (selector.kind !== 'vectorSelector') return NO_LABELS;
  const seen = new Set<string>();
  let labels = NO_LABELS;
  for (const { label, operator, value } of inLookupOrder(selector.matchers)) {
    if (label === METRIC_NAME) continue;
    const first = operator === '=' && !seen.has(label);
    if (first) seen.add(label);
    labels = setLabel(labels, label, first ? value : '');
  }
  return labels;
}

/** Conditions that take series away come last (`PostingsForMatchers` of the storage). */
function inLookupOrder(matchers: readonly Matcher[]): readonly Matcher[] {
  const needed = new Set(matchers.filter((matcher) => !matcher.matches('')).map(({ label }) => label));
  const subtracts = (matcher: Matcher): boolean =>
    !needed.has(matcher.label) || (matcher.operator.startsWith('!') && matcher.matches(''));
  return [
    ...matchers.filter((matcher) => !subtracts(matcher)),
    ...matchers.filter((matcher) => subtracts(matcher)),
  ];
}
