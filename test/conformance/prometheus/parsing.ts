import { UsageError } from '../../../core/errors';
import { type Expr, parseExpr } from '../../../core/promql';

/** The tree of an expression, whatever features it needs; undefined if it is none. */
export function parsed(expression: string): Expr | undefined {
  try {
    return parseExpr(expression, {
      experimentalFunctions: true,
      durationExpressions: true,
      extendedRangeSelectors: true,
      fillModifiers: true,
    });
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
