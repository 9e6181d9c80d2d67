import { messageOf, UsageError } from '../errors';
import { type Labels } from '../kube/selector';
import { parseMetricNotation } from '../promqltest/series-notation';

/** One line of what a program exports. */
export interface ExposedSample {
  readonly labels: Labels;
  readonly value: number;
  /** In milliseconds, where the line says so. */
  readonly atMs?: number | undefined;
}

/** What tells exported text from Prometheus' notation of series. */
const COMMENT = /^# (?:HELP|TYPE|UNIT|EOF)\b/m;

/** Whether a text is what a program exports: it has lines such as `# TYPE requests_total counter`. */
export function isExposition(text: string): boolean {
  return COMMENT.test(text);
}

/**
 * Reads the text format of Prometheus, or OpenMetrics, which ends with `# EOF` and counts time in seconds. Exemplars are
 * left out.
 * @throws UsageError with `where:line:` if a line cannot be read
 */
export function readExposition(text: string, where: string): ExposedSample[] {
  const unitMs = /^# EOF\s*$/m.test(text) ? 1000 : 1;
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    try {
      return [readSample(line, unitMs)];
    } catch (error) {
      throw new UsageError(`${where}:${index + 1}: ${messageOf(error)}`);
    }
  });
}

function readSample(line: string, unitMs: number): ExposedSample {
  const { labels, rest } = parseMetricNotation(line.trimEnd());
  const [value = '', time, ...more] = (rest.split(' # ')[0] ?? '').trim().split(/\s+/);
  if (value === '' || more.length > 0)
    throw new UsageError(`write one value behind the labels: ${line.trim()}`);
  return {
    labels,
    value: readNumber(value),
    ...(time === undefined ? {} : { atMs: Math.round(readNumber(time) * unitMs) }),
  };
}

function readNumber(text: string): number {
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
    throw new UsageError(`"${text}" is not a number`);
  return Number(text);
}
