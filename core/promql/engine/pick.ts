import { UsageError } from '../../errors';
import { type Labels } from '../../kube/selector';
import { type AggregateExpr } from '../language/ast';
import { formatG } from '../go-float';
import { type Group } from './grouping';
import { extentOf } from './extent';
import { GoHeap } from './go-heap';
import { labelsHash } from './labels-hash';
import { type Matrix, ONLY_STEP } from './matrix';
import { type ScalarNode, type VectorNode } from './nodes';
import { type Run } from './run';
import { type Element, RowCollector, StepReader, type Vector } from './steps';

const MAX_INT64 = 2 ** 63;

/** Aggregations that pick some elements of each group: `topk`, `bottomk`, `limitk`, `limit_ratio` (`aggregationK`). */
export function pickNode(
  expr: AggregateExpr,
  parameters: ScalarNode,
  operand: VectorNode,
  groupOf: (labels: Labels) => Group,
): VectorNode {
  const pick = pickOf(expr);
  return (run) => {
    const values = parameters(run);
    const matrix = operand(run);
    const empty = expr.operator === 'limit_ratio' ? checkRatios(run, values, expr) : checkCounts(values);
    return empty ? [] : pickSteps(run, matrix, groupOf, values, pick);
  };
}

/** Picks among the elements of one group. */
type Pick = (elements: Vector, parameter: number, inputs: number) => Vector;

function pickOf({ operator }: AggregateExpr): Pick {
  switch (operator) {
    case 'topk':
      return (elements, k, inputs) => most(elements, wholeCount(k, inputs), (a, b) => a < b);
    case 'bottomk':
      return (elements, k, inputs) => most(elements, wholeCount(k, inputs), (a, b) => a > b);
    case 'limitk':
      return (elements, k, inputs) => heaped(elements.slice(0, Math.max(0, wholeCount(k, inputs))));
    default:
      return (elements, ratio) =>
        heaped(elements.filter(({ labels }) => isSampled(labels, Math.max(-1, Math.min(1, ratio)))));
  }
}

function wholeCount(k: number, inputs: number): number {
  return Math.min(Math.trunc(k), inputs);
}

/** The `count` elements that are last in an order; the very last first. NaN comes before everything. */
function most(elements: Vector, count: number, before: (a: number, b: number) => boolean): Vector {
  const less = (a: Element, b: Element): boolean => Number.isNaN(a.value) || before(a.value, b.value);
  const heap = new GoHeap<Element>(less);
  for (const element of elements) {
    const root = heap.items[0];
    if (heap.items.length < count) {
      heap.push(element);
    } else if (
      root &&
      (before(root.value, element.value) || (Number.isNaN(root.value) && !Number.isNaN(element.value)))
    ) {
      heap.replaceRoot(element);
    }
  }
  return heap.items.toSorted((a, b) => (less(b, a) ? (less(a, b) ? 0 : -1) : less(a, b) ? 1 : 0));
}

/** The order of a heap that elements were pushed to, one after the other. */
function heaped(elements: Vector): Vector {
  const heap = new GoHeap<Element>((a, b) => Number.isNaN(a.value) || a.value < b.value);
  for (const element of elements) heap.push(element);
  return heap.items;
}

/** Whether the hash of the labels falls into a share of all hashes: from below, or with a negative one from above. */
function isSampled(labels: Labels, ratio: number): boolean {
  const offset = Number(labelsHash(labels)) / Number(2n ** 64n - 1n);
  return ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
}

/** @returns whether nothing is picked at any step */
function checkCounts(counts: readonly number[]): boolean {
  const { least, greatest, hasNaN } = extentOf(counts);
  if (!hasNaN && greatest < 1) return true;
  if (hasNaN) throw new UsageError('Parameter value is NaN');
  if (least <= -MAX_INT64) throw new UsageError(`Scalar value ${formatG(least)} underflows int64`);
  if (greatest >= MAX_INT64) throw new UsageError(`Scalar value ${formatG(greatest)} overflows int64`);
  return false;
}

/** @returns whether nothing is picked at any step */
function checkRatios(run: Run, ratios: readonly number[], { parameter }: AggregateExpr): boolean {
  const { least, greatest, hasNaN } = extentOf(ratios);
  if (!hasNaN && greatest === 0 && least === 0) return true;
  if (hasNaN) throw new UsageError('Ratio value is NaN');
  for (const [ratio, bound] of [
    [greatest, 1],
    [least, -1],
  ] as const) {
    if (Math.abs(ratio) <= 1 || Math.sign(ratio) !== bound) continue;
    const text = `ratio value should be between -1 and 1, got ${formatG(ratio)}, capping to ${bound}`;
    run.annotations.add({ severity: 'warning', text, position: parameter?.position });
  }
  return false;
}

function pickSteps(
  run: Run,
  matrix: Matrix,
  groupOf: (labels: Labels) => Group,
  parameters: readonly number[],
  pick: Pick,
): Matrix {
  const reader = new StepReader(matrix);
  const collector = new RowCollector();
  for (let step = 0; step < run.steps; step++) {
    const groups = new Map<string, Element[]>();
    reader.forEach(step, ({ labels, dropName }, value) => {
      const { key } = groupOf(labels);
      const group = groups.get(key);
      const element = { labels, dropName, value };
      if (group) group.push(element);
      else groups.set(key, [element]);
    });
    const parameter = parameters[step] ?? Number.NaN;
    const picked = [...groups.values()].flatMap((group) => pick(group, parameter, matrix.length));
    if (run.steps === 1) {
      return picked.map(({ labels, dropName, value }) => ({
        labels,
        dropName,
        steps: ONLY_STEP,
        values: [value],
      }));
    }
    for (const element of picked) collector.add(element, step);
  }
  return collector.rows();
}
