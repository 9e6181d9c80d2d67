import { type MetricRequest, type Registry } from '../adapter';
import { messageOf, UsageError } from '../errors';
import { Selector } from '../kube/selector';
import {
  type CompiledRule,
  type GroupResource,
  groupResourceOf,
  groupResourceText,
  isRootScoped,
} from '../rules';

/** What a metric is wanted for. */
export type MetricTarget =
  | {
      readonly api: 'custom';
      readonly groupResource: GroupResource;
      /** Absent for objects outside namespaces. */
      readonly namespace?: string | undefined;
      /** One object, several, or `*` for all that series are of. */
      readonly objects: string | readonly string[];
    }
  | { readonly api: 'external'; readonly namespace: string };

/**
 * Reads `pods/shop/web-1`, `pods/shop/*`, `deployments.apps/shop/web`, `namespaces/shop`, `nodes/node-1`, or
 * `external/shop`.
 * @throws UsageError if it has another form
 */
export function parseTarget(text: string): MetricTarget {
  const [resource = '', ...rest] = text.split('/');
  if (rest.length === 0 || rest.length > 2 || [resource, ...rest].includes('')) throw wrongTarget(text);
  const [first = '', name] = rest;
  if (resource === 'external') {
    if (name !== undefined) throw wrongTarget(text);
    return { api: 'external', namespace: first };
  }
  const dot = resource.indexOf('.');
  const groupResource =
    dot < 0 ? { group: '', resource } : { group: resource.slice(dot + 1), resource: resource.slice(0, dot) };
  return name === undefined
    ? { api: 'custom', groupResource, objects: first }
    : { api: 'custom', groupResource, namespace: first, objects: name };
}

function wrongTarget(text: string): UsageError {
  return new UsageError(
    `"${text}" names no object: write pods/NAMESPACE/NAME, pods/NAMESPACE/*, namespaces/NAME, nodes/NAME, RESOURCE.GROUP/NAMESPACE/NAME or external/NAMESPACE`,
  );
}

/** The request that an autoscaler makes for a metric; `*` stands for every object that the rule's series are of. */
export function requestFor(
  registry: Registry,
  metric: string,
  target: MetricTarget,
  selector: string | undefined,
): MetricRequest {
  const metricSelector = selector === undefined ? Selector.everything : parsedSelector(selector);
  if (target.api === 'external') {
    return { api: 'external', namespace: target.namespace, metric, selector: metricSelector };
  }
  const served = registry.mapper.resolve(target.groupResource);
  const resource = served ? groupResourceOf(served) : target.groupResource;
  const { namespace, objects } = target;
  if (served && !isRootScoped(resource) && served.namespaced && namespace === undefined) {
    throw new UsageError(
      `${groupResourceText(resource)} are in namespaces: write ${groupResourceText(resource)}/NAMESPACE/NAME`,
    );
  }
  return {
    api: 'custom',
    groupResource: target.groupResource,
    namespace,
    objects: objects === '*' ? objectsSeen(registry, metric, resource, namespace) : objects,
    metric,
    metricSelector,
  };
}

function parsedSelector(text: string): Selector {
  try {
    return Selector.parse(text);
  } catch (error) {
    throw new UsageError(`selector "${text}": ${messageOf(error)}`, { cause: error });
  }
}

/** The objects that the series behind a metric are of. */
function objectsSeen(
  registry: Registry,
  metric: string,
  resource: GroupResource,
  namespace: string | undefined,
): readonly string[] {
  const known = registry.findCustom(resource, namespace !== undefined, metric);
  if (!known) return [];
  const label = known.rule.labelFor(resource);
  const series = registry.discovery(known.rule)?.series ?? [];
  const names = series
    .filter((labels) => namespace === undefined || labels[namespaceLabel(known.rule) ?? ''] === namespace)
    .flatMap((labels) => (labels['__name__'] === known.series ? (labels[label] ?? []) : []));
  return [...new Set(names)].sort();
}

function namespaceLabel(rule: CompiledRule): string | undefined {
  try {
    return rule.labelFor({ group: '', resource: 'namespaces' });
  } catch {
    return undefined;
  }
}
