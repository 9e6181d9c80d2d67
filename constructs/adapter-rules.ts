import { stringify } from 'yaml';
import { NotSupportedError, UsageError } from '../core/errors';
import { ApiResources, type ApiResource } from '../core/kube/api-resources';
import { groupOf } from '../core/kube/object';
import {
  compileResourceRules,
  compileRules,
  parseAdapterConfig,
  RestMapper,
  type RulePolicies,
  STRICT_POLICIES,
} from '../core/rules';
import { AdapterSource, type AdapterSourceProps } from './adapter-source';
import { ExternalMetric, ObjectMetric, PodsMetric, type DescribedObject } from './metric';
import { adapterTemplate, matchers, type Reading } from './query';
import { type RuleServing, servingSection } from './rule-serving';

/** One rule as it stands in the adapter's file, for what the typed rules cannot say. */
export interface RawRule {
  readonly seriesQuery: string;
  readonly seriesFilters?: readonly ({ readonly is: string } | { readonly isNot: string })[];
  readonly resources?: {
    readonly template?: string;
    readonly overrides?: Readonly<Record<string, { readonly group?: string; readonly resource: string }>>;
    readonly namespaced?: boolean;
  };
  readonly name?: { readonly matches?: string; readonly as?: string };
  readonly metricsQuery: string;
  /** What upstream does not know, as it stands in the file. */
  readonly plimsoll?: object;
}

interface RuleFor<Label extends string> {
  /** Name of the metric that the API serves. */
  readonly as: string;
  readonly reading: Reading<Label>;
  readonly serving?: RuleServing;
}

/** The queries of `metrics.k8s.io` as they stand in the adapter's file. */
export interface RawResourceRules {
  readonly cpu: RawResourceRule;
  readonly memory: RawResourceRule;
  /** Prometheus notation: over which the queries average. */
  readonly window: string;
}

interface RawResourceRule {
  readonly containerQuery: string;
  readonly nodeQuery: string;
  readonly resources: NonNullable<RawRule['resources']>;
  readonly containerLabel: string;
}

/** Names pods by two labels of the series. */
export interface PodsRule<Label extends string> extends RuleFor<Label> {
  readonly namespace: NoInfer<Label>;
  readonly pod: NoInfer<Label>;
}

/** Names objects of one kind by two labels of the series. */
export interface ObjectRule<Label extends string, Kind extends string> extends RuleFor<Label> {
  readonly namespace: NoInfer<Label>;
  readonly object: Omit<DescribedObject<Kind>, 'name'> & { readonly label: NoInfer<Label> };
}

/** Names at most a namespace. */
export interface ExternalRule<Label extends string> extends RuleFor<Label> {
  /** Label that holds the namespace; without it the metric is the same for every namespace. */
  readonly namespace?: NoInfer<Label>;
}

/** The rules of one metrics adapter. Each rule that is added yields the handle of the metric that it makes. */
export class AdapterRules {
  private readonly rules: RawRule[] = [];
  private readonly externalRules: RawRule[] = [];
  private readonly names = new Set<string>();
  private readonly sourcesByName = new Map<string, AdapterSource>();
  private readonly kinds = new Map<string, ApiResource>();
  private resourceRules: RawResourceRules | undefined;

  /**
   * @param policies what the adapter does with NaN and the like; where all are upstream's the file has no section
   * `plimsoll`, with which upstream itself would not start
   */
  constructor(private readonly policies: RulePolicies = STRICT_POLICIES) {}

  /**
   * Another endpoint that rules can name as theirs; all others read from the adapter's own Prometheus.
   * @throws UsageError for a second one of the same name
   */
  source(name: string, props: AdapterSourceProps): AdapterSource {
    if (this.sourcesByName.has(name)) {
      throw new UsageError(`two sources of adapter rules are called "${name}": give one another name`);
    }
    const source = new AdapterSource(name, props);
    this.sourcesByName.set(name, source);
    return source;
  }

  /** The endpoints besides the adapter's own Prometheus. */
  get sources(): readonly AdapterSource[] {
    return [...this.sourcesByName.values()];
  }

  /** A metric of pods. */
  pods<Label extends string>(rule: PodsRule<Label>): PodsMetric<Label> {
    const { as, namespace, pod } = rule;
    this.claim('pods', as);
    this.describes('', 'pods', 'namespaces');
    this.rules.push(customRule(rule, { [namespace]: 'namespace', [pod]: 'pod' }));
    return new PodsMetric(as);
  }

  /** A metric of the objects of another kind. */
  object<Label extends string, const Kind extends string>(
    rule: ObjectRule<Label, Kind>,
  ): ObjectMetric<Kind, Label> {
    const { as, namespace, object } = rule;
    const resource = ApiResources.builtin().findKind(groupOf(object.apiVersion), object.kind);
    if (!resource)
      throw new UsageError(`adapter rule ${as}: unknown kind ${object.apiVersion} ${object.kind}`);
    this.claim(resource.plural, as);
    this.describes('', 'namespaces');
    this.describes(resource.group, resource.plural);
    const name = resource.group === '' ? resource.singular : `${resource.singular}.${resource.group}`;
    this.rules.push(customRule(rule, { [namespace]: 'namespace', [object.label]: name }));
    return new ObjectMetric(as, object.kind);
  }

  /** A metric of no object. */
  external<Label extends string>(rule: ExternalRule<Label>): ExternalMetric<Label> {
    const { as, reading, namespace } = rule;
    this.claim('external', as);
    this.externalRules.push({
      seriesQuery: seriesQuery(reading, namespace === undefined ? [] : [namespace]),
      resources: namespace === undefined ? { namespaced: false } : overrides({ [namespace]: 'namespace' }),
      name: { as },
      metricsQuery: adapterTemplate(reading),
      ...sectionOf(rule),
    });
    return new ExternalMetric(as);
  }

