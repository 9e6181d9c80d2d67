import { type Expr, parseExpr } from '../../../core/promql';
import { type LanguageOptions } from '../../../core/promql/options';

/** All features of the language that a server has behind flags. */
export const ALL_FEATURES: LanguageOptions = {
  experimentalFunctions: true,
  durationExpressions: true,
  extendedRangeSelectors: true,
  fillModifiers: true,
};

/** An expression as plain data, without where it stood in its text. */
export function treeOf(text: string, options?: LanguageOptions): unknown {
  return withoutPositions(parseExpr(text, options));
}

/** The same expression as plain data, without where it stood in its text. */
export function withoutPositions(value: Expr): unknown {
  return strip(value);
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([name, field]) => name !== 'position' && field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, strip(field)]));
}
