/**
 * The adapter's configuration file as data (prometheus-adapter `pkg/config`). Absent strings are `''` and absent
 * lists are empty, as in Go, so that "not given" and "given empty" mean the same.
 */

import { type ResourcePolicies, type RulePolicies } from './policies';
import { type ResourceSettings, type RuleSettings } from './rule-settings';
import { type SourceSettings } from './sources';
import { type Place } from './yaml';

/** The whole file. Which APIs are served follows from which parts it has. */
export interface AdapterConfig {
  /** Names the source in errors, e.g. `ConfigMap monitoring/adapter-config config.yaml`. */
  readonly where: string;
  /** Rules of `custom.metrics.k8s.io`. */
  readonly rules: readonly DiscoveryRule[];
  /** Rules of `external.metrics.k8s.io`. */
  readonly externalRules: readonly DiscoveryRule[];
  /** Queries of `metrics.k8s.io`. */
  readonly resourceRules?: ResourceRules | undefined;
  /** Endpoints that rules may name, in the order of the file; that of the flags is not among them. */
  readonly sources: ReadonlyMap<string, SourceSettings>;
  /** Where the value of a field stands, by its path such as `rules[0].metricsQuery`. */
  readonly places: ReadonlyMap<string, Place>;
  /** Where a second document begins, if there is one: the adapter never reads it. */
  readonly ignoredFrom?: Place | undefined;
}

/** How a set of series becomes metrics. */
export interface DiscoveryRule {
  /** Series selector whose matches the rule considers. */
  readonly seriesQuery: string;
  /** Further conditions on the names of the series; all must hold. */
  readonly seriesFilters: readonly SeriesFilter[];
  readonly resources: ResourceMapping;
  readonly name: NameMapping;
  /** Go template of the PromQL query that answers a request, between `<<` and `>>`. */
  readonly metricsQuery: string;
  /** The rule's own section `plimsoll`, then that of the file, then upstream's behaviour. */
  readonly policies: RulePolicies;
  /** How it is served, from the same sections. */
  readonly settings: RuleSettings;
}

/** A regular expression that a series name must (`is`) or must not (`isNot`) contain; exactly one is given. */
export interface SeriesFilter {
  readonly is: string;
  readonly isNot: string;
}

/** Which label names which Kubernetes object. */
export interface ResourceMapping {
  /** Go template of a label name from `.Group` and `.Resource`, between `<<` and `>>`. */
  readonly template: string;
  /** Label → resource, in the order of the file; wins over the template. */
  readonly overrides: Readonly<Record<string, GroupResource>>;
  /** `false` keeps the namespace of the request out of external queries. */
  readonly namespaced: boolean;
}

/** An API resource by group (`''` is the core group) and name. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** How the name of a series becomes the name of a metric. */
export interface NameMapping {
  readonly matches: string;
  readonly as: string;
}

/** Queries behind `kubectl top` and the resource metrics of autoscalers. */
export interface ResourceRules {
  readonly cpu: ResourceRule;
  readonly memory: ResourceRule;
  /** Window that the resource metrics API reports. */
  readonly windowMs: number;
  /** Their own section `plimsoll`, then that of the file, then upstream's behaviour. */
  readonly policies: ResourcePolicies;
  /** How they are served, from the same sections. */
  readonly settings: ResourceSettings;
}

export interface ResourceRule {
  readonly containerQuery: string;
  readonly nodeQuery: string;
  readonly resources: ResourceMapping;
  readonly containerLabel: string;
}
