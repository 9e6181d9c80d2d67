import { type MetricsGroup } from './routed';

/** A value that is written as JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Where schemas refer to each other: `#/definitions/` in OpenAPI 2, `#/components/schemas/` in 3. */
export type ReferencePrefix = '#/definitions/' | '#/components/schemas/';

interface Kind {
  readonly description: string;
  readonly properties: Readonly<Record<string, Json>>;
  readonly required: readonly string[];
}

const PACKAGES: Readonly<Record<MetricsGroup, string>> = {
  'custom.metrics.k8s.io': 'custom_metrics',
  'external.metrics.k8s.io': 'external_metrics',
  'metrics.k8s.io': 'metrics',
};

const TIME = { type: 'string', format: 'date-time' };
const QUANTITY = { type: 'string', description: 'A quantity such as 500m, 2 or 1.5Gi.' };
const STRINGS = { type: 'object', additionalProperties: { type: 'string' } };
const USAGE = { type: 'object', additionalProperties: QUANTITY, description: 'By resource: cpu, memory.' };

/** The name under which a kind of a group is found. */
export function schemaName(group: MetricsGroup, version: string, kind: string): string {
  return `io.k8s.metrics.pkg.apis.${PACKAGES[group]}.${version}.${kind}`;
}

/**
 * The schemas of a group and version, by name. They need nothing from elsewhere: definitions that several servers
 * share must be the same to the letter, or the aggregator renames them.
 */
export function schemasOf(
  group: MetricsGroup,
  version: string,
  prefix: ReferencePrefix,
): Readonly<Record<string, Json>> {
  const refer = (kind: string): Json => ({ $ref: `${prefix}${schemaName(group, version, kind)}` });
  return Object.fromEntries(
    Object.entries(kindsOf(group, version, refer)).map(([kind, { description, properties, required }]) => [
      schemaName(group, version, kind),
      {
        description,
        type: 'object',
        required,
        properties,
        'x-kubernetes-group-version-kind': [{ group, version, kind }],
      },
    ]),
  );
}

type Refer = (kind: string) => Json;

function kindsOf(group: MetricsGroup, version: string, refer: Refer): Readonly<Record<string, Kind>> {
  switch (group) {
    case 'custom.metrics.k8s.io':
      return customKinds(version, refer);
    case 'external.metrics.k8s.io':
      return externalKinds(refer);
    case 'metrics.k8s.io':
      return usageKinds(refer);
  }
}

function customKinds(version: string, refer: Refer): Readonly<Record<string, Kind>> {
  const selector = { type: 'object', description: 'The label selector of the metric, if one was given.' };
  const named: Readonly<Record<string, Json>> =
    version === 'v1beta1'
      ? { metricName: { type: 'string' }, window: seconds(), selector }
      : { metric: metricIdentifier(selector), windowSeconds: seconds() };
  const name = version === 'v1beta1' ? 'metricName' : 'metric';
  return {
    MetricValue: {
      description: 'The value of a metric of an object.',
      properties: {
        ...typeMeta(),
        describedObject: objectReference(),
        ...named,
        timestamp: { ...TIME, description: 'When the value was computed.' },
        value: QUANTITY,
      },
      required: ['describedObject', name, 'timestamp', 'value'],
    },
    MetricValueList: listKind('Values of a metric, one for each object.', refer('MetricValue')),
  };
}

function metricIdentifier(selector: Json): Json {
  return { type: 'object', required: ['name'], properties: { name: { type: 'string' }, selector } };
}

function objectReference(): Json {
  const text = { type: 'string' };
  return {
    type: 'object',
    description: 'The object that the metric is of.',
    properties: { kind: text, namespace: text, name: text, apiVersion: text },
  };
}

function externalKinds(refer: Refer): Readonly<Record<string, Kind>> {
  return {
    ExternalMetricValue: {
      description: 'A value of a metric that is of no object.',
      properties: {
        ...typeMeta(),
        metricName: { type: 'string' },
        metricLabels: { ...STRINGS, description: 'What tells the values of the metric from each other.' },
        timestamp: { ...TIME, description: 'When the value was computed.' },
        window: seconds(),
        value: QUANTITY,
      },
      required: ['metricName', 'metricLabels', 'timestamp', 'value'],
    },
    ExternalMetricValueList: listKind('Values of a metric.', refer('ExternalMetricValue')),
  };
}

function usageKinds(refer: Refer): Readonly<Record<string, Kind>> {
  const common = {
    ...typeMeta(),
    metadata: { type: 'object', description: 'Name, namespace and labels of the object.' },
    timestamp: { ...TIME, description: 'The end of the window.' },
    window: { type: 'string', description: 'What the usage is the average of: a duration such as 5m0s.' },
  };
  const container = { type: 'object', properties: { name: { type: 'string' }, usage: USAGE } };
  return {
    NodeMetrics: {
      description: 'What a node uses.',
      properties: { ...common, usage: USAGE },
      required: ['timestamp', 'window', 'usage'],
    },
    NodeMetricsList: listKind('What nodes use.', refer('NodeMetrics')),
    PodMetrics: {
      description: 'What the containers of a pod use.',
      properties: { ...common, containers: { type: 'array', items: container } },
      required: ['timestamp', 'window', 'containers'],
    },
    PodMetricsList: listKind('What pods use.', refer('PodMetrics')),
  };
}

function listKind(description: string, items: Json): Kind {
  const metadata = { type: 'object', description: 'Nothing: lists are always whole.' };
  return {
    description,
    properties: { ...typeMeta(), metadata, items: { type: 'array', items } },
    required: ['items'],
  };
}

function typeMeta(): Readonly<Record<string, Json>> {
  return { apiVersion: { type: 'string' }, kind: { type: 'string' } };
}

function seconds(): Json {
  return {
    type: 'integer',
    format: 'int64',
    description: 'Seconds that the value is computed over, if known.',
  };
}
