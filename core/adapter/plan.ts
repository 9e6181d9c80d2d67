import { messageOf } from '../errors';
import { type ApiResource } from '../kube/api-resources';
import {
  ageQueries,
  type GroupResource,
  groupResourceOf,
  NAMESPACES,
  type RulePolicies,
  type RuleSettings,
} from '../rules';

import { type KnownMetric } from './metric-index';
import { type Registry } from './registry';
import { type CustomMetricRequest, type ExternalMetricRequest, type MetricRequest } from './request';
import { internalError, metricNotFound, sourceUnavailable, type Status, unableToFetch } from './status';
import { whyUnregistered } from './why-unregistered';

/**
 * How a request will be answered: the instant queries that Prometheus must be asked, none if the answer is settled.
 */
export type Plan = CustomPlan | ExternalPlan | RefusedPlan;

export interface CustomPlan extends RulePlan {
  readonly kind: 'custom';
  readonly request: CustomMetricRequest;
  readonly resource: ApiResource;
  /** The label of the results that names the object. */
  readonly label: string;
  /** What each of the queries is about, for who would answer several plans from one query. */
  readonly target: QueryTarget;
}

export interface ExternalPlan extends RulePlan {
  readonly kind: 'external';
  readonly request: ExternalMetricRequest;
}

/** What a plan has of the rule behind it. */
interface RulePlan {
  /** PromQL for the values; then, where the age of samples matters, for the times of the newest. */
  readonly queries: readonly string[];
  /** Of those for times, one for each selector; 0 if their age does not matter or cannot be asked for. */
  readonly ageQueries: number;
  /** Why the age of samples cannot be asked for, where it would matter. */
  readonly ageUnknown?: string | undefined;
  /** The rule, such as `rules[0]`. */
  readonly rule: string;
  /** The name of the series. */
  readonly series: string;
  /** Key of `plimsoll.sources` that the queries are for; `''` for the endpoint of the flags. */
  readonly source: string;
  readonly policies: RulePolicies;
  readonly settings: RuleSettings;
}

/** The objects that a query selects, and by which labels. */
export interface QueryTarget {
  readonly objectLabel: string;
  /** Present with `namespace`. */
  readonly namespaceLabel?: string | undefined;
  readonly namespace?: string | undefined;
  readonly names: readonly string[];
  /** Whether the names are escaped where there are several. */
  readonly literalNames: boolean;
}

interface RefusedPlan {
  readonly kind: 'refused';
  /** Nobody knows the metric; a series that was not listed yet may have it. */
  readonly unregistered?: true;
  readonly queries: readonly [];
  readonly status: Status;
}

/** Plans the answer to a request from what the registry knows. */
export function plan(registry: Registry, request: MetricRequest): Plan {
  return request.api === 'custom' ? planCustom(registry, request) : planExternal(registry, request);
}

/** The objects that a request names. */
export function objectNames({ objects }: CustomMetricRequest): readonly string[] {
  return typeof objects === 'string' ? [objects] : objects;
}

function planCustom(registry: Registry, request: CustomMetricRequest): Plan {
  const { groupResource, metric, namespace, metricSelector } = request;
  const notFound = (cause: string): RefusedPlan => refused(metricNotFound(metric, groupResource, cause));
  const resource = registry.mapper.resolve(groupResource);
  if (!resource) return notFound('the cluster serves no such resource');
  const normalized = groupResourceOf(resource);
  const known = registry.findCustom(normalized, Boolean(namespace), metric);
  if (!known) return unregistered(registry, request, groupResource);
  const names = objectNames(request);
  if (names.length === 0) return notFound('no objects are selected');
  if (isRefused(known)) return refused(ambiguous(known));
  const { rule, series } = known;
  try {
    const query = rule.queryForObjects(series, { resource: normalized, namespace, names, metricSelector });
    const label = rule.labelFor(normalized);
    const target: QueryTarget = {
      objectLabel: label,
      ...(namespace ? { namespaceLabel: rule.labelFor(NAMESPACES), namespace } : {}),
      names,
      literalNames: rule.source.policies.objectNames === 'literal',
    };
    return { kind: 'custom', ...rulePlan(known, query, label), request, resource, label, target };
  } catch (error) {
    return notFound(`unable to construct query: ${messageOf(error)}`);
  }
}

/** While a source has never listed the series of a rule, and does not answer, nobody knows whether there is the metric. */
function unregistered(registry: Registry, request: MetricRequest, resource: GroupResource): RefusedPlan {
  const cause = whyUnregistered(registry, request);
  const awaited =
    registry.scopesOf(request.metric).length === 0 &&
    registry.rules.find((rule) => rule.api === request.api && registry.discovery(rule)?.isAwaited);
  const status = awaited
    ? sourceUnavailable(awaited.source.settings.source, cause)
    : metricNotFound(request.metric, resource, cause);
  return { ...refused(status), unregistered: true };
}

/** Upstream names no resource in the message, or by an oddity `namespaces` for the namespace `default`. */
function externalResource(namespace: string): GroupResource {
  return { group: '', resource: namespace === 'default' ? 'namespaces' : '' };
}

function planExternal(registry: Registry, request: ExternalMetricRequest): Plan {
  const { metric, namespace, selector } = request;
  const known = registry.findExternal(metric);
  if (!known) return unregistered(registry, request, externalResource(namespace));
  if (isRefused(known)) return refused(ambiguous(known));
  try {
    const query = known.rule.queryForExternal(known.series, { namespace, selector });
    return { kind: 'external', ...rulePlan(known, query), request };
  } catch (error) {
    return refused(unableToFetch(`unable to generate a query for the metric: ${messageOf(error)}`));
  }
}

/** @param label that names the object; absent for external metrics */
function rulePlan({ rule, series }: KnownMetric, query: string, label?: string): RulePlan {
  const { policies, settings } = rule.source;
  const ages = settings.staleness ? ageQueries(query, label) : undefined;
  const queries = ages && 'queries' in ages ? ages.queries : [];
  return {
    queries: [query, ...queries],
    ageQueries: queries.length,
    ...(ages && 'reason' in ages ? { ageUnknown: ages.reason } : {}),
    rule: rule.path,
    series,
    source: settings.source,
    policies,
    settings,
  };
}

/** Whether several rules or series expose it, and one of the rules does not put up with that. */
function isRefused({ rule, rivals }: KnownMetric): boolean {
  return (
    rivals.length > 0 &&
    [{ rule }, ...rivals].some((side) => side.rule.source.policies.conflicts === 'refuse')
  );
}

const SHOWN_RIVALS = 4;

function ambiguous({ metric, rule, series, rivals }: KnownMetric): Status {
  const sides = [...rivals.slice(0, SHOWN_RIVALS), { rule, series }];
  const sources = sides.map((side) => `${side.rule.path} from ${side.series}`);
  const more = rivals.length > SHOWN_RIVALS ? ` and ${rivals.length - SHOWN_RIVALS} more` : '';
  const message = `metric ${metric} is ambiguous: ${sources.join(', ')}${more}`;
  return internalError(message, `${message}; give one another name, or narrow seriesQuery`);
}

function refused(status: Status): RefusedPlan {
  return { kind: 'refused', queries: [], status };
}
