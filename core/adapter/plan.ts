import { messageOf } from '../errors';
import { type ApiResource } from '../kube/api-resources';
import { type GroupResource, groupResourceOf, type RulePolicies } from '../rules';
import { type KnownMetric, type Registry } from './registry';
import { type CustomMetricRequest, type ExternalMetricRequest, type MetricRequest } from './request';
import { internalError, metricNotFound, type Status, unableToFetch } from './status';

/**
 * How a request will be answered: the instant queries that Prometheus must be asked, none if the answer is settled.
 */
export type Plan = CustomPlan | ExternalPlan | RefusedPlan;

export interface CustomPlan {
  readonly kind: 'custom';
  readonly queries: readonly string[];
  readonly request: CustomMetricRequest;
  readonly resource: ApiResource;
  /** The label of the results that names the object. */
  readonly label: string;
  readonly policies: RulePolicies;
}

export interface ExternalPlan {
  readonly kind: 'external';
  readonly queries: readonly string[];
  readonly request: ExternalMetricRequest;
  readonly policies: RulePolicies;
}

interface RefusedPlan {
  readonly kind: 'refused';
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
  const names = objectNames(request);
  if (names.length === 0) return notFound('no objects are selected');
  const resource = registry.mapper.resolve(groupResource);
  if (!resource) return notFound('the cluster serves no such resource');
  const normalized = groupResourceOf(resource);
  const known = registry.findCustom(normalized, Boolean(namespace), metric);
  if (!known) return notFound('the metric is not registered');
  if (isRefused(known)) return refused(ambiguous(known));
  const { rule, series } = known;
  const { policies } = rule.source;
  try {
    const query = rule.queryForObjects(series, { resource: normalized, namespace, names, metricSelector });
    return {
      kind: 'custom',
      queries: [query],
      request,
      resource,
      label: rule.labelFor(normalized),
      policies,
    };
  } catch (error) {
    return notFound(`unable to construct query: ${messageOf(error)}`);
  }
}

/** Upstream names no resource in the message, or by an oddity `namespaces` for the namespace `default`. */
function externalResource(namespace: string): GroupResource {
  return { group: '', resource: namespace === 'default' ? 'namespaces' : '' };
}

function planExternal(registry: Registry, request: ExternalMetricRequest): Plan {
  const { metric, namespace, selector } = request;
  const known = registry.findExternal(metric);
  if (!known) {
    return refused(metricNotFound(metric, externalResource(namespace), 'the metric is not registered'));
  }
  if (isRefused(known)) return refused(ambiguous(known));
  try {
    const query = known.rule.queryForExternal(known.series, { namespace, selector });
    return { kind: 'external', queries: [query], request, policies: known.rule.source.policies };
  } catch (error) {
    return refused(unableToFetch(`unable to generate a query for the metric: ${messageOf(error)}`));
  }
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
