import { type Expr, type VectorSelector } from './ast';

/** The same expression with each of its selectors, those of range vectors too, replaced. */
export function mapSelectors(expr: Expr, replace: (selector: VectorSelector) => VectorSelector): Expr {
  const map = (part: Expr): Expr => mapSelectors(part, replace);
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'vectorSelector':
      return replace(expr);
    case 'matrixSelector':
      return { ...expr, selector: replace(expr.selector) };
    case 'subquery':
    case 'unary':
      return { ...expr, operand: map(expr.operand) };
    case 'binary':
      return { ...expr, left: map(expr.left), right: map(expr.right) };
    case 'aggregate':
      return { ...expr, operand: map(expr.operand), parameter: expr.parameter && map(expr.parameter) };
    case 'call':
      return { ...expr, args: expr.args.map(map) };
  }
}
