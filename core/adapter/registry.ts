import { type ApiResource } from '../kube/api-resources';
import {
  type AdapterConfig,
  type BrokenRule,
  type CompiledRule,
  compileEach,
  compileResourceRules,
  compileRules,
  type GroupResource,
  type ResourceQueries,
  RestMapper,
} from '../rules';
import { messageOf } from '../errors';
import { Discovery, type DiscoveryResult, type Listing } from './discovery';
import { type Exposure, type KnownMetric, MetricIndex, type MetricScope } from './metric-index';
import { NamedMetrics } from './named-metrics';

/** Where the adapter goes beyond upstream in what it knows. */
export interface RegistryOptions {
  /**
   * `upstream`: a metric is unknown until a series of it was listed; `named`: a metric whose series can be named
   * without a listing is asked for all the same.
   */
  readonly gate: 'upstream' | 'named';
  /**
   * Which objects are asked for outside namespaces: `upstream` knows three kinds, `cluster` all kinds that the cluster
   * serves there, besides upstream's way of asking for them inside namespaces.
   */
  readonly rootScope: 'upstream' | 'cluster';
}

const UPSTREAM_REGISTRY: RegistryOptions = { gate: 'upstream', rootScope: 'upstream' };

/** What Plimsoll's adapter knows: nothing waits for a listing that does not need one. */
export const PLIMSOLL_REGISTRY: RegistryOptions = { gate: 'named', rootScope: 'cluster' };

/** What a registry is made of before anything is listed. */
interface Basis {
  readonly config: AdapterConfig;
  readonly options: RegistryOptions;
  /** What the cluster serves. */
  readonly resources: Iterable<ApiResource>;
  readonly mapper: RestMapper;
  readonly rules: readonly CompiledRule[];
  readonly broken: readonly BrokenRule[];
  readonly resourceQueries: ResourceQueries | undefined;
}

/**
 * The metrics that the adapter serves: what its rules make of the series that were listed last.
 *
 * As upstream, where several series or rules expose one metric the last wins. Other than upstream, a selector that
 * Prometheus refuses leaves the metrics of other selectors alone; those of its own stay as they were.
 */
export class Registry {
  private readonly index = new MetricIndex();
  private readonly named: NamedMetrics | undefined;

  private constructor(
    private readonly basis: Basis,
    private readonly discoveries: ReadonlyMap<string, Discovery>,
  ) {
    const { rules, mapper, options } = basis;
    this.named = options.gate === 'named' ? new NamedMetrics(rules, mapper) : undefined;
    for (const rule of rules) this.register(rule);
  }

  /**
   * The registry of an adapter that has just started and knows no metric.
   * @param resources what the cluster serves
   * @throws UsageError, NotSupportedError for a rule with which upstream would not start
   */
  static create(
    config: AdapterConfig,
    resources: Iterable<ApiResource>,
    options: RegistryOptions = UPSTREAM_REGISTRY,
  ): Registry {
    const mapper = new RestMapper(resources);
    const rules = compileRules(config, mapper);
    const resourceQueries = compileResourceRules(config, mapper);
    const basis = { config, options, resources, mapper, rules, broken: [], resourceQueries };
    return new Registry(basis, new Map());
  }

  /**
   * The registry as {@link create} makes it, but without the rules that cannot be compiled: these are in
   * {@link broken}, and hurt no other.
   */
  static tolerant(
    config: AdapterConfig,
    resources: Iterable<ApiResource>,
    options: RegistryOptions,
  ): Registry {
    return new Registry(tolerantBasis(config, resources, options), new Map());
  }

  /** The registry after the cluster serves other resources: rules are compiled again, and what was listed is kept. */
  withResources(resources: Iterable<ApiResource>): Registry {
    const { config, options } = this.basis;
    return new Registry(tolerantBasis(config, resources, options), this.discoveries);
  }

  /** The registry with other rules: what was listed for the same selectors is kept. */
  withConfig(config: AdapterConfig): Registry {
    const { options, resources } = this.basis;
    const basis = tolerantBasis(config, resources, options);
    const wanted = new Set(basis.rules.map(listingKey));
    return new Registry(basis, new Map([...this.discoveries].filter(([key]) => wanted.has(key))));
  }

  /** What the rules were compiled from. */
  get config(): AdapterConfig {
    return this.basis.config;
  }

  /** All rules that can be served, those of custom metrics first. */
  get rules(): readonly CompiledRule[] {
    return this.basis.rules;
  }

  /** Those that cannot. */
  get broken(): readonly BrokenRule[] {
    return this.basis.broken;
  }

  get mapper(): RestMapper {
    return this.basis.mapper;
  }

  /** The queries of `resourceRules`, if there are any. */
  get resourceQueries(): ResourceQueries | undefined {
    return this.basis.resourceQueries;
  }

