import type { Expr } from '../../../core/promql';
import { labelsKey } from '../../../core/promql/labels';
import { seriesText } from '../../../core/promqltest/label-set';
import { parsed } from './parsing';
import { isApproximate } from './rounding';
import type { Answer, AnswerSeries, AnswerValue, Question } from './server';

/** How many warnings, and how many infos, the API tells; it leaves out the others, whichever come last in a map. */
const MOST_MESSAGES = 10;
/** Relative error of functions that Go and JavaScript may round differently. */
const TOLERANCE = 1e-12;

/** Outermost operations after which the elements of an instant vector have an order. */
const SORTED = new Set(['sort', 'sort_desc', 'sort_by_label', 'sort_by_label_desc', 'topk', 'bottomk']);

/** What differs between two answers to the same question, in words; undefined if nothing does. */
export function difference(question: Question, expected: Answer, got: Answer): string | undefined {
  if (expected.kind === 'error' || got.kind === 'error') {
    const [a, b] = [errorText(expected), errorText(got)];
    const same = namesFirstOfSorted(question) ? withoutLabels(a) === withoutLabels(b) : a === b;
    return same ? undefined : `expected ${a}, got ${b}`;
  }
  const expr = parsed(question.expression);
  const tolerance = expr && isApproximate(expr) ? TOLERANCE : 0;
  return (
    valueDifference(expected.value, got.value, tolerance) ??
    (question.kind === 'instant' && expr && isSorted(expr) && !isSortedByMissing(expr, expected.value)
      ? orderDifference(expected.value, got.value)
      : undefined) ??
    messageDifference('warnings', expected.warnings, got.warnings) ??
    messageDifference('infos', expected.infos, got.infos)
  );
}

function errorText(answer: Answer): string {
  return answer.kind === 'error' ? `the error ${JSON.stringify(answer.message)}` : 'a result';
}

/** Whether an error may name the first of elements that `sort_by_label` left in an order of its own (see below). */
function namesFirstOfSorted({ expression }: Question): boolean {
  return expression.includes('sort_by_label');
}

function withoutLabels(message: string): string {
  return message.replace(/\{.*\}/g, '{}');
}

function valueDifference(expected: AnswerValue, got: AnswerValue, tolerance: number): string | undefined {
  if (expected.type !== got.type) return `expected a ${expected.type}, got a ${got.type}`;
  if (expected.type === 'string' || got.type === 'string') {
    return expected.type === 'string' && got.type === 'string' && expected.value === got.value
      ? undefined
      : 'another string';
  }
  if (expected.type === 'scalar' || got.type === 'scalar') {
    const both = expected.type === 'scalar' && got.type === 'scalar';
    if (both && same(expected.value, got.value, tolerance)) return undefined;
    return both ? `expected ${text(expected.value)}, got ${text(got.value)}` : 'another type';
  }
  return seriesDifference(expected.series, got.series, tolerance);
}

function seriesDifference(
  expected: readonly AnswerSeries[],
  got: readonly AnswerSeries[],
  tolerance: number,
): string | undefined {
  const rest = new Map(got.map((series) => [labelsKey(series.labels), series]));
  if (rest.size !== got.length) return 'got the same labels twice';
  for (const series of expected) {
    const key = labelsKey(series.labels);
    const other = rest.get(key);
    if (!other)
      return `lacks ${seriesText(series.labels)} (${series.points.length} points of ${expected.length} series; got ${got.length})`;
    rest.delete(key);
    const differing = pointsDifference(series, other, tolerance);
    if (differing !== undefined) return `${seriesText(series.labels)}: ${differing}`;
  }
  const [unexpected] = rest.values();
  return (
    unexpected &&
    `has ${seriesText(unexpected.labels)} besides (${got.length} series; expected ${expected.length})`
  );
}

function pointsDifference(expected: AnswerSeries, got: AnswerSeries, tolerance: number): string | undefined {
  for (const [index, { atMs, value }] of expected.points.entries()) {
    const other = got.points[index];
    if (other?.atMs !== atMs) return `expected a point at ${atMs}, got one at ${other?.atMs ?? 'no time'}`;
    if (!same(value, other.value, tolerance))
      return `expected ${text(value)} at ${atMs}, got ${text(other.value)}`;
  }
  const extra = got.points[expected.points.length];
  return extra && `got a point at ${extra.atMs} besides`;
}

/** The same bits, for all NaN is one number; or closer than the tolerance. */
function same(expected: number, got: number, tolerance: number): boolean {
  if (Object.is(expected, got)) return true;
  if (tolerance === 0) return false;
  return (
    expected === got || Math.abs(expected - got) <= tolerance * Math.max(Math.abs(expected), Math.abs(got))
  );
}

function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Whether the elements of the answer have an order. */
function isSorted(expr: Expr): boolean {
  if (expr.kind === 'call') return SORTED.has(expr.function);
  if (expr.kind !== 'aggregate') return false;
  const { labels, without } = expr.grouping;
  return SORTED.has(expr.operator) && labels.length === 0 && !without;
}

/**
 * Whether elements are sorted by a label that only some of them have. Prometheus' comparison says of both that they
 * come after the other, so that their order is a matter of the sorting algorithm.
 */
function isSortedByMissing(expr: Expr, value: AnswerValue): boolean {
  if (expr.kind !== 'call' || !expr.function.startsWith('sort_by_label') || !('series' in value))
    return false;
  return expr.args.some(
    (name) =>
      name.kind === 'string' && new Set(value.series.map(({ labels }) => name.value in labels)).size > 1,
  );
}

/** Whether neither comes before the other: -0 and 0 do not, nor does one NaN before another. */
function ties(a = 0, b = 0): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** The same elements at the same places; of equal values, which have no order, only the values. */
function orderDifference(expected: AnswerValue, got: AnswerValue): string | undefined {
  if (expected.type !== 'vector' || got.type !== 'vector') return undefined;
  const valueOf = new Map(expected.series.map(({ labels, points }) => [labelsKey(labels), points[0]?.value]));
  const index = expected.series.findIndex(({ points }, place) => {
    const there = got.series[place];
    return !there || !ties(points[0]?.value, valueOf.get(labelsKey(there.labels)));
  });
  if (index < 0) return undefined;
  const order = ({ series }: { readonly series: readonly AnswerSeries[] }): string =>
    series.map(({ labels }) => seriesText(labels)).join(', ');
  return `expected the order ${order(expected)}; got ${order(got)}`;
}

function messageDifference(
  what: string,
  expected: readonly string[],
  got: readonly string[],
): string | undefined {
  if (expected.length > MOST_MESSAGES) {
    const omitted = /^(\d+) more /.exec(expected.at(-1) ?? '')?.[1];
    const count = MOST_MESSAGES + Number(omitted ?? 0);
    return got.length === count ? undefined : `expected ${count} ${what}, got ${got.length}`;
  }
  const missing = expected.find((message) => !got.includes(message));
  if (missing !== undefined) return `${what}: lacks ${JSON.stringify(missing)}; got ${JSON.stringify(got)}`;
  const besides = got.find((message) => !expected.includes(message));
  return besides === undefined
    ? undefined
    : `${what}: has ${JSON.stringify(besides)} besides; expected ${JSON.stringify(expected)}`;
}
