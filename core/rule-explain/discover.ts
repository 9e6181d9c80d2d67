import { type SeriesListing, type Registry } from '../adapter';
import { groupResourceText, type CompiledRule, type MetricsApi } from '../rules';
import { askSeries, type Asking } from './question';

/** The registry after the adapter has listed the series of its rules. */
export function* discover(registry: Registry): Asking<Registry> {
  const results = new Map<string, SeriesListing>();
  for (const { key, selector } of registry.listings()) results.set(key, yield* askSeries(selector));
  return registry.updated(results);
}

/** What becomes of the series that a rule selects. */
export interface RuleReport {
  /** Such as `rules[0]`. */
  readonly rule: string;
  readonly seriesQuery: string;
  /** How many series it selects. */
  readonly series: number;
  /** Why Prometheus did not list them. */
  readonly error?: string | undefined;
  /** What that means for the metrics of other rules. */
  readonly note?: string | undefined;
  readonly metrics: readonly ReportedMetric[];
  /** Why series become no metric, each reason once. */
  readonly excluded: readonly string[];
  /** Names of series none of whose labels names an object. */
  readonly unmapped: readonly string[];
}

export interface ReportedMetric {
  /** As in the discovery document: `pods/http_requests_per_second`; the name alone for an external metric. */
  readonly name: string;
  /** The series that answers for it. */
  readonly series: string;
  /** Whether requests for it name a namespace. */
  readonly namespaced: boolean;
  /** The later rule or series that counts instead of this one. */
  readonly replacedBy?: string | undefined;
}

/**
 * What the adapter itself makes of selectors that Prometheus refuses, a sentence each. It gives up a listing at the first
 * of them, separately for each API, while a `Registry` keeps the metrics of the other rules (`updateMetrics` of
 * prometheus-adapter `pkg/custom-provider` and `pkg/external-provider`).
 */
export function refusedListings(registry: Registry, api: MetricsApi): string[] {
  return registry.rules.flatMap((rule) =>
    rule.api === api && registry.discovery(rule)?.error !== undefined ? [refusedListing(rule)] : [],
  );
}

function refusedListing({ api, path }: CompiledRule): string {
  const list = api === 'custom' ? 'rules' : 'externalRules';
  return `prometheus-adapter itself lists no metric of ${list} while ${path}.seriesQuery is refused; one that runs keeps those of its last listing`;
}

/** What every rule makes of the series that Prometheus has. */
export function reportRules(registry: Registry): readonly RuleReport[] {
  return registry.rules.map((rule) => reportRule(registry, rule));
}

/** The names of all metrics that can be asked for, as discovery lists them, in order. */
export function metricNames(registry: Registry): string[] {
  return registry
    .metrics()
    .map(({ resource, metric }) => (resource ? `${groupResourceText(resource)}/${metric}` : metric))
    .sort();
}

function reportRule(registry: Registry, rule: CompiledRule): RuleReport {
  const { series = [], error } = registry.discovery(rule) ?? {};
  const metrics = new Map<string, ReportedMetric>();
  const excluded = new Set<string>();
  const unmapped = new Set<string>();
  for (const labels of series) {
    const name = labels['__name__'] ?? '';
    const naming = rule.nameOf(name);
    if (!naming.accepted) {
      excluded.add(naming.reason);
      continue;
    }
    const made = metricsOf(registry, rule, naming.metric, labels);
    if (made.length === 0) unmapped.add(name);
    for (const metric of made) metrics.set(`${metric.name} ${metric.namespaced}`, metric);
  }
  return {
    rule: rule.path,
    seriesQuery: rule.source.seriesQuery,
    series: series.length,
    error,
    ...(error === undefined ? {} : { note: refusedListing(rule) }),
    metrics: [...metrics.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    excluded: [...excluded],
    unmapped: [...unmapped],
  };
}

function metricsOf(
  registry: Registry,
  rule: CompiledRule,
  metric: string,
  labels: Readonly<Record<string, string>>,
): ReportedMetric[] {
  const series = labels['__name__'] ?? '';
  if (rule.api === 'external') {
    const known = registry.findExternal(metric);
    return [
      { name: metric, series, namespaced: true, ...replacement(known?.rule, known?.series, rule, series) },
    ];
  }
  return rule.resourcesOf(labels).map(({ resource, namespaced }) => {
    const known = registry.findCustom(resource, namespaced, metric);
    const name = `${groupResourceText(resource)}/${metric}`;
    return { name, series, namespaced, ...replacement(known?.rule, known?.series, rule, series) };
  });
}

function replacement(
  knownRule: CompiledRule | undefined,
  knownSeries: string | undefined,
  rule: CompiledRule,
  series: string,
): Pick<ReportedMetric, 'replacedBy'> {
  if (!knownRule || (knownRule === rule && knownSeries === series)) return {};
  return { replacedBy: knownRule === rule ? `${knownSeries}` : `${knownRule.path} (${knownSeries})` };
}
