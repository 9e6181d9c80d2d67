import { type Expr } from '../../promql';
import { type Aggregator, type Grouping } from '../../promql/language/ast';
import {
  isKey,
  mixed,
  type Mixed,
  type SeparableExpr,
  type Separate,
  type SeparationKeys,
  textOf,
  variableReason,
} from './separation';

/** Aggregations that pick elements by their place or their hash, and why those differ in a query for more objects. */
const ARBITRARY: Readonly<Partial<Record<Aggregator, string>>> = {
  limitk: 'limitk picks series by their place among all that are asked for',
  limit_ratio: 'limit_ratio picks series by a hash of all their labels',
};

/** Aggregations that give elements as they are, with all their labels. */
const PICKING: ReadonlySet<Aggregator> = new Set(['topk', 'bottomk']);

/** An aggregation whose groups hold series of one object each. */
export function separableAggregate(
  expr: Expr & { kind: 'aggregate' },
  keys: SeparationKeys,
  separate: Separate,
): SeparableExpr | Mixed {
  const { operator, parameter, grouping } = expr;
  const arbitrary = ARBITRARY[operator];
  if (arbitrary !== undefined) return mixed(arbitrary);
  const variable = parameter && variableReason(parameter);
  if (variable) return variable;
  const valueLabel = operator === 'count_values' ? textOf(parameter) : undefined;
  if (valueLabel !== undefined && isKey(valueLabel, keys)) {
    return mixed(`count_values writes values into the label ${valueLabel}`);
  }
  if (!keeps(grouping, keys.object)) return mixed(merged(operator, grouping, keys.object));
  const operand = separate(expr.operand);
  if ('mixed' in operand) return operand;
  const separated = { ...expr, operand: operand.expr, grouping: byNamespaceToo(grouping, keys) };
  if (PICKING.has(operator)) return { ...operand, expr: separated };
  return {
    expr: separated,
    hasNamespace: operand.hasNamespace && keys.namespace !== undefined && keeps(grouping, keys.namespace),
    labels: labelsOfGroups(operand.labels, grouping, valueLabel),
  };
}

function keeps({ without, labels }: Grouping, label: string): boolean {
  return labels.includes(label) !== without;
}

/** The grouping that keeps namespaces apart as well. */
function byNamespaceToo(grouping: Grouping, { namespace }: SeparationKeys): Grouping {
  if (namespace === undefined || keeps(grouping, namespace)) return grouping;
  const { without, labels } = grouping;
  return {
    without,
    labels: without ? labels.filter((label) => label !== namespace) : [...labels, namespace],
  };
}

function labelsOfGroups(
  operand: ReadonlySet<string> | undefined,
  grouping: Grouping,
  valueLabel: string | undefined,
): ReadonlySet<string> | undefined {
  const { without, labels } = grouping;
  if (without && !operand) return undefined;
  const possible = [...(operand ?? labels)].filter((label) => keeps(grouping, label));
  return new Set(valueLabel === undefined ? possible : [...possible, valueLabel]);
}

function merged(operator: Aggregator, { without, labels }: Grouping, object: string): string {
  const clause = without
    ? ` without (${labels.join(', ')})`
    : labels.length > 0
      ? ` by (${labels.join(', ')})`
      : '';
  return `${operator}${clause} merges objects: it does not keep the label ${object}`;
}
