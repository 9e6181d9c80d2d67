import { messageOf, NotSupportedError, UsageError } from '../errors';
import { goUnquote } from '../kube/go-quote';
import { type Labels } from '../kube/selector';

/** One place of a sequence of samples. */
export type SequenceValue =
  | { readonly kind: 'value'; readonly value: number }
  /** No sample here: `_`. */
  | { readonly kind: 'omitted' }
  /** The series ends here: `stale`. */
  | { readonly kind: 'stale' };

/** A series with its samples, as a line of a PromQL test script or of `promtool test rules` writes them. */
export interface SeriesNotation {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

/** A line that was read up to the end of its labels. */
export interface MetricNotation {
  readonly labels: Labels;
  /** What follows the labels. */
  readonly rest: string;
}

const METRIC_NAME = '__name__';
const IDENTIFIER = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_IDENTIFIER = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const QUOTED = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`[^`]*`/y;
const SPACE = /[ \t\r\n]*/y;
/** Words that cannot be the name of a metric here. */
const RESERVED = /^(?:atan2|bool|group_left|group_right|ignoring|inf|nan|on)$/i;

const DIGITS = String.raw`\d+(?:_\d+)*`;
const NUMBER = String.raw`(?:(?:${DIGITS}(?:\.(?:${DIGITS})?)?|\.${DIGITS})(?:[eE][+-]?${DIGITS})?|(?:[iI][nN][fF]|[nN][aA][nN])(?![\w:]))`;
const ITEM = new RegExp(
  String.raw`^(?:(?<omitted>_)|(?<stale>stale)|(?<first>[+-]?${NUMBER})(?<step>[+-]${NUMBER}(?=x))?)(?:x(?<times>\d+))?$`,
);

/** More than this is a slip of the keyboard, and would not fit in memory. */
const MOST_VALUES = 10_000_000;

/**
 * Reads a line such as `up{job="api"} 1 _x2 0+5x10 stale`: `_` leaves a sample out, `axn` repeats a value n times
 * after the first, `a+bxn` and `a-bxn` count from it (`parser.ParseSeriesDesc`).
 * @throws UsageError with the column if the line is not such a series
 * @throws NotSupportedError if it holds native histograms, `{{…}}`
 */
export function parseSeriesNotation(line: string): SeriesNotation {
  const { labels, rest } = parseMetricNotation(line);
  return { labels, values: readValues(line, line.length - rest.length) };
}

/**
 * Reads the labels at the beginning of a line: `name`, `name{…}` or `{"name", …}`.
 * @throws UsageError with the column if there are none
 */
export function parseMetricNotation(line: string): MetricNotation {
  const scanner = new Scanner(line);
  scanner.take(SPACE);
  const name = scanner.take(IDENTIFIER);
  if (name !== undefined && RESERVED.test(name))
    scanner.fail(`"${name}" is a keyword, not the name of a metric`);
  const pairs = scanner.accept('{') ? readLabels(scanner) : undefined;
  if (name === undefined && pairs === undefined) scanner.fail('expected a metric name or "{"');
  const all = name === undefined ? (pairs ?? []) : [...(pairs ?? []), [METRIC_NAME, name] as const];
  const present = all.filter(([, value]) => value !== '');
  return { labels: Object.fromEntries(present), rest: scanner.rest };
}

/** The pairs up to the closing brace. */
function readLabels(scanner: Scanner): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (;;) {
    scanner.take(SPACE);
    if (scanner.accept('}')) return pairs;
    pairs.push(readLabel(scanner));
    scanner.take(SPACE);
    if (!scanner.accept(',') && !scanner.isAt('}')) scanner.fail('expected "," or "}"');
  }
}

function readLabel(scanner: Scanner): readonly [string, string] {
  const quotedName = scanner.takeString();
  const name = quotedName ?? scanner.take(LABEL_IDENTIFIER);
  if (name === undefined) return scanner.fail('expected the name of a label or "}"');
  scanner.take(SPACE);
  if (!scanner.accept('=')) {
    return quotedName === undefined ? scanner.fail('expected "="') : [METRIC_NAME, quotedName];
  }
  scanner.take(SPACE);
  return [name, scanner.takeString() ?? scanner.fail('expected a quoted string')];
}

function readValues(line: string, start: number): SequenceValue[] {
  const values: SequenceValue[] = [];
  const text = line.slice(start);
  if (text.includes('{{')) throw new NotSupportedError('native histograms ({{…}})');
  if (/^[^ \t\r\n]/.test(text)) throw notationError(line, start, 'expected a space before the values');
  for (const { 0: item, index } of text.matchAll(/[^ \t\r\n]+/g)) {
    const read = readItem(item);
    if (read === undefined) {
      throw notationError(
        line,
        start + index,
        `"${item}" is not a value such as 1, 1x3, 1+2x3, _, _x3, stale or NaN`,
      );
    }
    if (values.length + read.count > MOST_VALUES) {
      throw notationError(line, start + index, `the series has more than ${MOST_VALUES} values`);
    }
    for (let place = 0; place < read.count; place++) values.push(read.next());
  }
  return values;
}

/** How many places an item stands for, and what is on the next of them. */
interface Item {
  readonly count: number;
  readonly next: () => SequenceValue;
}

function readItem(item: string): Item | undefined {
  const groups = ITEM.exec(item)?.groups;
  if (!groups) return undefined;
  const { omitted, stale, first = '', step = '0', times } = groups;
  if (omitted !== undefined) return { count: Number(times ?? 1), next: () => ({ kind: 'omitted' }) };
  const count = Number(times ?? 0) + 1;
  if (stale !== undefined)
    return times === undefined ? { count, next: () => ({ kind: 'stale' }) } : undefined;
  let value = readNumber(first);
  const difference = readNumber(step);
  return {
    count,
    next: () => {
      const current = value;
      value += difference;
      return { kind: 'value', value: current };
    },
  };
}

/** A number with a sign. A leading zero makes a whole number octal, as in Go. */
function readNumber(text: string): number {
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
  const sign = text.startsWith('-') ? -1 : 1;
  if (/^inf$/i.test(digits)) return sign * Infinity;
  if (/^nan$/i.test(digits)) return Number.NaN;
  return sign * (/^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits));
}

class Scanner {
  #offset = 0;

  constructor(readonly line: string) {}

  get rest(): string {
    return this.line.slice(this.#offset);
  }

  isAt(text: string): boolean {
    return this.line.startsWith(text, this.#offset);
  }

  accept(text: string): boolean {
    const found = this.isAt(text);
    if (found) this.#offset += text.length;
    return found;
  }

  /** Takes what a sticky expression finds here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.line)?.[0];
    this.#offset += found?.length ?? 0;
    return found;
  }

  /** Takes a quoted string and gives what it stands for. */
  takeString(): string | undefined {
    const start = this.#offset;
    const quoted = this.take(QUOTED);
    if (quoted === undefined) return undefined;
    try {
      return goUnquote(quoted);
    } catch (error) {
      if (!(error instanceof UsageError) || error instanceof NotSupportedError) throw error;
      throw notationError(this.line, start, messageOf(error));
    }
  }

  fail(problem: string): never {
    throw notationError(this.line, this.#offset, problem);
  }
}

function notationError(line: string, offset: number, problem: string): UsageError {
  return new UsageError(`invalid series ${JSON.stringify(line.trim())}: column ${offset + 1}: ${problem}`);
}
