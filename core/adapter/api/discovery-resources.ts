import { type GroupResource, groupResourceText } from '../../rules';
import { versionsOf } from './groups';
import { type MetricsGroup } from './routed';

/** A metric as discovery lists it; `KnownMetric` of the registry is one. */
export interface ListedMetric {
  readonly metric: string;
  /** Absent for an external metric. */
  readonly resource?: GroupResource | undefined;
  readonly namespaced: boolean;
}

/** What is served, for discovery: a group that is absent is not configured. */
export interface ServedMetrics {
  readonly custom?: readonly ListedMetric[] | undefined;
  readonly external?: readonly ListedMetric[] | undefined;
  /** Whether `metrics.k8s.io` is served. */
  readonly resource: boolean;
}

/** One resource of a group, or a metric of one as its subresource. */
export interface ListedResource {
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** The groups that are served, in the order of `/apis`. */
export function servedGroups({ custom, external, resource }: ServedMetrics): readonly MetricsGroup[] {
  return [
    ...(custom ? (['custom.metrics.k8s.io'] as const) : []),
    ...(external ? (['external.metrics.k8s.io'] as const) : []),
    ...(resource ? (['metrics.k8s.io'] as const) : []),
  ];
}

/** Whether a group and version is served. */
export function serves(served: ServedMetrics, group: MetricsGroup, version: string): boolean {
  return servedGroups(served).includes(group) && versionsOf(group).includes(version);
}

const USAGE: readonly ListedResource[] = [
  { resource: 'nodes', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
  { resource: 'pods', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
];

/**
 * Stand where nothing has been found yet. kubectl and client-go take an empty list of resources for a failure and say
 * so with every command, and controllers that go through all of discovery stop. These names are those of the default
 * providers of custom-metrics-apiserver, but for the resource, which there has no name; a request for them is not
 * found like any other.
 */
const NO_CUSTOM: ListedMetric = {
  metric: 'custommetrics',
  resource: { group: '', resource: 'pods' },
  namespaced: true,
};
const NO_EXTERNAL: ListedMetric = { metric: 'externalmetrics', namespaced: true };

/**
 * What a group has, in order, each once: never nothing. All versions of a group have the same.
 */
export function listedResources(served: ServedMetrics, group: MetricsGroup): readonly ListedResource[] {
  switch (group) {
    case 'metrics.k8s.io':
      return USAGE;
    case 'custom.metrics.k8s.io':
      return inOrder(orElse(served.custom, NO_CUSTOM), 'MetricValueList');
    case 'external.metrics.k8s.io':
      return inOrder(orElse(served.external, NO_EXTERNAL), 'ExternalMetricValueList');
  }
}

function orElse(metrics: readonly ListedMetric[] = [], placeholder: ListedMetric): readonly ListedMetric[] {
  return metrics.length > 0 ? metrics : [placeholder];
}

function inOrder(metrics: readonly ListedMetric[], kind: string): readonly ListedResource[] {
  const verbs = ['get'];
  const listed = new Map<string, ListedResource>();
  for (const { metric, resource, namespaced } of metrics) {
    const found = resource
      ? { resource: groupResourceText(resource), subresource: metric, namespaced, kind, verbs }
      : { resource: metric, namespaced, kind, verbs };
    listed.set(`${found.resource}/${resource ? metric : ''} ${namespaced}`, found);
  }
  return [...listed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}
