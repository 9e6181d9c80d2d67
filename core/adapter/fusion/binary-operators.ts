import { type Expr, typeOf } from '../../promql';
import { type VectorMatching } from '../../promql/language/ast';
import {
  mixed,
  type Mixed,
  type SeparableExpr,
  type Separate,
  type SeparationKeys,
  variableReason,
} from './separation';

type Binary = Expr & { kind: 'binary' };

/** Two sides of an operator between vectors. */
interface Sides {
  readonly left: SeparableExpr;
  readonly right: SeparableExpr;
}

/** An operator between a vector and a number, or between vectors whose elements are compared by their objects. */
export function separableOperation(
  expr: Binary,
  keys: SeparationKeys,
  separate: Separate,
): SeparableExpr | Mixed {
  const { matching } = expr;
  if (!matching) return withNumber(expr, separate);
  if (matching.fill) return mixed('fill makes up elements for objects that have none');
  if (!compares(matching, keys.object)) {
    return mixed(
      `${expr.operator}${clauseOf(matching)} pairs objects: it does not compare the label ${keys.object}`,
    );
  }
  const left = separate(expr.left);
  if ('mixed' in left) return left;
  const right = separate(expr.right);
  if ('mixed' in right) return right;
  return betweenVectors({ ...expr, matching }, { left, right }, keys);
}

function withNumber(expr: Binary, separate: Separate): SeparableExpr | Mixed {
  const leftIsNumber = typeOf(expr.left) === 'scalar';
  const number = leftIsNumber ? expr.left : expr.right;
  const variable = variableReason(number);
  if (variable) return variable;
  const vector = leftIsNumber ? expr.right : expr.left;
  const operand = separate(vector);
  if ('mixed' in operand) return operand;
  const side = leftIsNumber ? { right: operand.expr } : { left: operand.expr };
  return { ...operand, expr: { ...expr, ...side } };
}

function betweenVectors(
  expr: Binary & { readonly matching: VectorMatching },
  sides: Sides,
  keys: SeparationKeys,
): SeparableExpr | Mixed {
  const { matching } = expr;
  const { namespace } = keys;
  if (namespace !== undefined && sides.left.hasNamespace !== sides.right.hasNamespace) {
    // With it in all elements of both sides, elements would meet that never do in the request's own query.
    const differ = `only one side of ${expr.operator} has the label ${namespace}`;
    if (compares(matching, namespace)) return mixed(`${differ}, which is compared`);
    if (expr.operator === 'or') return mixed(`${differ}, so that only some results have it`);
  }
  return {
    expr: {
      ...expr,
      left: sides.left.expr,
      right: sides.right.expr,
      matching: namespace === undefined ? matching : comparingNamespaces(matching, namespace),
    },
    hasNamespace: namespace !== undefined && resultHasNamespace(matching, sides, namespace),
    labels: labelsOfPairs(expr, sides),
  };
}

/** Whether elements can only meet if they have the same value of a label. */
function compares({ on, labels }: VectorMatching, label: string): boolean {
  return labels.includes(label) === on;
}

/** The matching that compares namespaces too; then there is no need to take them over from the other side. */
function comparingNamespaces(matching: VectorMatching, namespace: string): VectorMatching {
  const { on, labels, include } = matching;
  const others = labels.filter((label) => label !== namespace);
  return {
    ...matching,
    labels: on ? [...others, namespace] : others,
    include: include.filter((label) => label !== namespace),
  };
}

function resultHasNamespace(matching: VectorMatching, { left, right }: Sides, namespace: string): boolean {
  switch (matching.cardinality) {
    case 'many-to-many':
      return left.hasNamespace;
    case 'one-to-one':
      return left.hasNamespace && compares(matching, namespace);
    case 'many-to-one':
      return (matching.include.includes(namespace) ? right : left).hasNamespace;
    case 'one-to-many':
      return (matching.include.includes(namespace) ? left : right).hasNamespace;
  }
}

function labelsOfPairs(
  { operator, matching }: Binary & { readonly matching: VectorMatching },
  { left, right }: Sides,
): ReadonlySet<string> | undefined {
  switch (matching.cardinality) {
    case 'many-to-many':
      return operator === 'or' ? union(left.labels, right.labels) : left.labels;
    case 'one-to-one':
      if (!left.labels) return matching.on ? new Set(matching.labels) : undefined;
      return new Set([...left.labels].filter((label) => compares(matching, label)));
    case 'many-to-one':
      return union(left.labels, new Set(matching.include));
    case 'one-to-many':
      return union(right.labels, new Set(matching.include));
  }
}

function union(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  return a && b && new Set([...a, ...b]);
}

function clauseOf({ on, labels }: VectorMatching): string {
  return on || labels.length > 0 ? ` ${on ? 'on' : 'ignoring'} (${labels.join(', ')})` : '';
}
