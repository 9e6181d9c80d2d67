import { type Expr, typeOf } from '../../promql';
import { FUNCTION_EFFECTS } from './functions';
import {
  firstReason,
  isKey,
  mixed,
  type Mixed,
  type SeparableExpr,
  type Separate,
  type SeparationKeys,
  textOf,
} from './separation';

type Call = Expr & { kind: 'call' };

/** Label that functions of classic histograms take away. */
const BUCKET_LABEL = 'le';

/** A function that looks at the series of one object at a time. */
export function separableCall(call: Call, keys: SeparationKeys, separate: Separate): SeparableExpr | Mixed {
  const effect = FUNCTION_EFFECTS[call.function];
  if (typeof effect === 'object') return mixed(`${call.function}() ${effect.refused}`);
  const at = call.args.findIndex((argument) => typeOf(argument).endsWith('vector'));
  const operandExpr = call.args[at];
  if (effect === 'constant' || !operandExpr) {
    return mixed(`the result of ${call.function}() without series has no object`);
  }
  const variable = firstReason(call.args.toSpliced(at, 1));
  if (variable) return variable;
  const operand = separate(operandExpr);
  if ('mixed' in operand) return operand;
  const expr: Call = { ...call, args: call.args.with(at, operand.expr) };
  switch (effect) {
    case 'each':
      return { ...operand, expr };
    case 'buckets':
      return separableBuckets(expr, operand, keys);
    case 'relabels':
      return separableRelabelling(expr, operand, keys);
  }
}

function separableBuckets(call: Call, operand: SeparableExpr, keys: SeparationKeys): SeparableExpr | Mixed {
  if (isKey(BUCKET_LABEL, keys)) return mixed(`${call.function}() takes the label ${BUCKET_LABEL} away`);
  const labels = operand.labels && new Set(operand.labels);
  labels?.delete(BUCKET_LABEL);
  const result = { ...operand, expr: call, labels };
  // Only histogram_quantiles() writes a label.
  return call.function === 'histogram_quantiles' ? writing(textAt(call, 1), call, result, keys) : result;
}

/** `label_replace(vector, written, replacement, read, regex)`, `label_join(vector, written, separator, read, …)` */
function separableRelabelling(
  call: Call,
  operand: SeparableExpr,
  keys: SeparationKeys,
): SeparableExpr | Mixed {
  const read = call.function === 'label_replace' ? [textAt(call, 3)] : call.args.slice(3).map(textOf);
  if (!operand.hasNamespace && keys.namespace !== undefined && read.includes(keys.namespace)) {
    return mixed(`${call.function}() reads the label ${keys.namespace}, which its operand has lost`);
  }
  return writing(textAt(call, 1), call, operand, keys);
}

function writing(
  label: string,
  call: Call,
  operand: SeparableExpr,
  keys: SeparationKeys,
): SeparableExpr | Mixed {
  if (isKey(label, keys)) return mixed(`${call.function}() changes the label ${label}`);
  const { labels } = operand;
  return { ...operand, expr: call, labels: labels && new Set([...labels, label]) };
}

function textAt({ args }: Call, index: number): string {
  return textOf(args[index]);
}
