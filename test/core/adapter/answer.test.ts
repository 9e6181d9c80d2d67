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
import { ageQueries, parseAdapterConfig } from '../../../core/rules';

const config = `
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
const registry = Registry.create(parseAdapterConfig(config, 'config.yaml'), ApiResources.builtin()).updated(
  listing,
);

const pods = {
  api: 'custom',
  groupResource: { group: '', resource: 'pods' },
  namespace: 'shop',
  objects: ['a', 'b', 'c'],
  metric: 'requests',
  metricSelector: Selector.everything,
} as const;
const queue = { api: 'external', namespace: 'shop', metric: 'queue', selector: Selector.everything } as const;

const at = 1_700_000_000_000;

function answered(request: MetricRequest, ...outcomes: QueryOutcome[]): Answer {
  return answer(plan(registry, request), outcomes, at);
}

function vector(...samples: [labels: Record<string, string>, value: number][]): QueryOutcome {
  return { type: 'vector', samples: samples.map(([labels, value]) => ({ labels, value })) };
}

/** What a client sees: items with the text of their values, or the status without its cause. */
function shown(result: Answer): unknown {
  if (result.kind === 'status') return [result.code, result.reason, result.message];
  if (result.kind === 'custom')
    return result.items.map((item) => [item.describedObject.name, item.value.toString()]);
  return result.items.map((item) => [item.metricLabels, item.value.toString()]);
}

function notFound(message: string): unknown[] {
  return [404, 'NotFound', `the server could not find the metric ${message}`];
}

const unableToFetch = [500, 'InternalError', 'Internal error occurred: unable to fetch metrics'];

describe('answers about several objects', () => {
  it('hold one value for each object that has one, in the order of the objects', () => {
    const result = answered(pods, vector([{ pod: 'c' }, 1.5], [{ pod: 'a' }, 2500], [{ pod: 'other' }, 1]));
    expect(shown(result)).toEqual([
      ['a', '2500'],
      ['c', '1500m'],
    ]);
  });

  it('are empty if no object has a value', () => {
    expect(answered(pods, vector())).toEqual({ kind: 'custom', items: [] });
  });

  it('take the last of several values', () => {
    expect(shown(answered(pods, vector([{ pod: 'a' }, 1], [{ pod: 'a' }, 2])))).toEqual([['a', '2']]);
  });

  it('are refused if no objects are selected', () => {
    expect(plan(registry, { ...pods, objects: [] }).queries).toEqual([]);
    expect(shown(answered({ ...pods, objects: [] }))).toEqual(notFound('requests for pods'));
  });
});

describe('answers about one object', () => {
  const ingress = {
    ...pods,
    groupResource: { group: 'networking.k8s.io', resource: 'ingresses' },
    objects: 'i',
  };

  it('describe the object, the metric, its value and when it was taken', () => {
    const request = { ...ingress, metricSelector: Selector.from({ matchLabels: { path: '/' } }) };
    const result = answered(request, vector([{ ing: 'i' }, 0.901]));
    expect(result).toMatchObject({
      kind: 'custom',
      items: [
        {
          describedObject: {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'Ingress',
            namespace: 'shop',
            name: 'i',
          },
          metric: { name: 'requests', selector: request.metricSelector },
          timestampMs: at,
        },
      ],
    });
    expect(shown(result)).toEqual([['i', '901m']]);
  });

  it('have no selector without a metric selector, and a bare version in the core group', () => {
    expect(answered({ ...pods, objects: 'a' }, vector([{ pod: 'a' }, 1]))).toMatchObject({
      items: [{ describedObject: { apiVersion: 'v1', kind: 'Pod' }, metric: { name: 'requests' } }],
    });
  });

  it('have no namespace for a namespace', () => {
    const request = {
      ...pods,
      groupResource: { group: '', resource: 'namespaces' },
      namespace: undefined,
      objects: 'shop',
    };
    expect(plan(registry, request).queries).toEqual(['sum(requests{namespace="shop"}) by (namespace)']);
    expect(answered(request, vector([{ namespace: 'shop' }, 7]))).toMatchObject({
      items: [{ describedObject: { kind: 'Namespace', namespace: undefined, name: 'shop' } }],
    });
  });

  it('are not found without a value', () => {
    expect(shown(answered(ingress, vector()))).toEqual(
      notFound('requests for ingresses.networking.k8s.io i'),
    );
    expect(shown(answered(ingress, vector([{ ing: 'j' }, 1])))).toEqual(
      notFound('requests for ingresses.networking.k8s.io i'),
    );
  });
});

describe('requests for one object that has no value', () => {
  it.each<[string, QueryOutcome, string]>([
    ['nothing was found', vector(), 'the query has no results'],
    ['others were found', vector([{ ing: 'j' }, 1]), 'no result has ing="i"'],
  ])('tell the log that %s', (_, outcome, cause) => {
    const request = { ...pods, groupResource: { group: 'networking.k8s.io', resource: 'ingresses' } };
    expect(answered({ ...request, objects: 'i' }, outcome)).toMatchObject({ code: 404, cause });
  });
});

describe('requests for custom metrics', () => {
  it.each([
    ['an unknown metric', { metric: 'nothing' }, 'nothing for pods'],
    [
      'an unknown resource',
      { groupResource: { group: 'example.com', resource: 'widgets' } },
      'requests for widgets.example.com',
    ],
    [
      'a resource that the series says nothing about',
      { groupResource: { group: '', resource: 'services' } },
      'requests for services',
    ],
    ['a namespaced resource at the root', { namespace: '' }, 'requests for pods'],
    ['a query that cannot be built', { metric: 'broken' }, 'broken for pods'],
  ])('are not found for %s', (_, change, message) => {
    expect(shown(answered({ ...pods, ...change }))).toEqual(notFound(message));
  });

  it.each<[string, QueryOutcome]>([
    ['Prometheus fails', { error: 'connection refused' }],
    ['the result is a scalar', { type: 'scalar', value: 1 }],
    ['the result is a matrix', { type: 'matrix' }],
  ])('fail without details if %s', (_, outcome) => {
    expect(shown(answered(pods, outcome))).toEqual(unableToFetch);
  });

  it('keep the details as the cause', () => {
    expect(answered(pods, { error: 'connection refused' })).toMatchObject({
      cause: 'unable to fetch metrics from prometheus: connection refused',
    });
  });
});

describe('answers about external metrics', () => {
  it('hold one value for each element of a vector', () => {
    const result = answered(queue, vector([{ queue: 'a' }, 1.2345], [{ queue: 'b' }, 12_000]));
    expect(shown(result)).toEqual([
      [{ queue: 'a' }, '1234m'],
      [{ queue: 'b' }, '12k'],
    ]);
    expect(result).toMatchObject({
      items: [{ metricName: 'queue', timestampMs: at }, { metricName: 'queue' }],
    });
  });

  it('hold one value without labels for a scalar', () => {
    expect(shown(answered(queue, { type: 'scalar', value: 42 }))).toEqual([[{}, '42']]);
  });

  it('are empty for an empty vector', () => {
    expect(answered(queue, vector())).toEqual({ kind: 'external', items: [] });
  });

  it('are not found for an unknown metric, in the words of upstream', () => {
    expect(shown(answered({ ...queue, metric: 'x' }))).toEqual(notFound('x for '));
    expect(shown(answered({ ...queue, metric: 'x', namespace: 'default' }))).toEqual(
      notFound('x for namespaces'),
    );
  });

  it('fail if the query cannot be built', () => {
    expect(shown(answered({ ...queue, metric: 'jobs' }))).toEqual(unableToFetch);
  });

  it('fail if Prometheus fails', () => {
    expect(shown(answered(queue, { error: 'timeout' }))).toEqual(unableToFetch);
  });

  it('fail for a matrix', () => {
    expect(shown(answered(queue, { type: 'matrix' }))).toEqual([
      500,
      '',
      'encountered an unexpected query result type',
    ]);
  });
});

const SMALLEST = '-9223372036854775808m';
const LARGEST = '9223372036854775807m';

/** The answer of a registry whose file has this section `plimsoll`. */
function answeredWith(policies: string, request: MetricRequest, ...outcomes: QueryOutcome[]): Answer {
  const text = `${config}plimsoll: {${policies}}\n`;
  const chosen = Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin());
  return answer(plan(chosen.updated(listing), request), outcomes, at);
}

function noQuantity(metric: string, value: string): unknown[] {
  const message = `Internal error occurred: the value of metric ${metric} is ${value}, which is not a quantity`;
  return [500, 'InternalError', message];
}

describe('values that are no quantities, without a policy', () => {
  it('count as 0 if they are NaN in a custom metric', () => {
    expect(shown(answered(pods, vector([{ pod: 'a' }, Number.NaN])))).toEqual([['a', '0']]);
  });

  it.each([Infinity, -Infinity, 1e30])('overflow for %d in a custom metric', (value) => {
    expect(shown(answered(pods, vector([{ pod: 'a' }, value])))).toEqual([['a', SMALLEST]]);
  });

  it.each([Infinity, Number.NaN])('overflow for %d in an external metric', (value) => {
    expect(shown(answered(queue, vector([{ queue: 'a' }, value])))).toEqual([[{ queue: 'a' }, SMALLEST]]);
  });
});

describe('values that are no quantities, by policy', () => {
  it.each<[string, number, string]>([
    ['nan: zero', Number.NaN, '0'],
    ['infinity: clamp', Infinity, LARGEST],
    ['infinity: clamp', -Infinity, SMALLEST],
    ['infinity: clamp', 1e30, LARGEST],
  ])('are with %s for %d the quantity %s', (policies, value, text) => {
    expect(shown(answeredWith(policies, pods, vector([{ pod: 'a' }, value])))).toEqual([['a', text]]);
    expect(shown(answeredWith(policies, queue, vector([{}, value])))).toEqual([[{}, text]]);
  });

  it.each<[string, number, string]>([
    ['nan: skip', Number.NaN, 'NaN'],
    ['infinity: skip', Infinity, '+Inf'],
  ])('are left out with %s', (policies, value, spelled) => {
    const result = vector([{ pod: 'a' }, value], [{ pod: 'b' }, 1]);
    expect(shown(answeredWith(policies, pods, result))).toEqual([['b', '1']]);
    expect(shown(answeredWith(policies, queue, vector([{}, value])))).toEqual([]);
    expect(answeredWith(policies, { ...pods, objects: 'a' }, result)).toMatchObject({
      code: 404,
      cause: `the result with pod="a" is ${spelled}, which the rule leaves out`,
    });
  });

  it.each<[string, number, string]>([
    ['nan: error', Number.NaN, 'NaN'],
    ['infinity: error', -Infinity, '-Inf'],
  ])('fail the request with %s', (policies, value, spelled) => {
    expect(shown(answeredWith(policies, pods, vector([{ pod: 'a' }, value])))).toEqual(
      noQuantity('requests', spelled),
    );
    expect(answeredWith(policies, queue, vector([{ queue: 'a' }, value]))).toMatchObject({
      code: 500,
      cause:
        `the value of metric queue is ${spelled}, which is not a quantity, in the result with {"queue":"a"}; ` +
        'change metricsQuery so that it cannot be',
    });
  });
});

describe('several results for one object, by policy', () => {
  const twice = vector([{ pod: 'a' }, 1], [{ pod: 'b' }, 7], [{ pod: 'a' }, 2]);

  it('are added up', () => {
    expect(shown(answeredWith('duplicates: sum', pods, twice))).toEqual([
      ['a', '3'],
      ['b', '7'],
    ]);
  });

  it('fail a request for that object, but no other', () => {
    expect(answeredWith('duplicates: error', pods, twice)).toMatchObject({
      code: 500,
      cause:
        'the query of metric requests has several results for one object, with pod="a"; ' +
        'aggregate by <<.GroupBy>> in metricsQuery',
    });
    expect(shown(answeredWith('duplicates: error', { ...pods, objects: 'b' }, twice))).toEqual([['b', '7']]);
  });
});

describe('the names of several objects', () => {
  const dotted = { ...pods, objects: ['a.b', 'c'] };

  it('are put into the query as they are, as upstream does it', () => {
    expect(plan(registry, dotted).queries).toEqual(['sum(requests{namespace="shop",pod=~"a.b|c"}) by (pod)']);
  });

  it('are escaped by policy', () => {
    const text = `${config}plimsoll: {objectNames: literal}\n`;
    const chosen = Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin());
    expect(plan(chosen.updated(listing), dotted).queries).toEqual([
      'sum(requests{namespace="shop",pod=~"a\\\\.b|c"}) by (pod)',
    ]);
  });
});

describe('a source that gives no answer', () => {
  const failed = {
    error: 'connect ECONNREFUSED http://10.0.0.1:9090',
    unavailable: true,
    retryAfterMs: 2000,
  };

  it('makes the API unavailable, without a word of where the source is', () => {
    expect(answered(pods, failed)).toEqual({
      kind: 'status',
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'unable to fetch metrics: Prometheus is unavailable',
      cause: 'unable to fetch metrics from prometheus: connect ECONNREFUSED http://10.0.0.1:9090',
      retryAfterMs: 2000,
    });
    expect(answered(queue, failed)).toMatchObject({ code: 503 });
  });

  it('is named', () => {
    const text = `${config}plimsoll: {source: mimir, sources: {mimir: {url: http://mimir}}}\n`;
    const chosen = Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin());
    const series = [{ __name__: 'requests', pod: 'a', namespace: 'shop' }];
    const [first] = chosen.listings();
    const planned = plan(chosen.updated(new Map([[first?.key ?? '', series]])), pods);
    expect(planned).toMatchObject({ source: 'mimir', rule: 'rules[0]', series: 'requests' });
    expect(answer(planned, [failed], at)).toMatchObject({
      message: 'unable to fetch metrics: source mimir is unavailable',
    });
  });
});

