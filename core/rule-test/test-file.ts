import { z } from 'zod';
import { messageOf } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { Quantity } from '../kube/quantity';
import { Selector } from '../kube/selector';
import { MISSING_REASONS, type MetricTarget, parseTarget } from '../rule-explain';
import { readDocument, YamlSource } from '../yaml';

/** A string that a parser takes; its message is the issue's. */
function parsed<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
      return z.NEVER;
    }
  });
}

const text = z.union([z.string(), z.number()], { error: 'write a text' }).transform(String);
const duration = text.pipe(parsed(parsePrometheusDuration));
const interval = duration.refine((milliseconds) => milliseconds > 0, 'write a duration above 0');
const quantity = z
  .union([z.string(), z.number()], { error: 'write a quantity such as 2, 1500m or "0.5"' })
  .transform(String)
  .pipe(parsed((source) => Quantity.parse(source)));
const tolerance = quantity.refine(({ nanos }) => nanos >= 0n, 'write a quantity that is not below 0');

const seriesLine = z.union([z.string(), z.strictObject({ series: z.string(), values: text })], {
  error: 'write a line such as \'up{pod="web-1"} 0+60x10\', or series: and values:',
});

const testCase = z
  .strictObject({
    name: z.string().optional(),
    at: duration.optional().describe('time since the first values; that of the last by default'),
    series: z.array(seriesLine).default([]).describe('more series, for this test alone'),
    metrics: z.array(z.string()).optional().describe('everything that discovery lists'),
    metric: z.string().optional(),
    for: parsed(parseTarget).optional(),
    selector: parsed((source) => {
      Selector.parse(source);
      return source;
    }).optional(),
    value: quantity.optional(),
    values: z.record(z.string(), quantity).optional().describe('by the name of the object'),
    items: z
      .array(z.strictObject({ labels: z.record(z.string(), text).default({}), value: quantity }))
      .optional()
      .describe('of an external metric, in any order'),
    within: tolerance.optional().describe('how far values may be from what is expected'),
    missing: z
      .union([z.boolean(), z.enum(MISSING_REASONS)], {
        error: `write true, or one of the reasons ${MISSING_REASONS.join(', ')}`,
      })
      .optional(),
    query: z.string().optional().describe('PromQL that Prometheus is asked'),
  })
  .superRefine((test, context) => {
    const problem = problemOf(test);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const HOLDS = 'write what a file of tests holds: config:, tests: and mostly series:';

const testFileFields = {
  config: z.union([z.string(), z.looseObject({})], {
    error: 'write the path of the configuration, or the configuration itself',
  }),
  interval: interval.default(60_000).describe('time between two values of a series'),
  resources: z.array(z.string()).default([]).describe('custom resources, as plural.group'),
  series: z.array(seriesLine).default([]),
  tests: z.array(testCase).min(1, 'write at least one test'),
};

const testFile = z.strictObject(testFileFields, {
  error: ({ code }) => (code === 'invalid_type' ? HOLDS : undefined),
});

/** What a test says, apart from what it expects. */
export type RuleTestCase = z.infer<typeof testCase>;

/** A line of Prometheus' notation of series, and where it stands. */
export interface SeriesLine {
  readonly text: string;
  /** `file:line` */
  readonly where: string;
}

/** A test with its place. */
export interface PlacedTest {
  readonly case: RuleTestCase;
  readonly name: string;
  readonly line: number;
  /** The series of this test alone. */
  readonly series: readonly SeriesLine[];
}

/** A file of tests. */
export interface RuleTestFile {
  readonly file: string;
  /** The path of a configuration, or the text of one on the same lines and in the same columns as in the file. */
  readonly config: { readonly path: string } | { readonly text: string };
  readonly intervalMs: number;
  readonly resources: readonly string[];
  readonly series: readonly SeriesLine[];
  readonly tests: readonly PlacedTest[];
}

/**
 * Reads a file of tests.
 * @throws UsageError with everything that is wrong, a line each: `file:line:column: path: message`
 */
export function parseRuleTests(content: string, file: string): RuleTestFile {
  const source = YamlSource.open(content);
  const { config, interval, resources, series, tests } = readDocument(source, testFile, file);
  const linesAt = (
    path: readonly (string | number)[],
    lines: readonly z.infer<typeof seriesLine>[],
  ): SeriesLine[] =>
    lines.map((line, index) => ({
      text: typeof line === 'string' ? line : `${line.series} ${line.values}`,
      where: `${file}:${source.positionOf([...path, index]).line}`,
    }));
  return {
    file,
    config: typeof config === 'string' ? { path: config } : { text: source.only(['config']) },
    intervalMs: interval,
    resources,
    series: linesAt(['series'], series),
    tests: tests.map((test, index) => ({
      case: test,
      name: test.name ?? defaultName(test),
      line: source.positionOf(['tests', index]).line,
      series: linesAt(['tests', index, 'series'], test.series),
    })),
  };
}

function defaultName({ metric, for: target }: RuleTestCase): string {
  return target === undefined ? 'metrics' : `${metric} for ${targetText(target)}`;
}

/** A target as it is written. */
function targetText(target: MetricTarget): string {
  if (target.api === 'external') return `external/${target.namespace}`;
  const { groupResource, namespace, objects } = target;
  const resource =
    groupResource.group === '' ? groupResource.resource : `${groupResource.resource}.${groupResource.group}`;
  return [resource, ...(namespace === undefined ? [] : [namespace]), String(objects)].join('/');
}

/** What keeps a test from testing anything, or from meaning one thing. */
function problemOf(test: {
  readonly metrics?: unknown;
  readonly metric?: unknown;
  readonly for?: MetricTarget | undefined;
  readonly value?: unknown;
  readonly values?: unknown;
  readonly items?: unknown;
  readonly missing?: unknown;
  readonly query?: unknown;
}): string | undefined {
  const results = [test.value, test.values, test.items, test.missing].filter((given) => given !== undefined);
  if ((test.metric === undefined) !== (test.for === undefined)) {
    return 'write both metric and for, such as for: pods/NAMESPACE/NAME';
  }
  if (test.metric === undefined) {
    if (test.metrics === undefined) return 'write metric and for, or metrics';
    return results.length > 0 || test.query !== undefined
      ? 'write metric and for beside what is expected'
      : undefined;
  }
  if (results.length > 1) return 'write one of value, values, items and missing';
  if (results.length === 0 && test.query === undefined && test.metrics === undefined) {
    return 'write what is expected: value, values, items, missing or query';
  }
  if (test.items !== undefined && test.for?.api === 'custom')
    return 'items are of external metrics: write values, by the name of the object';
  if (test.values !== undefined && test.for?.api === 'external')
    return 'values are of objects: write items, with labels';
  return undefined;
}