  /** The selectors whose series have to be listed, each once for each source and age. */
  listings(): readonly Listing[] {
    const listings = new Map<string, CompiledRule[]>();
    for (const rule of this.rules) {
      const key = listingKey(rule);
      const rules = listings.get(key);
      if (rules) rules.push(rule);
      else listings.set(key, [rule]);
    }
    return [...listings].flatMap(([key, rules]): Listing[] => {
      const [first] = rules;
      if (!first) return [];
      const { seriesQuery: selector, settings } = first.source;
      return [{ key, source: settings.source, selector, maxAgeMs: settings.maxAgeMs, rules }];
    });
  }

  /**
   * The registry after a listing.
   * @param results by the keys of {@link listings}; what has no result stays as it was
   * @returns the same registry where the names are known already
   */
  updated(results: ReadonlyMap<string, DiscoveryResult>): Registry {
    const known = new Set(this.basis.rules.map(listingKey));
    const discoveries = new Map([...this.discoveries].filter(([key]) => known.has(key)));
    let isChanged = false;
    for (const [key, result] of results) {
      // Of rules that were there when the listing began.
      if (!known.has(key)) continue;
      const before = this.discoveries.get(key);
      const after = Discovery.after(before, result);
      isChanged ||= after !== before;
      discoveries.set(key, after);
    }
    return isChanged ? new Registry(this.basis, discoveries) : this;
  }

  /** Every metric of a series that was listed. */
  metrics(): readonly KnownMetric[] {
    return [...this.index];
  }

  /** @param resource plural and with its full group */
  findCustom(resource: GroupResource, namespaced: boolean, metric: string): KnownMetric | undefined {
    return this.find({ api: 'custom', resource, namespaced }, metric);
  }

  findExternal(metric: string): KnownMetric | undefined {
    return this.find(EXTERNAL, metric);
  }

  /** What else a metric is known for, by series that were listed. */
  scopesOf(metric: string): readonly MetricScope[] {
    return this.index.scopesOf(metric);
  }

  /** What is known about the series that a rule selects; `undefined` before the first listing. */
  discovery(rule: CompiledRule): Discovery | undefined {
    return this.discoveries.get(listingKey(rule));
  }

  private find(scope: MetricScope, metric: string): KnownMetric | undefined {
    return this.index.find(scope, metric) ?? this.named?.find(scope, metric);
  }

  private register(rule: CompiledRule): void {
    const scopes = new Map<readonly string[], readonly MetricScope[]>();
    const exposures = new Map<string, Exposure>();
    for (const [series, labels] of this.discovery(rule)?.entries() ?? []) {
      const naming = rule.nameOf(series);
      if (!naming.accepted) continue;
      let exposure = exposures.get(series);
      if (!exposure) {
        exposure = { series, rule };
        exposures.set(series, exposure);
      }
      let found = scopes.get(labels);
      if (!found) {
        found = this.scopesIn(rule, labels);
        scopes.set(labels, found);
      }
      for (const scope of found) this.index.add(scope, naming.metric, exposure);
    }
  }

  /** What a metric of a series with these labels can be asked for. */
  private scopesIn(rule: CompiledRule, labels: readonly string[]): readonly MetricScope[] {
    if (rule.api === 'external') return [EXTERNAL];
    const { mapper, options } = this.basis;
    return rule.resourcesOfLabels(labels).flatMap(({ resource, namespaced }) => {
      const scope = { api: 'custom', resource, namespaced } as const;
      const isOutsideToo =
        namespaced && options.rootScope === 'cluster' && mapper.resolve(resource)?.namespaced === false;
      return isOutsideToo ? [scope, { ...scope, namespaced: false }] : [scope];
    });
  }
}

const EXTERNAL: MetricScope = { api: 'external', namespaced: true };

/** The selector alone, where nothing else is said. */
function listingKey({ source: { seriesQuery, settings } }: CompiledRule): string {
  const { source, maxAgeMs } = settings;
  return source === '' && maxAgeMs === undefined
    ? seriesQuery
    : JSON.stringify([source, maxAgeMs, seriesQuery]);
}

function tolerantBasis(
  config: AdapterConfig,
  resources: Iterable<ApiResource>,
  options: RegistryOptions,
): Basis {
  const mapper = new RestMapper(resources);
  const { rules, broken } = compileEach(config, mapper);
  const basis = { config, options, resources, mapper, rules };
  try {
    return { ...basis, broken, resourceQueries: compileResourceRules(config, mapper) };
  } catch (error) {
    const message = messageOf(error);
    const failed: BrokenRule = { path: 'resourceRules', api: 'resource', message };
    return { ...basis, broken: [...broken, failed], resourceQueries: undefined };
  }
}
