import { formatDuration } from '../kube/duration';
import { type Labels } from '../kube/selector';
import { type QueryResult } from '../promql';
import { almostEqual } from '../promql/almost-equal';
import { labelsKey } from '../promql/labels';
import { seriesText } from './label-set';
import { type Expected, type ExpectedResult, type Steps } from './script';
import { type SequenceValue } from './series-notation';

/** The share by which values may differ in a test script (`defaultEpsilon` of promqltest). */
const EPSILON = 0.000001;

/** The points of a series; of an instant vector's element, the only one. */
interface Row {
  readonly labels: Labels;
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

/**
 * Compares a result with what is expected.
 * @param atMs time of the query, which an instant vector's elements have
 * @returns lines that say what differs: `-` for what is expected, `+` for what came instead; none if all is well
 */
export function compareResult(result: QueryResult, expected: Expected, atMs: number): string[] {
  const wanted = expected.result;
  if (wanted.kind === 'string' || result.type === 'string') return compareString(result, wanted);
  if (wanted.kind === 'scalar' || result.type === 'scalar') return compareScalar(result, wanted);
  if (wanted.kind === 'nativeHistograms') return ['- native histograms', `+ ${shortly(result)}`];
  const steps = result.type === 'matrix' ? wanted.range : { startMs: atMs, endMs: atMs, stepMs: 1 };
  if (!steps)
    return ['- an instant vector', '+ a range vector: "expect range vector" has to say which times it has'];
  const rows = wanted.series.map(({ labels, values }) => ({ labels, points: pointsOf(values, steps) }));
  const differences = compareRows(rowsOf(result, atMs), rows, steps);
  if (!expected.ordered || differences.length > 0) return differences;
  return result.type === 'matrix'
    ? ['- elements in order', '+ a range vector, which has none']
    : compareOrder(rowsOf(result, atMs), rows);
}

function compareString(result: QueryResult, wanted: ExpectedResult): string[] {
  const same = result.type === 'string' && wanted.kind === 'string' && result.value === wanted.value;
  return same ? [] : [`- ${expectation(wanted)}`, `+ ${shortly(result)}`];
}

function compareScalar(result: QueryResult, wanted: ExpectedResult): string[] {
  const same =
    result.type === 'scalar' && wanted.kind === 'scalar' && almostEqual(result.value, wanted.value, EPSILON);
  return same ? [] : [`- ${expectation(wanted)}`, `+ ${shortly(result)}`];
}

function expectation(wanted: ExpectedResult): string {
  switch (wanted.kind) {
    case 'scalar':
      return `scalar ${numberText(wanted.value)}`;
    case 'string':
      return `string ${JSON.stringify(wanted.value)}`;
    case 'series':
      return `vector of ${wanted.series.length} elements`;
    case 'nativeHistograms':
      return 'native histograms';
  }
}

function shortly(result: QueryResult): string {
  switch (result.type) {
    case 'scalar':
      return `scalar ${numberText(result.value)}`;
    case 'string':
      return `string ${JSON.stringify(result.value)}`;
    case 'vector':
      return `vector of ${result.samples.length} elements`;
    case 'matrix':
      return `range vector of ${result.series.length} series`;
  }
}

function rowsOf(result: QueryResult, atMs: number): readonly Row[] {
  if (result.type === 'matrix') return result.series;
  if (result.type !== 'vector') return [];
  return result.samples.map(({ labels, value }) => ({ labels, points: [{ atMs, value }] }));
}

function pointsOf(values: readonly SequenceValue[], { startMs, stepMs }: Steps): Row['points'] {
  return values.flatMap((value, index) =>
    value.kind === 'omitted'
      ? []
      : [{ atMs: startMs + index * stepMs, value: value.kind === 'value' ? value.value : Number.NaN }],
  );
}

function compareRows(got: readonly Row[], wanted: readonly Row[], steps: Steps): string[] {
  const missing = new Map(wanted.map((row) => [labelsKey(row.labels), row]));
  const differences = got.flatMap((row) => {
    const key = labelsKey(row.labels);
    const partner = missing.get(key);
    missing.delete(key);
    if (partner && samePoints(row, partner)) return [];
    return [...(partner ? [`- ${rowText(partner, steps)}`] : []), `+ ${rowText(row, steps)}`];
  });
  return [...differences, ...[...missing.values()].map((row) => `- ${rowText(row, steps)}`)];
}

function samePoints(a: Row, b: Row): boolean {
  return (
    a.points.length === b.points.length &&
    a.points.every(({ atMs, value }, index) => {
      const other = b.points[index];
      return other?.atMs === atMs && almostEqual(other.value, value, EPSILON);
    })
  );
}

function compareOrder(got: readonly Row[], wanted: readonly Row[]): string[] {
  const order = (rows: readonly Row[]): string => rows.map(({ labels }) => seriesText(labels)).join(', ');
  const [expected, actual] = [order(wanted), order(got)];
  return expected === actual ? [] : [`- in the order ${expected}`, `+ in the order ${actual}`];
}

/** A series in the notation of scripts; points beside the steps have their time. */
function rowText({ labels, points }: Row, { startMs, endMs, stepMs }: Steps): string {
  const last = Math.max(endMs, ...points.map(({ atMs }) => atMs));
  const values: string[] = [];
  let next = startMs;
  for (const { atMs, value } of points) {
    for (; next < atMs && next <= last; next += stepMs) values.push('_');
    values.push(next === atMs ? numberText(value) : `${numberText(value)}@${formatDuration(atMs)}`);
    if (next === atMs) next += stepMs;
  }
  return [seriesText(labels), ...values].join(' ');
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
