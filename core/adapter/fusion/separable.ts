import { type Expr, typeOf, type VectorSelector } from '../../promql';
import { separableAggregate } from './aggregations';
import { separableOperation } from './binary-operators';
import { separableCall } from './calls';
import { mixed, type Mixed, type SeparableExpr, type SeparationKeys } from './separation';

/**
 * Whether an expression keeps objects apart, and how it reads where it is asked for the objects of several requests.
 *
 * An object is a value of the object label together with one of the namespace label, if the request has a namespace.
 * An expression keeps objects apart if its result for some of them is that for each of them, put together, every
 * element with the labels of its object. By induction over the tree:
 * - A selector does, for it has conditions on these labels.
 * - What looks at each series by itself does, unless it changes one of the labels.
 * - An aggregation does if the object label is among those it groups by: then no group holds series of two objects.
 * - An operator between vectors does if the object label is among those that it compares.
 * - Numbers must not depend on series.
 *
 * Within one request all series have one namespace, so that grouping by it, and comparing it, changes nothing there.
 * For several requests it must be done everywhere: pods of the same name must not merge.
 */
export function separable(
  expr: Expr,
  keys: SeparationKeys,
  open: (selector: VectorSelector) => VectorSelector | Mixed,
): SeparableExpr | Mixed {
  const inner = (part: Expr): SeparableExpr | Mixed => separable(part, keys, open);
  switch (expr.kind) {
    case 'number':
    case 'string':
      return mixed(`its result is a ${typeOf(expr)}, which has no object`);
    case 'vectorSelector': {
      const opened = open(expr);
      return 'mixed' in opened ? opened : { expr: opened, hasNamespace: true };
    }
    case 'matrixSelector': {
      const selector = open(expr.selector);
      return 'mixed' in selector ? selector : { expr: { ...expr, selector }, hasNamespace: true };
    }
    case 'subquery':
    case 'unary': {
      const operand = inner(expr.operand);
      return 'mixed' in operand ? operand : { ...operand, expr: { ...expr, operand: operand.expr } };
    }
    case 'aggregate':
      return separableAggregate(expr, keys, inner);
    case 'call':
      return separableCall(expr, keys, inner);
    case 'binary':
      return separableOperation(expr, keys, inner);
  }
}
