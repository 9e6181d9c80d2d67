import { problemsOf } from './problems';
import { cpuMetric, externalMetric, objectMetric, podsMetric } from './support';

// What the API server of 1.36 says, from "oracle admit"; most cases are those of upstream's validation_test.go.

const SERVICE = { apiVersion: 'v1', kind: 'Service', name: 'svc' };
const AVERAGE = { type: 'AverageValue', averageValue: '100m' };
const VALUE = { type: 'Value', value: '100m' };

/** One metric, with the type of its source. */
function metric(name: string, source: object): { metrics: object[] } {
  return { metrics: [{ type: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, [name]: source }] };
}

describe('validateHpa', () => {
  it.each([
    { metrics: [] },
    { metrics: [cpuMetric(1), podsMetric('qps', '1m')] },
    { metrics: [objectMetric({ type: 'Value', value: '1', averageValue: '1' })] },
    { metrics: [objectMetric({ type: 'Utilization', averageUtilization: 1, value: '0.0000000001' })] },
    { metrics: [externalMetric('lag', { type: 'Utilization', value: '1' })] },
    { metrics: [externalMetric('a.B_c:d', { type: 'Value', averageValue: '1' })] },
    ...['cpu', 'hugepages-2Mi', 'nvidia.com/gpu', 'kubernetes.io/anything'].map((name) =>
      metric('containerResource', { name, container: 'app', target: AVERAGE }),
    ),
  ])('accepts %j', (parts) => {
    expect(problemsOf(parts)).toEqual([]);
  });

  it('takes any selector of a metric', () => {
    const selector = {
      matchLabels: { '-': '/' },
      matchExpressions: [{ key: '', operator: 'Like', values: [] }],
    };
    expect(problemsOf({ metrics: [externalMetric('lag', VALUE, selector)] })).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    [
      'a resource with both targets',
      metric('resource', {
        name: 'cpu',
        target: { type: 'Utilization', averageUtilization: 70, averageValue: '300m' },
      }),
      [
        'spec.metrics[0].resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization',
      ],
    ],
    [
      'a resource without a name',
      metric('resource', { target: { type: 'Utilization', averageUtilization: 70 } }),
      ['spec.metrics[0].resource.name: Required value: must specify a resource name'],
    ],
    [
      'a resource without a target',
      metric('resource', { name: 'cpu' }),
      [
        'spec.metrics[0].resource.target.type: Required value: must specify a metric target type',
        'spec.metrics[0].resource.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
        'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
    ],
    [
      'a resource with a target that does not fit',
      metric('resource', { name: 'cpu', target: VALUE }),
      [
        'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
    ],
    [
      'a utilization of zero',
      metric('resource', { name: 'cpu', target: { type: 'Utilization', averageUtilization: 0 } }),
      ['spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0'],
    ],
    [
      'a negative value of a resource',
      metric('resource', { name: 'cpu', target: { type: 'Value', value: '-1' } }),
      [
        'spec.metrics[0].resource.target.value: Invalid value: "-1": must be positive',
        'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
    ],
    [
      'a container resource with both targets',
      metric('containerResource', {
        name: 'cpu',
        container: 'app',
        target: { type: 'Utilization', averageUtilization: 70, averageValue: '300m' },
      }),
      [
        'spec.metrics[0].containerResource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization',
      ],
    ],
    [
      'a container resource without a name',
      metric('containerResource', {
        container: 'app',
        target: { type: 'Utilization', averageUtilization: 70 },
      }),
      ['spec.metrics[0].containerResource.name: Required value: must specify a resource name'],
    ],
    [
      'a container resource that is none',
      metric('containerResource', { name: 'InvalidResource', container: 'app', target: AVERAGE }),
      [
        'spec.metrics[0].containerResource.name: Invalid value: "InvalidResource": must be a standard resource type or fully qualified',
        'spec.metrics[0].containerResource.name: Invalid value: "InvalidResource": must be a standard resource for containers',
      ],
    ],
    [
      'a container resource of quotas',
      metric('containerResource', { name: 'requests.cpu', container: 'app', target: AVERAGE }),
      [
        'spec.metrics[0].containerResource.name: Invalid value: "requests.cpu": must be a standard resource for containers',
      ],
    ],
    [
      'a container resource with a wrong name',
      metric('containerResource', { name: '-<', container: 'app', target: AVERAGE }),
      [
        "spec.metrics[0].containerResource.name: Invalid value: \"-<\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.metrics[0].containerResource.name: Invalid value: "-\\u003c": must be a standard resource for containers',
      ],
    ],
    [
      'a container resource with a prefix of quotas',
      metric('containerResource', { name: 'requests.example.com/gpu', container: 'app', target: AVERAGE }),
      [
        'spec.metrics[0].containerResource.name: Invalid value: "requests.example.com/gpu": doesn\'t follow extended resource name standard',
      ],
    ],
    [
      'no container',
      metric('containerResource', { name: 'cpu', target: AVERAGE }),
      ['spec.metrics[0].containerResource.container: Required value: must specify a container'],
    ],
    [
      'a container that is no label',
      metric('containerResource', { name: 'cpu', container: '---***', target: AVERAGE }),
      [
        "spec.metrics[0].containerResource.container: Invalid value: \"---***\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      'a container with dots',
      metric('containerResource', { name: 'cpu', container: 'a.b', target: AVERAGE }),
      ['spec.metrics[0].containerResource.container: Invalid value: "a.b": must not contain dots'],
    ],
    [
      'a long container',
      metric('containerResource', {
        name: 'cpu',
        container: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        target: AVERAGE,
      }),
      [
        'spec.metrics[0].containerResource.container: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters',
      ],
    ],
    [
      'a pods metric without a name',
      metric('pods', { metric: {}, target: AVERAGE }),
      ['spec.metrics[0].pods.metric.name: Required value: must specify a metric name'],
    ],
    [
      'a pods metric without an average',
      metric('pods', { metric: { name: 'm' }, target: { type: 'AverageValue' } }),
      [
        'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
      ],
    ],
    [
      'a pods metric with a value instead',
      metric('pods', { metric: { name: 'm' }, target: VALUE }),
      [
        'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
      ],
    ],
    [
      'an object metric without a target',
      metric('object', { describedObject: SERVICE, metric: { name: 'm' } }),
      [
        'spec.metrics[0].object.target.type: Required value: must specify a metric target type',
        'spec.metrics[0].object.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
        'spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue',
      ],
    ],
    [
      'an object metric without an object',
      metric('object', { metric: { name: 'm' }, target: VALUE }),
      [
        'spec.metrics[0].object.describedObject.kind: Required value',
        'spec.metrics[0].object.describedObject.name: Required value',
      ],
    ],
    [
      'an object metric of a wrong API version',
      metric('object', {
        describedObject: { apiVersion: 'a/b/c', kind: 'Service', name: 'svc' },
        metric: { name: 'm' },
        target: VALUE,
      }),
      [
        'spec.metrics[0].object.describedObject.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      ],
    ],
    [
      'an object metric without a name',
      metric('object', { describedObject: SERVICE, metric: { name: '' }, target: VALUE }),
      ['spec.metrics[0].object.metric.name: Required value: must specify a metric name'],
    ],
    [
      'an external metric without a name',
      metric('external', { metric: { selector: { matchLabels: { a: 'b' } } }, target: VALUE }),
      ['spec.metrics[0].external.metric.name: Required value: must specify a metric name'],
    ],
    [
      'an external metric with a path for a name',
      metric('external', { metric: { name: 'foo/../%' }, target: VALUE }),
      [
        'spec.metrics[0].external.metric.name: Invalid value: "foo/../%": may not contain \'/\'',
        'spec.metrics[0].external.metric.name: Invalid value: "foo/../%": may not contain \'%\'',
      ],
    ],
    [
      'an external metric without values',
      metric('external', { metric: { name: 'm' }, target: { type: 'Value' } }),
      [
        'spec.metrics[0].external.target.averageValue: Required value: must set either a target value for metric or a per-pod target',
      ],
    ],
    [
      'an external metric with a value of zero',
      metric('external', { metric: { name: 'm' }, target: { type: 'Value', value: '0' } }),
      ['spec.metrics[0].external.target.value: Invalid value: "0": must be positive'],
    ],
    [
      'an external metric with a negative average',
      metric('external', { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '-300m' } }),
      ['spec.metrics[0].external.target.averageValue: Invalid value: "-300m": must be positive'],
    ],
    [
      'an external metric with both values',
      metric('external', { metric: { name: 'm' }, target: { type: 'Value', value: '1', averageValue: '1' } }),
      [
        'spec.metrics[0].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target',
      ],
    ],
    [
      'an unknown type of target',
      metric('external', { metric: { name: 'm' }, target: { type: 'boogity', value: '1' } }),
      [
        'spec.metrics[0].external.target.type: Invalid value: "boogity": must be either Utilization, Value, or AverageValue',
      ],
    ],
    [
      'no type of target',
      metric('external', { metric: { name: 'm' }, target: { value: '1' } }),
      [
        'spec.metrics[0].external.target.type: Required value: must specify a metric target type',
        'spec.metrics[0].external.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
      ],
    ],
    [
      'no metric at all',
      { metrics: [null] },
      [
        'spec.metrics[0].type: Required value: must specify a metric source type',
        'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
        'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      ],
    ],
    [
      'a type without its source',
      { metrics: [{ type: 'ContainerResource' }] },
      [
        'spec.metrics[0].containerResource: Required value: must populate information for the given metric source',
      ],
    ],
    [
      'a source without its type',
      { metrics: [{ external: { metric: { name: 'm' }, target: VALUE } }] },
      [
        'spec.metrics[0].type: Required value: must specify a metric source type',
        'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
        'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      ],
    ],
    [
      'an unknown type of metric',
      { metrics: [{ type: 'InvalidType<' }] },
      [
        'spec.metrics[0].type: Unsupported value: "InvalidType\\u003c": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
        'spec.metrics[0].type: Unsupported value: "InvalidType\\u003c": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      ],
    ],
    [
      'a type and the source of another',
      { metrics: [{ type: 'Pods', resource: { name: 'cpu', target: AVERAGE } }] },
      ['spec.metrics[0].pods: Required value: must populate information for the given metric source'],
    ],
    [
      'two sources',
      {
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: AVERAGE },
            pods: { metric: { name: '' }, target: AVERAGE },
          },
        ],
      },
      [
        'spec.metrics[0].pods.metric.name: Required value: must specify a metric name',
        'spec.metrics[0].pods: Forbidden: must populate the given metric source only',
      ],
    ],
    [
      'the second of two metrics',
      {
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: AVERAGE } },
          { type: 'Resource', resource: { name: '', target: AVERAGE } },
        ],
      },
      ['spec.metrics[1].resource.name: Required value: must specify a resource name'],
    ],
  ])('refuses %s', (_, parts, expected) => {
    expect(problemsOf(parts)).toEqual(expected);
  });

  it('names the sources that are too many, which Go does in any order', () => {
    const resource = { name: '', target: AVERAGE };
    const pods = { metric: { name: 'm' }, target: AVERAGE };
    expect(problemsOf({ metrics: [{ type: 'External', resource, pods }] }).sort()).toEqual([
      'spec.metrics[0].external: Required value: must populate information for the given metric source',
      'spec.metrics[0].pods: Forbidden: must populate the given metric source only',
      'spec.metrics[0].resource: Forbidden: must populate the given metric source only',
    ]);
  });
});
