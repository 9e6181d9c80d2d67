import { answer, plan, type QueryOutcome, Registry } from '../../../core/adapter';
import { ApiResources } from '../../../core/kube/api-resources';
import { Selector } from '../../../core/kube/selector';
import { parseAdapterConfig } from '../../../core/rules';
import {
  answered,
  at,
  config,
  notFound,
  pods,
  queue,
  registry,
  shown,
  unableToFetch,
  vector,
} from './answering';

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
    expect(answered({ ...pods, objects: [] })).toMatchObject({ code: 404, cause: 'no objects are selected' });
  });

  it('name the first link that fails, whether objects are selected or not', () => {
    const unknown = { ...pods, groupResource: { group: '', resource: 'foos' } };
    for (const objects of ['a', []]) {
      expect(answered({ ...unknown, objects })).toMatchObject({
        cause: 'the cluster serves no such resource',
      });
      expect(answered({ ...pods, objects, metric: 'nothing' })).toMatchObject({
        cause: expect.stringMatching(/^the metric is not registered: /) as string,
      });
    }
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

  it('hold one value that has no labels at all for a scalar', () => {
    expect(shown(answered(queue, { type: 'scalar', value: 42 }))).toEqual([[undefined, '42']]);
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
