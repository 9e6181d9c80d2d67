import { messageOf } from '../errors';
import { type Labels } from '../kube/selector';
import { type CompiledRule, type GroupResource, groupResourceOf, groupResourceText } from '../rules';
import { type Registry } from './registry';
import { type CustomMetricRequest, type MetricRequest } from './request';

/**
 * Tells why a metric is not registered: for every rule of the API what became of its series, one line each.
 * For a metric that is registered it says which rule exposes it.
 */
export function explainMissing(registry: Registry, request: MetricRequest): string {
  const rules = registry.rules.filter(({ api }) => api === request.api);
  const list = request.api === 'custom' ? 'rules' : 'externalRules';
  if (rules.length === 0) return `the adapter's configuration has no ${list}`;
  return rules
    .map((rule) => `${rule.path} (${rule.source.seriesQuery}): ${verdict(registry, rule, request)}`)
    .join('\n');
}

function verdict(registry: Registry, rule: CompiledRule, request: MetricRequest): string {
  const discovery = registry.discovery(rule);
  if (!discovery) return 'its series have not been listed yet';
  const { series, error } = discovery;
  const failure = error === undefined ? '' : `; the last listing failed: ${error}`;
  return (
    (series.length === 0 ? 'no series is selected' : namingVerdict(registry, rule, series, request)) + failure
  );
}

function namingVerdict(
  registry: Registry,
  rule: CompiledRule,
  series: readonly Labels[],
  request: MetricRequest,
): string {
  const namings = new Map(series.map((labels) => [nameOf(labels), rule.nameOf(nameOf(labels))]));
  const exposing = series.filter((labels) => {
    const naming = namings.get(nameOf(labels));
    return naming?.accepted && naming.metric === request.metric;
  });
  if (exposing.length > 0) {
    return request.api === 'external'
      ? exposedBy(exposing)
      : resourceVerdict(registry, rule, exposing, request);
  }
  const exposed = [...namings.values()].flatMap((naming) => (naming.accepted ? [naming.metric] : []));
  if (exposed.length > 0) return `it exposes ${shortList(exposed)}, not ${request.metric}`;
  const reasons = [...namings.values()].flatMap((naming) => (naming.accepted ? [] : [naming.reason]));
  return `none of its series is accepted: ${shortList(reasons)}`;
}

function resourceVerdict(
  registry: Registry,
  rule: CompiledRule,
  exposing: readonly Labels[],
  { groupResource, namespace }: CustomMetricRequest,
): string {
  const served = registry.mapper.resolve(groupResource);
  if (!served) return `the cluster serves no resource ${groupResourceText(groupResource)}`;
  const resource = groupResourceOf(served);
  const text = groupResourceText(resource);
  const mapped = exposing.flatMap((labels) =>
    rule.resourcesOf(labels).filter((found) => groupResourceText(found.resource) === text),
  );
  if (mapped.length === 0) return labelVerdict(rule, exposing, resource);
  if (mapped.some(({ namespaced }) => namespaced === Boolean(namespace))) return exposedBy(exposing);
  return namespace
    ? `it exposes the metric for ${text} at the root only, the request is for namespace ${namespace}`
    : `it exposes the metric for ${text} in namespaces only, the request names none`;
}

function labelVerdict(rule: CompiledRule, exposing: readonly Labels[], resource: GroupResource): string {
  const labels = exposing.flatMap((series) => Object.keys(series).filter((label) => label !== '__name__'));
  try {
    const wanted = rule.labelFor(resource);
    return `no series that exposes the metric has the label ${wanted}; their labels are ${shortList(labels)}`;
  } catch (error) {
    return `${messageOf(error)}; the labels of the series are ${shortList(labels)}`;
  }
}

function exposedBy(exposing: readonly Labels[]): string {
  return `exposes the metric from ${shortList(exposing.map(nameOf))}`;
}

function nameOf(labels: Labels): string {
  return labels['__name__'] ?? '';
}

const LISTED = 10;

function shortList(items: readonly string[]): string {
  const distinct = [...new Set(items)];
  const rest = distinct.length - LISTED;
  return distinct.slice(0, LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
