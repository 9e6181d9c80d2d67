import type { RelabelConfig } from '../kube/kinds/monitoring';
import type { Labels } from '../kube/selector';
import type { MetricContract, MetricType, SeriesContract } from '../model';
import { relabel, type Target } from '../operator';
import type { Matcher } from '../promql';

/** Stands for whatever value a program gives one of its labels; never empty. */
export const ANY_VALUE = '\u{FFFD}';

/** A series as Prometheus stores it after a scrape. */
export interface ExportedSeries {
  readonly name: string;
  readonly type: MetricType;
  readonly labels: Labels;
}

/** Series that Prometheus adds to every target. */
const OWN_SERIES: readonly SeriesContract[] = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
].map((name) => ({ name, type: 'gauge', help: '', labels: [] }));

/**
 * What a scrape of a target stores, given what the program promises: labels merged by `honorLabels`, histograms and
 * summaries as their parts, metric relabelling applied as far as it depends on known values.
 */
export function exportedSeries(contract: MetricContract, target: Target): readonly ExportedSeries[] {
  const parts = [...Object.values(contract.series).flatMap(wireSeries), ...OWN_SERIES];
  return parts.flatMap((series) => {
    const merged = mergedLabels(series, target);
    const labels = applicable(target.job.metricRelabelConfigs, merged).reduce<Labels | undefined>(
      (current, config) => current && relabel(current, [config]),
      merged,
    );
    return labels ? [{ name: labels['__name__'] ?? series.name, type: series.type, labels }] : [];
  });
}

/** Names under which a program writes its series. */
export function exportedNames(contract: MetricContract): readonly string[] {
  return Object.values(contract.series).flatMap((series) => wireSeries(series).map(({ name }) => name));
}

/** The names under which a series is written; those of a histogram or a summary count events, so they are counters. */
function wireSeries(series: SeriesContract): SeriesContract[] {
  const { name, type, labels } = series;
  if (type !== 'histogram' && type !== 'summary') return [series];
  const counters = ['_sum', '_count'].map((suffix) => ({
    ...series,
    name: name + suffix,
    type: 'counter' as const,
  }));
  return type === 'histogram'
    ? [...counters, { ...series, name: `${name}_bucket`, type: 'counter', labels: [...labels, 'le'] }]
    : [...counters, { ...series, type: 'gauge', labels: [...labels, 'quantile'] }];
}

/** A label that both have belongs to the program with `honorLabels`; else the program's is renamed. */
function mergedLabels({ name, labels }: SeriesContract, target: Target): Labels {
  const { honorLabels } = target.job;
  const own = labels.map((label): [string, string] => [
    !honorLabels && target.labels[label] !== undefined ? `exported_${label}` : label,
    ANY_VALUE,
  ]);
  return { ...target.labels, ...Object.fromEntries(own), __name__: name };
}

/** Leaves out rules that keep or drop by values which are not known. */
function applicable(configs: readonly RelabelConfig[], labels: Labels): readonly RelabelConfig[] {
  return configs.filter(
    ({ action = 'replace', sourceLabels = [] }) =>
      !/keep|drop/i.test(action) ||
      /^label/i.test(action) ||
      sourceLabels.every((label) => labels[label] !== ANY_VALUE),
  );
}

/** Whether series with these labels can satisfy a matcher. */
export function canMatch(matcher: Matcher, labels: Labels): boolean {
  const value = labels[matcher.label] ?? '';
  if (value !== ANY_VALUE) return matcher.matches(value);
  return !(matcher.operator === '=' && matcher.value === '');
}
