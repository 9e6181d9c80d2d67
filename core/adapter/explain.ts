import { messageOf } from '../errors';
import { type CompiledRule, type GroupResource, groupResourceOf, groupResourceText } from '../rules';
import { shortList } from '../short-list';
import { type Discovery } from './discovery';
import { type Registry } from './registry';
import { type CustomMetricRequest, type MetricRequest } from './request';

/** Names in one message. */
const LISTED = 10;

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
  const { error, problem } = discovery;
  const failure =
    (error === undefined ? '' : `; the last listing failed: ${error}`) +
    (problem === undefined ? '' : `; ${problem}`);
  const seen = discovery.isEmpty
    ? nothingVerdict(discovery)
    : namingVerdict(registry, rule, discovery, request);
  return seen + failure;
}

function nothingVerdict({ labels }: Discovery): string {
  return labels.length === 0
    ? 'no series is selected'
    : `no label of its series names an object; their labels are ${shortList(labels, LISTED)}`;
}

function namingVerdict(
  registry: Registry,
  rule: CompiledRule,
  discovery: Discovery,
  request: MetricRequest,
): string {
  const names = new Set<string>();
  const labelsOfExposing: (readonly string[])[] = [];
  const exposing = new Set<string>();
  for (const [name, labels] of discovery.entries()) {
    names.add(name);
    const naming = rule.nameOf(name);
    if (!naming.accepted || naming.metric !== request.metric) continue;
    exposing.add(name);
    labelsOfExposing.push(labels);
  }
  if (exposing.size > 0) {
    return request.api === 'external'
      ? exposedBy(exposing)
      : resourceVerdict(registry, rule, { exposing, labels: labelsOfExposing, discovery }, request);
  }
  const namings = [...names].map((name) => rule.nameOf(name));
  const exposed = namings.flatMap((naming) => (naming.accepted ? [naming.metric] : []));
  if (exposed.length > 0) return `it exposes ${shortList(exposed, LISTED)}, not ${request.metric}`;
  const reasons = namings.flatMap((naming) => (naming.accepted ? [] : [naming.reason]));
  return `none of its series is accepted: ${shortList(reasons, LISTED)}`;
}

/** The series of a rule that expose a metric. */
interface Exposing {
  readonly exposing: ReadonlySet<string>;
  readonly labels: readonly (readonly string[])[];
  readonly discovery: Discovery;
}

function resourceVerdict(
  registry: Registry,
  rule: CompiledRule,
  found: Exposing,
  { groupResource, namespace }: CustomMetricRequest,
): string {
  const served = registry.mapper.resolve(groupResource);
  if (!served) return `the cluster serves no resource ${groupResourceText(groupResource)}`;
  const resource = groupResourceOf(served);
  const text = groupResourceText(resource);
  const mapped = found.labels.flatMap((labels) =>
    rule.resourcesOfLabels(labels).filter((one) => groupResourceText(one.resource) === text),
  );
  if (mapped.length === 0) return labelVerdict(rule, found, resource);
  if (mapped.some(({ namespaced }) => namespaced === Boolean(namespace))) return exposedBy(found.exposing);
  return namespace
    ? `it exposes the metric for ${text} at the root only, the request is for namespace ${namespace}`
    : `it exposes the metric for ${text} in namespaces only, the request names none`;
}

function labelVerdict(rule: CompiledRule, { labels, discovery }: Exposing, resource: GroupResource): string {
  const known = labels.flat();
  const shown = shortList(
    (known.length > 0 ? known : discovery.labels).filter((label) => label !== '__name__'),
    LISTED,
  );
  try {
    const wanted = rule.labelFor(resource);
    return `no series that exposes the metric has the label ${wanted}; their labels are ${shown}`;
  } catch (error) {
    return `${messageOf(error)}; the labels of the series are ${shown}`;
  }
}

function exposedBy(exposing: ReadonlySet<string>): string {
  return `exposes the metric from ${shortList(exposing, LISTED)}`;
}
