import {
  answer,
  type Answer,
  type MetricRequest,
  plan,
  type QueryOutcome,
  Registry,
} from '../../../core/adapter';
import { ApiResources } from '../../../core/kube/api-resources';
import { Selector } from '../../../core/kube/selector';
import { parseAdapterConfig } from '../../../core/rules';

export const config = `
rules:
- seriesQuery: requests
  resources:
    overrides: {pod: {resource: pod}, ing: {group: networking.k8s.io, resource: ingress}, namespace: {resource: namespace}}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
- seriesQuery: broken
  resources: {overrides: {pod: {resource: pod}}}
  metricsQuery: <<.Nothing>>
externalRules:
- {seriesQuery: queue, resources: {namespaced: false}, metricsQuery: 'max(<<.Series>>{<<.LabelMatchers>>})'}
- {seriesQuery: jobs, metricsQuery: 'max(<<.Series>>{<<.LabelMatchers>>})'}
`;
const listing = new Map([
  ['requests', [{ __name__: 'requests', pod: 'a', ing: 'i', namespace: 'shop' }]],
  ['broken', [{ __name__: 'broken', pod: 'a' }]],
  ['queue', [{ __name__: 'queue' }]],
  ['jobs', [{ __name__: 'jobs' }]],
]);
export const registry = Registry.create(
  parseAdapterConfig(config, 'config.yaml'),
  ApiResources.builtin(),
).updated(listing);

export const pods = {
  api: 'custom',
  groupResource: { group: '', resource: 'pods' },
  namespace: 'shop',
  objects: ['a', 'b', 'c'],
  metric: 'requests',
  metricSelector: Selector.everything,
} as const;
export const queue = {
  api: 'external',
  namespace: 'shop',
  metric: 'queue',
  selector: Selector.everything,
} as const;

export const at = 1_700_000_000_000;

export function answered(request: MetricRequest, ...outcomes: QueryOutcome[]): Answer {
  return answer(plan(registry, request), outcomes, at);
}

export function vector(...samples: [labels: Record<string, string>, value: number][]): QueryOutcome {
  return { type: 'vector', samples: samples.map(([labels, value]) => ({ labels, value })) };
}

/** What a client sees: items with the text of their values, or the status without its cause. */
export function shown(result: Answer): unknown {
  if (result.kind === 'status') return [result.code, result.reason, result.message];
  if (result.kind === 'custom')
    return result.items.map((item) => [item.describedObject.name, item.value.toString()]);
  return result.items.map((item) => [item.metricLabels, item.value.toString()]);
}

export function notFound(message: string): unknown[] {
  return [404, 'NotFound', `the server could not find the metric ${message}`];
}

export const unableToFetch = [500, 'InternalError', 'Internal error occurred: unable to fetch metrics'];

/** The registry of a file that has this section `plimsoll`. */
export function registryWith(policies: string): Registry {
  const text = `${config}plimsoll: {${policies}}\n`;
  return Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin()).updated(listing);
}

export function answeredWith(policies: string, request: MetricRequest, ...outcomes: QueryOutcome[]): Answer {
  return answer(plan(registryWith(policies), request), outcomes, at);
}

export function noQuantity(metric: string, value: string): unknown[] {
  const message = `Internal error occurred: the value of metric ${metric} is ${value}, which is not a quantity`;
  return [500, 'InternalError', message];
}
