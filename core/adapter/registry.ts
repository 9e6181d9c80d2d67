import { type ApiResource } from '../kube/api-resources';
import { type Labels } from '../kube/selector';
import {
  type AdapterConfig,
  type CompiledRule,
  compileResourceRules,
  compileRules,
  type GroupResource,
  groupResourceText,
  type MetricsApi,
  type ResourceQueries,
  RestMapper,
} from '../rules';

/** Answer of Prometheus to the listing of one selector's series: their labels, `__name__` among them. */
export type DiscoveryResult = readonly Labels[] | { readonly error: string };

/** What is known about the series of one selector. */
export interface Discovery {
  /** From the last listing that succeeded. */
  readonly series: readonly Labels[];
  /** Of the last listing, if it failed. */
  readonly error?: string | undefined;
}

/** A metric that can be asked for, and the series and rule behind it. */
export interface KnownMetric {
  readonly metric: string;
  /** Absent for an external metric. */
  readonly resource?: GroupResource | undefined;
  /** Whether it is asked for inside a namespace. */
  readonly namespaced: boolean;
  readonly series: string;
  readonly rule: CompiledRule;
  /** What else exposes it: other series of the rule, other rules. This one came last. */
  readonly rivals: readonly Exposure[];
}

/** A rule that makes a metric of a series. */
export interface Exposure {
  readonly series: string;
  readonly rule: CompiledRule;
}

/**
 * The metrics that the adapter serves: what its rules make of the series that Prometheus listed last.
 *
 * As upstream, a metric is unknown until a series of its rule was listed, and where several series or rules expose one
 * metric the last wins. Other than upstream, a selector that Prometheus refuses leaves the metrics of other selectors
 * alone; those of its own stay as they were.
 */
export class Registry {
  private readonly known = new Map<string, Exposed>();

  private constructor(
    /** All rules, those of custom metrics first. */
    readonly rules: readonly CompiledRule[],
    readonly mapper: RestMapper,
    /** The queries of `resourceRules`, if there are any. */
    readonly resourceQueries: ResourceQueries | undefined,
    private readonly discoveries: ReadonlyMap<string, Discovery>,
  ) {
    for (const rule of rules) {
      for (const labels of this.discovery(rule)?.series ?? []) this.register(rule, labels);
    }
  }

  /**
   * The registry of an adapter that has just started and knows no metric.
   * @param resources what the cluster serves
   * @throws UsageError, NotSupportedError for a rule with which the adapter would not start
   */
  static create(config: AdapterConfig, resources: Iterable<ApiResource>): Registry {
    const mapper = new RestMapper(resources);
    const rules = compileRules(config, mapper);
    return new Registry(rules, mapper, compileResourceRules(config, mapper), new Map());
  }

  /** The selectors whose series have to be listed, each once. */
  discoveryQueries(): readonly string[] {
    return [...new Set(this.rules.map(({ source }) => source.seriesQuery))];
  }

  /**
   * The registry after a listing.
   * @param results by selector; a selector without a result stays as it was
   */
  updated(results: ReadonlyMap<string, DiscoveryResult>): Registry {
    const discoveries = new Map(this.discoveries);
    for (const [selector, result] of results) {
      const before = this.discoveries.get(selector)?.series ?? [];
      discoveries.set(
        selector,
        'error' in result ? { series: before, error: result.error } : { series: result },
      );
    }
    return new Registry(this.rules, this.mapper, this.resourceQueries, discoveries);
  }

  /** Every metric that can be asked for now. */
  metrics(): readonly KnownMetric[] {
    return [...this.known.values()];
  }

  /** @param resource plural and with its full group */
  findCustom(resource: GroupResource, namespaced: boolean, metric: string): KnownMetric | undefined {
    return this.known.get(keyOf('custom', metric, namespaced, resource));
  }

  findExternal(metric: string): KnownMetric | undefined {
    return this.known.get(keyOf('external', metric, true));
  }

  /** What is known about the series that a rule selects; `undefined` before the first listing. */
  discovery(rule: CompiledRule): Discovery | undefined {
    return this.discoveries.get(rule.source.seriesQuery);
  }

  private register(rule: CompiledRule, labels: Labels): void {
    const series = labels['__name__'] ?? '';
    const naming = rule.nameOf(series);
    if (!naming.accepted) return;
    const { metric } = naming;
    if (rule.api === 'external') {
      this.expose({ metric, namespaced: true, series, rule });
      return;
    }
    for (const { resource, namespaced } of rule.resourcesOf(labels)) {
      this.expose({ metric, resource, namespaced, series, rule });
    }
  }

  private expose(exposed: Omit<KnownMetric, 'rivals'>): void {
    const { metric, resource, namespaced, series, rule } = exposed;
    const key = keyOf(rule.api, metric, namespaced, resource);
    const before = this.known.get(key);
    if (before?.series === series && before.rule === rule) return;
    this.known.set(key, new Exposed(exposed, before?.exposures ?? new Map<string, Exposure>()));
  }
}

/** A metric with everything that exposes it, by rule and series. */
class Exposed implements KnownMetric {
  readonly metric: string;
  readonly resource: GroupResource | undefined;
  readonly namespaced: boolean;
  readonly series: string;
  readonly rule: CompiledRule;

  constructor(
    { metric, resource, namespaced, series, rule }: Omit<KnownMetric, 'rivals'>,
    readonly exposures: Map<string, Exposure>,
  ) {
    this.metric = metric;
    this.resource = resource;
    this.namespaced = namespaced;
    this.series = series;
    this.rule = rule;
    exposures.set(`${rule.path}/${series}`, { series, rule });
  }

  get rivals(): readonly Exposure[] {
    return [...this.exposures.values()].filter(
      ({ series, rule }) => series !== this.series || rule !== this.rule,
    );
  }
}

function keyOf(api: MetricsApi, metric: string, namespaced: boolean, resource?: GroupResource): string {
  return [api, resource ? groupResourceText(resource) : '', namespaced, metric].join('/');
}
