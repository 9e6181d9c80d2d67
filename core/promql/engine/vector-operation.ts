import { UsageError } from '../../errors';
import { type Labels } from '../../kube/selector';
import { type BinaryExpr, type VectorMatching } from '../language/ast';
import {
  dropLabels,
  dropMetricName,
  formatLabels,
  keepLabels,
  labelsKey,
  NO_LABELS,
  perLabels,
  takeLabels,
} from '../labels';
import { matchedLabels, signatureOf } from './matching';
import { type PairFunction } from './operators';
import { type Run } from './run';
import { type Element, type Vector } from './steps';

/** What an operator makes of the values of a pair; undefined if a comparison filters the pair out. */
type PairValue = (left: number, right: number) => number | undefined;

/** Combines two vectors. */
type Combine = (run: Run, left: Vector, right: Vector) => Vector;

/** An arithmetic or comparison operator between two instant vectors (`VectorBinop` of the engine). */
export function vectorOperation(
  expr: BinaryExpr,
  pair: PairFunction,
  matching: VectorMatching,
  delayedNameRemoval: boolean,
): Combine {
  const signature = signatureOf(matching);
  const swapped = matching.cardinality === 'one-to-many';
  const dropsName = pair.kind === 'arithmetic' || (expr.returnBool && !delayedNameRemoval);
  const labelsOf = resultLabelling(matching, dropsName);
  const { left: fillLeft, right: fillRight } = matching.fill ?? {};
  const fillable = fillLeft !== undefined || fillRight !== undefined;
  return (run, left, right) => {
    if (fillable ? left.length + right.length === 0 : left.length === 0 || right.length === 0) return [];
    const [many, one] = swapped ? [right, left] : [left, right];
    const partners = indexOneSide(one, matching, signature);
    const join = new Join(matching, labelsOf, pairValue(run, expr, pair), expr.returnBool);
    for (const element of many) {
      const key = signature(element.labels);
      const partner = partners.get(key) ?? filled(element, fillRight, matching);
      if (partner) join.add(key, element, partner);
    }
    if (fillLeft !== undefined) {
      for (const [key, partner] of partners) {
        if (join.hasMatched(key)) continue;
        const element = filled(partner, fillLeft, matching);
        if (element) join.add(key, element, partner);
      }
    }
    return join.results;
  };
}

/** Pairs of elements and what becomes of them. */
class Join {
  readonly results: Element[] = [];
  /** Signatures, with the labels of the results if several are allowed. */
  readonly #matched = new Map<string, Set<string>>();

  constructor(
    private readonly matching: VectorMatching,
    private readonly labelsOf: (many: Labels, one: Labels) => Labels,
    private readonly pair: (left: number, right: number) => PairResult,
    private readonly returnBool: boolean,
  ) {}

  hasMatched(key: string): boolean {
    return this.#matched.has(key);
  }

  /** @throws UsageError for a second element where one is allowed */
  add(key: string, many: Element, one: Element): void {
    const swapped = this.matching.cardinality === 'one-to-many';
    const result = swapped ? this.pair(one.value, many.value) : this.pair(many.value, one.value);
    if (result === 'impossible') return;
    const labels = this.labelsOf(many.labels, one.labels);
    this.requireFirst(key, labels);
    if (result !== undefined) this.results.push({ labels, value: result, dropName: this.returnBool });
  }

  private requireFirst(key: string, labels: Labels): void {
    const oneToOne = this.matching.cardinality === 'one-to-one';
    const known = this.#matched.get(key);
    const labelled = oneToOne ? '' : labelsKey(labels);
    if (!known) {
      this.#matched.set(key, new Set([labelled]));
    } else if (known.has(labelled)) {
      throw new UsageError(
        oneToOne
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
      );
    } else {
      known.add(labelled);
    }
  }
}

/** A value, nothing, or that the operator does not take such values. */
type PairResult = number | undefined | 'impossible';

function pairValue(
  run: Run,
  expr: BinaryExpr,
  pair: PairFunction,
): (left: number, right: number) => PairResult {
  switch (pair.kind) {
    case 'arithmetic':
      return pair.compute;
    case 'comparison':
      return compare(pair.holds, expr.returnBool);
    case 'trim':
      return () => {
        remarkOnTypes(run, expr);
        return 'impossible';
      };
  }
}

function compare(holds: (left: number, right: number) => boolean, returnBool: boolean): PairValue {
  return returnBool
    ? (left, right) => (holds(left, right) ? 1 : 0)
    : (left, right) => (holds(left, right) ? left : undefined);
}

/** There are only floats here, which the operators for native histograms do not take. */
export function remarkOnTypes(run: Run, { operator, position }: BinaryExpr): void {
  const text = `incompatible sample types encountered for binary operator "${operator}": float ${operator} float`;
  run.annotations.add({ severity: 'info', text, position });
}

/** What stands in for the missing partner of an element. */
function filled(element: Element, value: number | undefined, matching: VectorMatching): Element | undefined {
  if (value === undefined) return undefined;
  return { labels: matchedLabels(element.labels, matching), value, dropName: false };
}

function indexOneSide(
  one: Vector,
  matching: VectorMatching,
  signature: (labels: Labels) => string,
): Map<string, Element> {
  const index = new Map<string, Element>();
  for (const element of one) {
    const key = signature(element.labels);
    const other = index.get(key);
    if (other) {
      const group = formatLabels(matchedLabels(element.labels, matching));
      const side = matching.cardinality === 'one-to-many' ? 'left' : 'right';
      throw new UsageError(
        `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ` +
          `[${formatLabels(element.labels)}, ${formatLabels(other.labels)}];` +
          'many-to-many matching not allowed: matching labels must be unique on one side',
      );
    }
    index.set(key, element);
  }
  return index;
}

/** The labels of a pair's result (`resultMetric` of the engine), computed once for each pair. */
function resultLabelling(
  { cardinality, on, labels: matchedNames, include }: VectorMatching,
  dropsName: boolean,
): (many: Labels, one: Labels) => Labels {
  const known = perLabels((many) => {
    const named = dropsName ? dropMetricName(many) : many;
    const restricted = on ? keepLabels(named, matchedNames) : dropLabels(named, matchedNames);
    const own = cardinality === 'one-to-one' ? restricted : named;
    return perLabels((one) => (include.length === 0 ? own : takeLabels(own, one, include)));
  });
  return (many, one) => known(many)(include.length === 0 ? NO_LABELS : one);
}