describe('samples that are too old', () => {
  const seconds = at / 1000;
  const skip = 'staleness: {maxSampleAge: 1m}';
  const error = 'staleness: {maxSampleAge: 1m, action: error}';
  const values = vector([{ pod: 'a' }, 1], [{ pod: 'b' }, 2], [{ pod: 'c' }, 3]);
  const times = vector([{ pod: 'a' }, seconds - 10], [{ pod: 'b' }, seconds - 61]);

  function planned(policies: string, request: MetricRequest) {
    const text = `${config}plimsoll: {${policies}}\n`;
    return plan(
      Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin()).updated(listing),
      request,
    );
  }

  it('are asked for with the query', () => {
    expect(planned(skip, { ...pods, objects: 'a' })).toMatchObject({
      queries: [
        'sum(requests{namespace="shop",pod="a"}) by (pod)',
        'max by (pod) (timestamp(requests{namespace="shop",pod="a"}))',
      ],
      ageQueries: 1,
    });
    expect(planned(skip, queue)).toMatchObject({ queries: ['max(queue{})', 'max(timestamp(queue))'] });
    expect(planned('nan: skip', pods)).toMatchObject({ ageQueries: 0 });
  });

  it('are left out, and the others have the time of their samples', () => {
    const result = answeredWith(skip, pods, values, times);
    expect(shown(result)).toEqual([['a', '1']]);
    expect(result).toMatchObject({ items: [{ timestampMs: at - 10_000 }] });
  });

  it.each([
    ['b', 'the newest sample is 1m1s old, more than 1m with pod="b"'],
    ['c', 'a selector finds no recent sample with pod="c"'],
  ])('leave nothing of %s', (objects, cause) => {
    expect(answeredWith(skip, { ...pods, objects }, values, times)).toMatchObject({ code: 404, cause });
  });

  it('fail the request by policy', () => {
    expect(answeredWith(error, pods, values, times)).toMatchObject({
      code: 500,
      message: 'Internal error occurred: the samples of metric requests are too old',
    });
    expect(shown(answeredWith(error, { ...pods, objects: 'a' }, values, times))).toEqual([['a', '1']]);
  });

  it('leave nothing of an external metric, or fail it', () => {
    const value = vector([{ queue: 'a' }, 7]);
    const old = vector([{}, seconds - 100]);
    expect(shown(answeredWith(skip, queue, value, old))).toEqual([]);
    expect(answeredWith(error, queue, value, old)).toMatchObject({ code: 500 });
    expect(answeredWith(error, queue, value, vector([{}, seconds - 5]))).toMatchObject({
      items: [{ timestampMs: at - 5000 }],
    });
    expect(shown(answeredWith(error, queue, vector(), vector()))).toEqual([]);
  });

  it('fail the request if they cannot be asked for', () => {
    expect(answeredWith(skip, pods, values, { error: 'timeout', unavailable: true })).toMatchObject({
      code: 503,
    });
  });
});

