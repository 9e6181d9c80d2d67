import { type CallExpr, type Expr } from '../language/ast';
import { isContextFunction } from '../language/query-context';

/** Functions whose result changes with the evaluation time even if their arguments do not. */
const UNSAFE_FUNCTIONS: readonly string[] = [
  ...[
    'days_in_month',
    'day_of_month',
    'day_of_week',
    'day_of_year',
    'end',
    'hour',
    'minute',
    'month',
    'year',
  ],
  ...['predict_linear', 'range', 'start', 'step', 'time', 'timestamp'],
];

interface Verdict {
  /** Whether the value is the same at every step. */
  readonly invariant: boolean;
  /** Whether it pays to evaluate it only once. */
  readonly once: boolean;
}

const VARIES: Verdict = { invariant: false, once: false };
const ONCE: Verdict = { invariant: true, once: true };

/** The parts of an expression that are evaluated at the first step only (`PreprocessExpr` of the engine). */
export function stepInvariantParts(expr: Expr): ReadonlySet<Expr> {
  const parts = new Set<Expr>();
  if (judge(expr, parts).once) parts.add(expr);
  return parts;
}

function judge(expr: Expr, parts: Set<Expr>): Verdict {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return { invariant: true, once: false };
    case 'vectorSelector':
      return expr.at ? ONCE : VARIES;
    case 'matrixSelector':
      return { invariant: judge(expr.selector, parts).invariant, once: false };
    case 'subquery':
      if (judge(expr.operand, parts).invariant) parts.add(expr.operand);
      return expr.at ? ONCE : VARIES;
    case 'unary':
    case 'aggregate':
      return judge(expr.operand, parts);
    case 'binary':
      return judgeTogether([expr.left, expr.right], parts, (invariant) => invariant);
    case 'call':
      // As good as a number.
      if (isContextFunction(expr.function)) return { invariant: true, once: false };
      return judgeTogether(expr.args, parts, (invariant) => invariant && isSafe(expr));
  }
}

function judgeTogether(
  operands: readonly Expr[],
  parts: Set<Expr>,
  decide: (invariant: boolean) => boolean,
): Verdict {
  const verdicts = operands.map((operand) => ({ operand, verdict: judge(operand, parts) }));
  if (decide(verdicts.every(({ verdict }) => verdict.invariant))) return ONCE;
  for (const { operand, verdict } of verdicts) {
    if (verdict.once) parts.add(operand);
  }
  return VARIES;
}

function isSafe({ function: name, args }: CallExpr): boolean {
  if (name === 'timestamp') return args.every(({ kind }) => kind === 'vectorSelector');
  return !UNSAFE_FUNCTIONS.includes(name);
}
