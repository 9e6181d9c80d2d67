import { UsageError } from '../errors';
import { type Labels } from '../kube/selector';
import { type BinaryExpr, type BinaryOperator, type SetOperator, type VectorMatching } from './ast';
import {
  dropLabels,
  dropMetricName,
  formatLabels,
  keepLabels,
  labelsKey,
  METRIC_NAME,
  NO_LABELS,
  perLabels,
  takeLabels,
} from './labels';
import { ARITHMETIC, COMPARISON } from './operators';
import { isComparison, isSetOperator } from './precedence';
import { type Sample } from './result';
import { requireDistinct, type Vector } from './vector';

/** Combines two vectors. */
type Combine = (left: Vector, right: Vector) => Vector;

/** The value of a pair of samples; undefined if a comparison filters the pair out. */
type PairValue = (left: number, right: number) => number | undefined;

/** What the operators other than the set operators make of two values, `bool` included. */
export function pairValue(operator: Exclude<BinaryOperator, SetOperator>, returnBool: boolean): PairValue {
  if (!isComparison(operator)) return ARITHMETIC[operator];
  const compare = COMPARISON[operator];
  return returnBool
    ? (left, right) => (compare(left, right) ? 1 : 0)
    : (left, right) => (compare(left, right) ? left : undefined);
}

/** The function behind a binary operator between instant vectors (`VectorBinop` and the set operators of the engine). */
export function combineVectors({ operator, returnBool }: BinaryExpr, matching: VectorMatching): Combine {
  const signature = signatureOf(matching);
  if (isSetOperator(operator)) return setOperation(operator, signature);
  const changesMetric = returnBool || !isComparison(operator);
  return matchedOperation(pairValue(operator, returnBool), changesMetric, matching, signature);
}

/** Samples with the same signature belong together. */
type Signature = (labels: Labels) => string;

function signatureOf({ on, labels }: VectorMatching): Signature {
  return perLabels((of) => labelsKey(matchedLabels(of, on, labels)));
}

function matchedLabels(of: Labels, on: boolean, labels: readonly string[]): Labels {
  return on ? keepLabels(of, labels) : dropLabels(of, [METRIC_NAME, ...labels]);
}

function setOperation(operator: SetOperator, signature: Signature): Combine {
  const signaturesOf = (vector: Vector): Set<string> =>
    new Set(vector.map(({ labels }) => signature(labels)));
  switch (operator) {
    case 'and':
      return (left, right) => {
        const present = signaturesOf(right);
        return left.filter(({ labels }) => present.has(signature(labels)));
      };
    case 'unless':
      return (left, right) => {
        const present = signaturesOf(right);
        return left.filter(({ labels }) => !present.has(signature(labels)));
      };
    case 'or':
      return (left, right) => {
        const present = signaturesOf(left);
        return [...left, ...right.filter(({ labels }) => !present.has(signature(labels)))];
      };
  }
}

function matchedOperation(
  pair: PairValue,
  changesMetric: boolean,
  matching: VectorMatching,
  signature: Signature,
): Combine {
  const swapped = matching.cardinality === 'one-to-many';
  const resultLabels = resultLabelling(matching, changesMetric);
  return (left, right) => {
    if (left.length === 0 || right.length === 0) return [];
    const [many, one] = swapped ? [right, left] : [left, right];
    const oneBySignature = indexOneSide(one, matching, signature);
    const matched = new Set<string>();
    const results: Sample[] = [];
    for (const sample of many) {
      const key = signature(sample.labels);
      const partner = oneBySignature.get(key);
      if (!partner) continue;
      const labels = resultLabels(sample.labels, partner.labels);
      requireFirstMatch(matched, matching, key, labels);
      const value = swapped ? pair(partner.value, sample.value) : pair(sample.value, partner.value);
      if (value !== undefined) results.push({ labels, value });
    }
    return requireDistinct(results);
  };
}

function indexOneSide(one: Vector, matching: VectorMatching, signature: Signature): Map<string, Sample> {
  const index = new Map<string, Sample>();
  for (const sample of one) {
    const key = signature(sample.labels);
    const other = index.get(key);
    if (other) {
      const group = formatLabels(matchedLabels(sample.labels, matching.on, matching.labels));
      const side = matching.cardinality === 'one-to-many' ? 'left' : 'right';
      throw new UsageError(
        `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ` +
          `[${formatLabels(sample.labels)}, ${formatLabels(other.labels)}];` +
          'many-to-many matching not allowed: matching labels must be unique on one side',
      );
    }
    index.set(key, sample);
  }
  return index;
}

/** Refuses a second sample for a signature, or for the labels of a result where grouping allows several samples. */
function requireFirstMatch(
  matched: Set<string>,
  matching: VectorMatching,
  key: string,
  labels: Labels,
): void {
  const oneToOne = matching.cardinality === 'one-to-one';
  const match = oneToOne ? key : `${key}${labelsKey(labels)}`;
  if (matched.has(match)) {
    throw new UsageError(
      oneToOne
        ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
        : 'multiple matches for labels: grouping labels must ensure unique matches',
    );
  }
  matched.add(match);
}

/** The labels of a pair's result (`resultMetric` of the engine), computed once for each pair. */
function resultLabelling(
  matching: VectorMatching,
  changesMetric: boolean,
): (many: Labels, one: Labels) => Labels {
  const { cardinality, on, labels: matchedNames, include } = matching;
  const known = perLabels((many) => {
    const named = changesMetric ? dropMetricName(many) : many;
    const restricted = on ? keepLabels(named, matchedNames) : dropLabels(named, matchedNames);
    const own = cardinality === 'one-to-one' ? restricted : named;
    return perLabels((one) => (include.length === 0 ? own : takeLabels(own, one, include)));
  });
  return (many, one) => known(many)(include.length === 0 ? NO_LABELS : one);
}
