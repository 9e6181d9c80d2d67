import { type Registry } from '../adapter';
import { messageOf, UsageError } from '../errors';
import { formatDuration } from '../kube/duration';
import { Quantity } from '../kube/quantity';
import {
  discover,
  type Explanation,
  explainRequest,
  formatSample,
  metricNames,
  requestFor,
  runAsking,
  type ServedValue,
  StoreFiller,
  storeReplies,
} from '../rule-explain';
import { type PlacedTest, type RuleTestCase, type RuleTestFile, type SeriesLine } from './test-file';

/** How a test ended. */
export interface RuleTestResult {
  readonly name: string;
  readonly line: number;
  /** The time that was looked at. */
  readonly at: string;
  /** What is not as expected; a test without differences passed. */
  readonly differences: readonly TestDifference[];
  /** What became of the metric, if the test asks for one. */
  readonly explanation?: Explanation | undefined;
}

/** One expectation that is not met. */
export interface TestDifference {
  /** The field of the test: `value`, `metrics`. */
  readonly what: string;
  readonly expected: readonly string[];
  readonly got: readonly string[];
  /** What to know about it. */
  readonly hint?: string | undefined;
}

/** How far a value may be off because the adapter cuts it off, and Prometheus computes with floating point numbers. */
const CUT_OFF = Quantity.milli(1);
const CUT_OFF_HINT =
  'the adapter cuts off what is finer than a thousandth, and rates are rarely round: within: 1m accepts that';

/**
 * Runs the tests of a file.
 * @param registry of the configuration, before anything is listed
 * @throws UsageError with file and line if a series cannot be read, or a test cannot mean anything
 */
export function runRuleTests(file: RuleTestFile, registry: Registry): readonly RuleTestResult[] {
  // Series are read even if no test of the file is without its own.
  const common = filled(file, []);
  return file.tests.map((test) => {
    const input = test.series.length === 0 ? common : filled(file, test.series);
    return runTest(file, test, registry, input);
  });
}

function filled({ series, intervalMs }: RuleTestFile, more: readonly SeriesLine[]): StoreFiller {
  const filler = new StoreFiller({ intervalMs, targetLabels: {} });
  for (const { text, where } of [...series, ...more]) filler.addLine(text, where);
  return filler;
}

function runTest(
  { file }: RuleTestFile,
  { case: test, name, line }: PlacedTest,
  registry: Registry,
  { store, lastMs }: StoreFiller,
): RuleTestResult {
  const atMs = test.at ?? lastMs;
  const reply = storeReplies(store, atMs);
  const listed = runAsking(discover(registry), reply);
  const base = { name, line, at: formatDuration(atMs) };
  const differences = test.metrics
    ? compareLists('metrics', [...test.metrics].sort(), metricNames(listed))
    : [];
  if (test.metric === undefined || test.for === undefined) return { ...base, differences };
  try {
    const request = requestFor(listed, test.metric, test.for, test.selector);
    const explanation = runAsking(explainRequest(listed, request, atMs), reply);
    return { ...base, differences: [...differences, ...compare(test, explanation)], explanation };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${file}:${line}: ${messageOf(error)}`, { cause: error });
  }
}

function compare(test: RuleTestCase, explanation: Explanation): TestDifference[] {
  const { query } = explanation;
  const asked =
    test.query === undefined
      ? []
      : compareLists('query', [oneLine(test.query)], query === undefined ? [] : [oneLine(query)]);
  return [...asked, ...compareResult(test, explanation)];
}

function compareResult(test: RuleTestCase, { values, missing }: Explanation): TestDifference[] {
  const gone = missing ? [`missing: ${missing.reason}`] : [];
  const got = [...gone, ...values.map(servedText).sort()];
  const expected = test.value;
  if (expected !== undefined) {
    const [only, ...others] = values;
    const isSame = (within: Quantity | undefined): boolean =>
      only !== undefined && others.length === 0 && isNear(only.value, expected, within);
    if (isSame(test.within)) return [];
    const hint = isSame(CUT_OFF) ? CUT_OFF_HINT : undefined;
    return [{ what: 'value', expected: [expected.toString()], got: plainValue(got, values), hint }];
  }
  if (test.values !== undefined) {
    const wanted = Object.entries(test.values).map(([object, value]): ServedValue => ({ object, value }));
    return compareValues('values', wanted, values, test.within, got);
  }
  if (test.items !== undefined) return compareValues('items', test.items, values, test.within, got);
  return compareMissing(test, missing?.reason, got);
}

function compareMissing(
  { missing }: RuleTestCase,
  reason: string | undefined,
  got: readonly string[],
): TestDifference[] {
  switch (missing) {
    case undefined:
      return [];
    case false:
      return reason === undefined ? [] : [{ what: 'missing', expected: ['a value'], got }];
    case true:
      return reason === undefined ? [{ what: 'missing', expected: ['no value'], got }] : [];
    default:
      return reason === missing ? [] : [{ what: 'missing', expected: [`missing: ${missing}`], got }];
  }
}

/** Values of equal objects or labels, each by its amount: `500m` is `0.5`. */
function compareValues(
  what: string,
  expected: readonly ServedValue[],
  values: readonly ServedValue[],
  within: Quantity | undefined,
  got: readonly string[],
): TestDifference[] {
  const [wanted, served] = [bySubject(expected), bySubject(values)];
  const isSame = (tolerance: Quantity | undefined): boolean =>
    wanted.length === served.length &&
    wanted.every((value, index) => {
      const other = served[index];
      return (
        other && subjectText(other) === subjectText(value) && isNear(other.value, value.value, tolerance)
      );
    });
  if (isSame(within)) return [];
  const hint = isSame(CUT_OFF) ? CUT_OFF_HINT : undefined;
  return [{ what, expected: wanted.map(servedText), got, hint }];
}

function bySubject(values: readonly ServedValue[]): readonly ServedValue[] {
  return [...values].sort((a, b) => (subjectText(a) < subjectText(b) ? -1 : 1));
}

function isNear(value: Quantity, expected: Quantity, within: Quantity | undefined): boolean {
  const difference = value.nanos - expected.nanos;
  return (difference < 0n ? -difference : difference) <= (within?.nanos ?? 0n);
}

function compareLists(what: string, expected: readonly string[], got: readonly string[]): TestDifference[] {
  return expected.join('\n') === got.join('\n') ? [] : [{ what, expected, got }];
}

/** A single value is told without what it is of. */
function plainValue(got: readonly string[], values: readonly ServedValue[]): readonly string[] {
  const [only, ...others] = values;
  return only && others.length === 0 ? [quantityText(only.value)] : got;
}

function servedText(value: ServedValue): string {
  return `${subjectText(value)}: ${quantityText(value.value)}`;
}

function subjectText({ object, labels }: ServedValue): string {
  return (
    object ??
    formatSample(Object.fromEntries(Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))))
  );
}

function quantityText(value: Quantity): string {
  return value.toString();
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
