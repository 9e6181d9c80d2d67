import { messageOf } from '../errors';
import { type Expr, parseExpr, printExpr, type SelectorUse, selectorsOf } from '../promql';

/** Queries for the times of newest samples, or why the age of what a query reads cannot be asked for. */
type AgeQueries = { readonly queries: readonly string[] } | { readonly reason: string };

/** Functions whose results do not stand for samples of their selector. */
const OF_NOTHING: readonly string[] = ['absent', 'absent_over_time', 'scalar', 'vector', 'info'];

/**
 * The queries that tell how old the samples behind a query are: for each selector the time of the newest sample, in
 * seconds, for each object. What a query makes of several selectors is as old as the oldest of these.
 *
 * That is so only where each selector reads the samples of now, has a condition on the label of the object, and is
 * needed for a result: an `or` answers from either side.
 *
 * @param label that names the object; absent where there are no objects, as for external metrics
 */
export function ageQueries(query: string, label?: string): AgeQueries {
  let expr: Expr;
  try {
    expr = parseExpr(query);
  } catch (error) {
    return { reason: messageOf(error) };
  }
  const uses = selectorsOf(expr);
  if (uses.length === 0) return { reason: 'the query reads no series' };
  const reason = eitherSide(expr) ?? uses.map((use) => whyUnknown(use, label)).find((found) => found);
  if (reason !== undefined) return { reason };
  return { queries: [...new Set(uses.map((use) => printExpr(newest(use, label))))] };
}

function whyUnknown({ matchers, functions, at, offsetMs, subqueryRangeMs }: SelectorUse, label?: string) {
  if (at !== undefined || offsetMs !== 0) return 'a selector is of another time than now';
  if (subqueryRangeMs !== 0) return 'a selector stands in a subquery';
  const odd = functions.find((name) => OF_NOTHING.includes(name));
  if (odd !== undefined) return `the result of ${odd}() is of no sample`;
  if (label !== undefined && !matchers.some((matcher) => matcher.label === label)) {
    return `a selector has no condition on ${label}`;
  }
  return undefined;
}

/** Why a result may do without one of its operands. */
function eitherSide(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'binary':
      if (expr.operator === 'or' || expr.operator === 'unless')
        return `the operands of ${expr.operator} do without each other`;
      return eitherSide(expr.left) ?? eitherSide(expr.right);
    case 'call':
      return expr.args.map(eitherSide).find((found) => found !== undefined);
    case 'aggregate':
      return eitherSide(expr.operand) ?? (expr.parameter && eitherSide(expr.parameter));
    case 'unary':
    case 'subquery':
      return eitherSide(expr.operand);
    default:
      return undefined;
  }
}

function newest({ name, matchers }: SelectorUse, label: string | undefined): Expr {
  const selector: Expr = { kind: 'vectorSelector', name, matchers, offsetMs: 0 };
  return {
    kind: 'aggregate',
    operator: 'max',
    operand: { kind: 'call', function: 'timestamp', args: [selector] },
    grouping: { without: false, labels: label === undefined ? [] : [label] },
  };
}
