import { type CallExpr } from '../language/ast';
import { compareLabels, labelValue } from '../labels';
import { argument, textArgument } from './arguments';
import { naturalBefore } from './natural-order';
import { type Compiler, type VectorNode } from './nodes';
import { isInstant } from './run';
import { type Element, evaluateSteps } from './steps';

type Compare = (a: Element, b: Element) => number;

/** `sort`, `sort_desc`, `sort_by_label`, `sort_by_label_desc`: the order of the result of an instant query. */
export function sortNode(call: CallExpr, compiler: Compiler): VectorNode {
  const operand = compiler.vector(argument(call, 0));
  const compare = orderOf(call);
  const { delayedNameRemoval } = compiler.settings;
  return (run) => {
    const matrix = operand(run);
    if (!isInstant(run)) {
      const text = 'sort is ineffective for range queries since results are always ordered by labels';
      run.annotations.add({ severity: 'warning', text, position: call.position });
    }
    return evaluateSteps(run, [matrix], delayedNameRemoval, ([vector = []]) => vector.toSorted(compare));
  };
}

function orderOf(call: CallExpr): Compare {
  const labels = call.args.slice(1).map((_, index) => textArgument(call, index + 1));
  switch (call.function) {
    case 'sort_desc':
      return byValue((a, b) => b - a);
    case 'sort_by_label':
      return byLabels(labels);
    case 'sort_by_label_desc': {
      const ascending = byLabels(labels);
      return (a, b) => -ascending(a, b);
    }
    default:
      return byValue((a, b) => a - b);
  }
}

/** NaN is last either way. */
function byValue(difference: (a: number, b: number) => number): Compare {
  return ({ value: a }, { value: b }) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return a === b ? 0 : difference(a, b);
  };
}

function byLabels(names: readonly string[]): Compare {
  return (a, b) => {
    for (const name of names) {
      const [left, right] = [labelValue(a.labels, name), labelValue(b.labels, name)];
      if (left !== right) return naturalBefore(left, right) ? -1 : 1;
    }
    return compareLabels(a.labels, b.labels);
  };
}
