import { UsageError } from '../core/errors';
import { parsePrometheusDuration } from '../core/kube/duration';
import type { SeriesHandle } from './exporter';

/** Conditions on labels of a series: `label` = value. */
export type Conditions<Label extends string> = Readonly<Partial<Record<Label, string>>>;

/**
 * What is read of a series, before it is summed: `rate(series{…}[1m])` or `series{…}`. Rendered for Prometheus or as
 * the template of an adapter rule.
 */
export interface Reading<Label extends string = string> {
  /** Name of the series. */
  readonly series: string;
  readonly conditions?: Conditions<Label> | undefined;
  /** Range of a rate; absent for the plain value. */
  readonly window?: string;
}

/**
 * Increase a second of a counter over a window, in Prometheus notation such as `1m`.
 * @throws UsageError for a window that is no duration, or of no length
 */
export function rate<Label extends string>(
  series: SeriesHandle<Label, 'counter'>,
  window: string,
  conditions?: Conditions<NoInfer<Label>>,
): Reading<Label> {
  if (parsePrometheusDuration(window) === 0) {
    throw new UsageError(`rate of ${series.name}: the window must be longer than zero`);
  }
  return { series: series.name, conditions, window };
}

/** The newest value of a gauge. */
export function value<Label extends string>(
  series: SeriesHandle<Label, 'gauge'>,
  conditions?: Conditions<NoInfer<Label>>,
): Reading<Label> {
  return { series: series.name, conditions };
}

/** PromQL: the sum of a reading, for each combination of the given labels. */
export function sumBy<Label extends string>(
  reading: Reading<Label>,
  labels: readonly NoInfer<Label>[] = [],
): string {
  const selector = `${reading.series}{${matchers(reading.conditions).join(',')}}`;
  return `sum${by(labels)} (${ranged(selector, reading.window)})`;
}

/** PromQL: how many series an expression has. */
export function countOf(expression: string): string {
  return `count (${expression})`;
}

/** The adapter's query template: the sum of a reading for each object that is asked about. */
export function adapterTemplate(reading: Reading): string {
  const selector = `<<.Series>>{${['<<.LabelMatchers>>', ...matchers(reading.conditions)].join(',')}}`;
  return `sum(${ranged(selector, reading.window)}) by (<<.GroupBy>>)`;
}

/** `label="value"` for each condition. */
export function matchers(conditions: Conditions<string> = {}): string[] {
  return Object.entries(conditions).map(([label, wanted]) => `${label}=${JSON.stringify(wanted)}`);
}

function by(labels: readonly string[]): string {
  return labels.length > 0 ? ` by (${labels.join(', ')})` : '';
}

function ranged(selector: string, window: string | undefined): string {
  return window === undefined ? selector : `rate(${selector}[${window}])`;
}
