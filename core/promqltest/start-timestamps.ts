import { UsageError } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { type Labels } from '../kube/selector';
import { parseMetricNotation } from './series-notation';

/** A line `metric{…}@st …`: since when the samples of the next line count. */
export interface StartTimestamps {
  readonly labels: Labels;
  /** Milliseconds from a sample to its start timestamp; undefined where it has none. */
  readonly offsetsMs: readonly (number | undefined)[];
}

const DURATION = String.raw`[+-]?\d+[a-wyz]*`;
const ITEM = new RegExp(
  String.raw`^(?:_(?:x(?<omitted>[1-9]\d*))?|(?<first>${DURATION})(?:(?<sign>[+-])(?<step>${DURATION})(?=x))?(?:x(?<times>\d+))?)$`,
  'i',
);
const LINE = /^(\S+)@st[ \t]+(.*)$/;
const MOST_VALUES = 10_000_000;

/**
 * Reads a line of start timestamps, if it is one: `m{a="b"}@st _ -1mx3 -30s-1mx2`.
 * @throws UsageError if its labels or durations cannot be read
 */
export function parseStartTimestamps(line: string): StartTimestamps | undefined {
  const match = LINE.exec(line.trim());
  if (!match) return undefined;
  const [, metric = '', sequence = ''] = match;
  const { labels, rest } = parseMetricNotation(metric);
  if (rest !== '') throw new UsageError(`invalid series before @st: ${JSON.stringify(metric)}`);
  return { labels, offsetsMs: sequence.split(/\s+/).filter(Boolean).flatMap(readItem) };
}

function readItem(item: string): (number | undefined)[] {
  const groups = ITEM.exec(item)?.groups;
  if (!groups) {
    throw new UsageError(`"${item}" is not a start timestamp such as -1m, -1mx3, -30s-1mx3, _ or _x3`);
  }
  const { omitted, first, sign, step, times } = groups;
  if (first === undefined) return Array.from({ length: countOf(omitted ?? '1', item) });
  const firstMs = signedDuration(first);
  const stepMs = step === undefined ? 0 : signedDuration(step) * (sign === '-' ? -1 : 1);
  return Array.from({ length: countOf(times ?? '0', item) + 1 }, (_, index) => firstMs + index * stepMs);
}

function countOf(digits: string, item: string): number {
  const count = Number(digits);
  if (count > MOST_VALUES) throw new UsageError(`"${item}": more than ${MOST_VALUES} values`);
  return count;
}

function signedDuration(text: string): number {
  const milliseconds = parsePrometheusDuration(text.replace(/^[+-]/, ''));
  return text.startsWith('-') ? -milliseconds : milliseconds;
}
