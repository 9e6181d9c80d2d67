import { messageOf } from '../errors';
import { type Labels } from '../kube/selector';
import { type Matcher, parseSelector } from '../promql';
import { type AdapterConfig, type DiscoveryRule, type GroupResource } from './config';
import { type RestMapper } from './group-resource';
import { type Located, locator } from './locate';
import { type ExternalQuery, MetricsQuery, type ObjectsQuery } from './metrics-query';
import { ResourceLabels, type SeriesResource } from './resource-labels';
import { type Naming, SeriesNaming } from './series-name';

/** The metrics APIs that rules serve. */
export type MetricsApi = 'custom' | 'external';

/** A rule with its expressions and templates compiled: the `MetricNamer` of prometheus-adapter. */
export class CompiledRule {
  private readonly reading: { readonly matchers: readonly Matcher[] } | { readonly problem: string };

  private constructor(
    readonly api: MetricsApi,
    /** Place in the file, e.g. `rules[0]`. */
    readonly path: string,
    readonly source: DiscoveryRule,
    private readonly naming: SeriesNaming,
    private readonly labels: ResourceLabels,
    private readonly query: MetricsQuery,
  ) {
    this.reading = readSelector(source.seriesQuery);
  }

  /**
   * @param path place in the file, e.g. `rules[0]`
   * @param file names the file in errors, and the places in it
   * @throws NotSupportedError naming a template construct that is not understood
   * @throws UsageError for what makes the adapter exit at its start: bad expressions or templates, unknown resources
   */
  static compile(
    source: DiscoveryRule,
    { api, path, ...file }: { readonly api: MetricsApi; readonly path: string } & Located,
    mapper: RestMapper,
  ): CompiledRule {
    const locate = locator(file, path);
    const { resources, metricsQuery } = source;
    const labels = ResourceLabels.compile(resources, mapper, locate);
    const query = MetricsQuery.compile(
      metricsQuery,
      labels,
      { namespaced: resources.namespaced, literalNames: source.policies.objectNames === 'literal' },
      locate('metricsQuery'),
    );
    const naming = SeriesNaming.compile(source.seriesFilters, source.name, locate);
    return new CompiledRule(api, path, source, naming, labels, query);
  }

  /**
   * Why `seriesQuery` selects no series: the adapter starts with a selector that is none, and Prometheus refuses it at
   * each listing. Nothing if it is one.
   */
  get selectorProblem(): string | undefined {
    return 'problem' in this.reading ? this.reading.problem : undefined;
  }

  /** The conditions of `seriesQuery`; nothing if it is no selector. */
  get selector(): readonly Matcher[] | undefined {
    return 'matchers' in this.reading ? this.reading.matchers : undefined;
  }

  /** Whether metrics have the names of their series, as far as the rule makes any of them. */
  get keepsNames(): boolean {
    return this.naming.keepsNames;
  }

  /** The metric that a series of this name becomes, or why it becomes none. */
  nameOf(seriesName: string): Naming {
    return this.naming.of(seriesName);
  }

  /** The resources that a series with these labels can be asked for. */
  resourcesOf(labels: Labels): readonly SeriesResource[] {
    return this.labels.of(Object.keys(labels));
  }

  /** The resources that a series with labels of these names can be asked for. */
  resourcesOfLabels(labels: Iterable<string>): readonly SeriesResource[] {
    return this.labels.of(labels);
  }

  /** The resource that the value of a label names an object of, if any. */
  resourceFor(label: string): GroupResource | undefined {
    return this.labels.resourceFor(label);
  }

  /**
   * The label whose value names an object of this resource (plural, full group).
   * @throws UsageError if there is none
   */
  labelFor(resource: GroupResource): string {
    return this.labels.labelFor(resource);
  }

  /** Whether there is one. */
  hasLabelFor(resource: GroupResource): boolean {
    try {
      return this.labels.labelFor(resource) !== '';
    } catch {
      return false;
    }
  }

  /**
   * PromQL that answers a request for the metric of objects.
   * @throws UsageError if it cannot be built
   */
  queryForObjects(series: string, query: ObjectsQuery): string {
    return this.query.forObjects(series, query);
  }

  /**
   * PromQL that answers a request for an external metric.
   * @throws UsageError if it cannot be built
   */
  queryForExternal(series: string, query: ExternalQuery): string {
    return this.query.forExternal(series, query);
  }
}

function readSelector(
  text: string,
): { readonly matchers: readonly Matcher[] } | { readonly problem: string } {
  try {
    return { matchers: parseSelector(text) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** A rule that cannot be compiled, and why. */
export interface BrokenRule {
  /** Such as `rules[0]`, or `resourceRules`. */
  readonly path: string;
  readonly api: MetricsApi | 'resource';
  /** With the place in the file. */
  readonly message: string;
}

/**
 * Compiles all discovery rules of a file, those of custom metrics first.
 * @throws NotSupportedError, UsageError as {@link CompiledRule.compile}, for the first rule that fails
 */
export function compileRules(config: AdapterConfig, mapper: RestMapper): CompiledRule[] {
  return rulesOf(config).map(({ source, ...place }) =>
    CompiledRule.compile(source, { ...fileOf(config), ...place }, mapper),
  );
}

/** Compiles every rule of a file on its own, so that one that fails hurts no other. */
export function compileEach(
  config: AdapterConfig,
  mapper: RestMapper,
): { readonly rules: readonly CompiledRule[]; readonly broken: readonly BrokenRule[] } {
  const rules: CompiledRule[] = [];
  const broken: BrokenRule[] = [];
  for (const { source, api, path } of rulesOf(config)) {
    try {
      rules.push(CompiledRule.compile(source, { ...fileOf(config), api, path }, mapper));
    } catch (error) {
      broken.push({ path, api, message: messageOf(error) });
    }
  }
  return { rules, broken };
}

interface PlacedRule {
  readonly source: DiscoveryRule;
  readonly api: MetricsApi;
  readonly path: string;
}

function rulesOf({ rules, externalRules }: AdapterConfig): PlacedRule[] {
  return [
    ...rules.map((source, index): PlacedRule => ({ source, api: 'custom', path: `rules[${index}]` })),
    ...externalRules.map((source, index): PlacedRule => ({
      source,
      api: 'external',
      path: `externalRules[${index}]`,
    })),
  ];
}

function fileOf({ where, places }: AdapterConfig): Located {
  return { where, places };
}