  /**
   * Escape hatch: a rule of `custom.metrics.k8s.io` that the compiler knows nothing about. It is compiled when the
   * file is rendered; `unchecked` makes handles of its metrics. With a template for labels it is taken to describe pods
   * and namespaces.
   */
  uncheckedCustom(rule: RawRule): void {
    for (const { group = '', resource } of Object.values(rule.resources?.overrides ?? {})) {
      this.describes(group, resource);
    }
    if (rule.resources?.template !== undefined) this.describes('', 'pods', 'namespaces');
    this.rules.push(rule);
  }

  /** Escape hatch: what serves `metrics.k8s.io`, in place of a metrics-server. */
  uncheckedResources(rules: RawResourceRules): void {
    this.describes('', 'pods', 'nodes');
    this.resourceRules = rules;
  }

  /** Escape hatch, as {@link uncheckedCustom}, for `external.metrics.k8s.io`. */
  uncheckedExternal(rule: RawRule): void {
    this.externalRules.push(rule);
  }

  /** Kinds whose objects the rules describe: the adapter has to find them by label, and has no business with others. */
  get describedKinds(): readonly ApiResource[] {
    return [...this.kinds.values()];
  }

  /** Which metrics APIs the rules need. */
  get groups(): readonly MetricsGroup[] {
    return [
      ...(this.rules.length > 0 ? (['custom.metrics.k8s.io'] as const) : []),
      ...(this.externalRules.length > 0 ? (['external.metrics.k8s.io'] as const) : []),
      ...(this.resourceRules ? (['metrics.k8s.io'] as const) : []),
    ];
  }

  /**
   * The adapter's file.
   * @param where names it in errors
   * @param forUpstream leaves out what prometheus-adapter does not know: the policies
   * @throws UsageError, NotSupportedError for a rule that the adapter would refuse; so it would sources, and rules that
   * are served in a way of their own
   */
  toYaml(where: string, forUpstream = false): string {
    const section = forUpstream ? {} : this.section();
    if (forUpstream) this.refuseWhatUpstreamCannot(where);
    const text = stringify(
      {
        ...(this.rules.length > 0 ? { rules: this.rules } : {}),
        ...(this.externalRules.length > 0 ? { externalRules: this.externalRules } : {}),
        ...(this.resourceRules ? { resourceRules: this.resourceRules } : {}),
        ...(Object.keys(section).length > 0 ? { plimsoll: section } : {}),
      },
      { version: '1.1', lineWidth: 0 },
    );
    const config = parseAdapterConfig(text, where);
    const mapper = new RestMapper(ApiResources.builtin());
    compileRules(config, mapper);
    compileResourceRules(config, mapper);
    return text;
  }

  private refuseWhatUpstreamCannot(where: string): void {
    const own = [...this.rules, ...this.externalRules].find(({ plimsoll }) => plimsoll !== undefined);
    if (own || this.sourcesByName.size > 0) {
      const what = own ? `how ${own.name?.as ?? own.seriesQuery} is served` : 'sources';
      throw new NotSupportedError(
        `${where}: ${what}: prometheus-adapter does not know it; use plimsoll/adapter`,
      );
    }
  }

  /** What holds for the whole file and upstream does not know. */
  private section(): object {
    const upstream = Object.values(this.policies).every((policy) => policy === 'upstream');
    const sources = Object.fromEntries(this.sources.map(({ name, entry }) => [name, entry]));
    return { ...(upstream ? {} : this.policies), ...(this.sourcesByName.size > 0 ? { sources } : {}) };
  }

  /** @param resources plural or singular; what is unknown here is left to the compilation of the rules */
  private describes(group: string, ...resources: readonly string[]): void {
    for (const name of resources) {
      const resource = ApiResources.builtin().find(group, name);
      if (resource) this.kinds.set(`${resource.plural}.${resource.group}`, resource);
    }
  }

  private claim(kind: string, name: string): void {
    const key = `${kind}/${name}`;
    if (this.names.has(key)) throw new UsageError(`two adapter rules make ${key}: give one another name`);
    this.names.add(key);
  }
}

/** API groups that an adapter serves. */
export type MetricsGroup = 'custom.metrics.k8s.io' | 'external.metrics.k8s.io' | 'metrics.k8s.io';

function customRule(rule: RuleFor<string>, labels: Readonly<Record<string, string>>): RawRule {
  const { as, reading } = rule;
  return {
    seriesQuery: seriesQuery(reading, Object.keys(labels)),
    resources: overrides(labels),
    name: { as },
    metricsQuery: adapterTemplate(reading),
    ...sectionOf(rule),
  };
}

function sectionOf({ serving = {} }: RuleFor<string>): Pick<RawRule, 'plimsoll'> {
  const section = servingSection(serving);
  return section ? { plimsoll: section } : {};
}

/** Series of the reading on which every label that names an object is set. */
function seriesQuery({ series, conditions }: Reading, required: readonly string[]): string {
  return `${series}{${[...matchers(conditions), ...required.map((label) => `${label}!=""`)].join(',')}}`;
}

/** @param labels label → resource, `RESOURCE` or `RESOURCE.GROUP` */
function overrides(labels: Readonly<Record<string, string>>): NonNullable<RawRule['resources']> {
  return {
    overrides: Object.fromEntries(
      Object.entries(labels).map(([label, name]) => {
        const [resource = '', ...group] = name.split('.');
        return [label, { ...(group.length > 0 ? { group: group.join('.') } : {}), resource }];
      }),
    ),
  };
}
