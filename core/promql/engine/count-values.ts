import { UsageError } from '../../errors';
import { type AggregateExpr } from '../language/ast';
import { formatF } from '../go-float';
import { goQuote } from '../../kube/go-quote';
import { isLabelName, setLabel } from '../labels';
import { groupingOf } from './grouping';
import { type Compiler, type VectorNode } from './nodes';
import { type Element, evaluateSteps, type Vector } from './steps';

/** `count_values`: groups by the value too. */
export function countValuesNode(expr: AggregateExpr, compiler: Compiler): VectorNode {
  const label = expr.parameter?.kind === 'string' ? expr.parameter.value : '';
  const operand = compiler.vector(expr.operand);
  const { without, labels } = expr.grouping;
  const groupOf = groupingOf({ without, labels: without ? labels : [...labels, label] });
  const count = (vector: Vector): Vector => {
    const groups = new Map<string, Element>();
    for (const element of vector) {
      const { key, labels: group } = groupOf(setLabel(element.labels, label, formatF(element.value)));
      const value = (groups.get(key)?.value ?? 0) + 1;
      groups.set(key, { labels: group, value, dropName: false });
    }
    return [...groups.values()];
  };
  return (run) => {
    if (!isLabelName(label)) throw new UsageError(`invalid label name ${goQuote(label)}`);
    const { delayedNameRemoval } = compiler.settings;
    return evaluateSteps(run, [operand(run)], delayedNameRemoval, ([vector = []]) => count(vector));
  };
}
