import { type MetricsGroup } from './routed';

/** A path that can be read. */
export interface ApiOperation {
  readonly path: string;
  /** Of all that the API server has, so that nothing has to be renamed where it merges documents. */
  readonly id: string;
  readonly description: string;
  readonly verb: 'get' | 'list';
  /** Of what is answered. */
  readonly kind: string;
  readonly parameters: readonly ApiParameter[];
}

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description: string;
}

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  namespace: 'The namespace.',
  resource: 'Plural name of the resource of the objects, with its group behind a dot.',
  name: 'The name of the object; * for all.',
  subresource: 'The name of the metric.',
  metric: 'The name of the metric.',
};
const LABEL_SELECTOR = query('labelSelector', 'Which objects, or which values of an external metric.');
const METRIC_LABEL_SELECTOR = query('metricLabelSelector', 'Which series make up the metric.');
const FIELD_SELECTOR = query('fieldSelector', 'Which objects, by metadata.name and metadata.namespace.');
const PRETTY = query('pretty', "If 'true', the answer is indented.");

/** What a group and version serves. */
export function operationsOf(group: MetricsGroup, version: string): readonly ApiOperation[] {
  const root = `/apis/${group}/${version}`;
  const suffix = version.charAt(0).toUpperCase() + version.slice(1);
  const operation = (
    path: string,
    id: string,
    description: string,
    kind: string,
    ...parameters: readonly ApiParameter[]
  ): ApiOperation => ({
    path: `${root}/${path}`,
    id: `${id}${suffix}`,
    description,
    verb: kind.endsWith('List') ? 'list' : 'get',
    kind,
    parameters: [...pathParameters(path), ...parameters, PRETTY],
  });
  switch (group) {
    case 'custom.metrics.k8s.io': {
      const selectors = [LABEL_SELECTOR, METRIC_LABEL_SELECTOR];
      const list = 'MetricValueList';
      return [
        operation(
          '{resource}/{name}/{subresource}',
          'listCustomMetrics',
          'A metric of objects outside namespaces.',
          list,
          ...selectors,
        ),
        operation(
          'namespaces/{namespace}/{resource}/{name}/{subresource}',
          'listCustomMetricsNamespaced',
          'A metric of objects of a namespace.',
          list,
          ...selectors,
        ),
        operation(
          'namespaces/{namespace}/metrics/{metric}',
          'readCustomMetricsNamespace',
          'A metric of a namespace.',
          list,
          METRIC_LABEL_SELECTOR,
        ),
      ];
    }
    case 'external.metrics.k8s.io':
      return [
        operation(
          'namespaces/{namespace}/{metric}',
          'listExternalMetrics',
          'A metric of no object.',
          'ExternalMetricValueList',
          LABEL_SELECTOR,
        ),
      ];
    case 'metrics.k8s.io': {
      const selectors = [LABEL_SELECTOR, FIELD_SELECTOR];
      return [
        operation('nodes', 'listMetricsNode', 'What nodes use.', 'NodeMetricsList', ...selectors),
        operation('nodes/{name}', 'readMetricsNode', 'What a node uses.', 'NodeMetrics'),
        operation('pods', 'listMetricsPodForAllNamespaces', 'What pods use.', 'PodMetricsList', ...selectors),
        operation(
          'namespaces/{namespace}/pods',
          'listMetricsNamespacedPod',
          'What the pods of a namespace use.',
          'PodMetricsList',
          ...selectors,
        ),
        operation(
          'namespaces/{namespace}/pods/{name}',
          'readMetricsNamespacedPod',
          'What a pod uses.',
          'PodMetrics',
        ),
      ];
    }
  }
}

function pathParameters(path: string): ApiParameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    description: PATH_PARAMETERS[name] ?? '',
  }));
}

function query(name: string, description: string): ApiParameter {
  return { name, in: 'query', description };
}