describe('ageQueries', () => {
  it.each([
    ['sum(rate(x{pod="a"}[5m])) by (pod)', ['max by (pod) (timestamp(x{pod="a"}))']],
    [
      'sum(x{pod="a"}) by (pod) / sum(y{pod="a"}) by (pod) + sum(x{pod="a"}) by (pod)',
      ['max by (pod) (timestamp(x{pod="a"}))', 'max by (pod) (timestamp(y{pod="a"}))'],
    ],
  ])('ask for the newest samples of each selector of %s', (query, queries) => {
    expect(ageQueries(query, 'pod')).toEqual({ queries });
  });

  it.each([
    ['x{pod="a"} offset 5m', 'a selector is of another time than now'],
    ['x{pod="a"} @ 0', 'a selector is of another time than now'],
    ['max_over_time(x{pod="a"}[5m:1m])', 'a selector stands in a subquery'],
    ['x{pod="a"} or y{pod="a"}', 'the operands of or do without each other'],
    ['sum(x{pod="a"} unless y{pod="a"})', 'the operands of unless do without each other'],
    ['absent(x{pod="a"})', 'the result of absent() is of no sample'],
    ['x{pod="a"} * on() group_left() y', 'a selector has no condition on pod'],
    ['vector(1)', 'the query reads no series'],
    ['x{', 'unexpected end of input'],
  ])('do not exist for %s', (query, reason) => {
    expect(ageQueries(query, 'pod')).toEqual({ reason: expect.stringContaining(reason) as string });
  });
});

describe('what a plan says about its query', () => {
  it('is which objects it selects, by which labels', () => {
    expect(plan(registry, pods)).toMatchObject({
      source: '',
      target: {
        objectLabel: 'pod',
        namespaceLabel: 'namespace',
        namespace: 'shop',
        names: ['a', 'b', 'c'],
        literalNames: false,
      },
    });
    const namespaces = {
      ...pods,
      groupResource: { group: '', resource: 'namespaces' },
      namespace: undefined,
    };
    expect(plan(registry, { ...namespaces, objects: 'shop' })).toMatchObject({
      target: { objectLabel: 'namespace', names: ['shop'], literalNames: false },
    });
  });
});
