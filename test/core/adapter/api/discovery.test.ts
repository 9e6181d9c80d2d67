import {
  encodeGroup,
  encodeGroupDiscoveryList,
  encodeGroupList,
  encodeOpenApiV2,
  encodeOpenApiV3,
  encodeOpenApiV3Root,
  encodePaths,
  encodeResourceList,
  type ServedMetrics,
} from '../../../../core/adapter/api';
import { jsonAt } from './json-at';

const pods = { group: '', resource: 'pods' };
const served: ServedMetrics = {
  custom: [
    { metric: 'http_requests', resource: pods, namespaced: true },
    { metric: 'hits', resource: { group: 'networking.k8s.io', resource: 'ingresses' }, namespaced: true },
    { metric: 'http_errors', resource: pods, namespaced: true },
    { metric: 'http_requests', resource: { group: '', resource: 'namespaces' }, namespaced: false },
    { metric: 'http_requests', resource: pods, namespaced: true },
  ],
  external: [{ metric: 'queue_depth', namespaced: true }],
  resource: true,
};
const nothing: ServedMetrics = { custom: [], external: [], resource: false };

describe('legacy discovery', () => {
  test('the groups, the preferred version first', () => {
    const list = encodeGroupList(served);
    expect(jsonAt(list, 'kind')).toBe('APIGroupList');
    expect(jsonAt(list, 'groups')).toEqual([
      {
        name: 'custom.metrics.k8s.io',
        versions: [
          { groupVersion: 'custom.metrics.k8s.io/v1beta1', version: 'v1beta1' },
          { groupVersion: 'custom.metrics.k8s.io/v1beta2', version: 'v1beta2' },
        ],
        preferredVersion: { groupVersion: 'custom.metrics.k8s.io/v1beta1', version: 'v1beta1' },
      },
      expect.objectContaining({ name: 'external.metrics.k8s.io' }),
      expect.objectContaining({ name: 'metrics.k8s.io' }),
    ]);
    expect(JSON.parse(encodeGroup('custom.metrics.k8s.io'))).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      ...Object(jsonAt(list, 'groups', 0)),
    });
  });

  test('what is not configured is not there', () => {
    expect(jsonAt(encodeGroupList({ resource: true }), 'groups')).toEqual([
      expect.objectContaining({ name: 'metrics.k8s.io' }),
    ]);
  });

  test('metrics are subresources, in order and once', () => {
    expect(encodeResourceList(served, 'custom.metrics.k8s.io', 'v1beta1')).toBe(
      '{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"custom.metrics.k8s.io/v1beta1","resources":[' +
        [
          'ingresses.networking.k8s.io/hits',
          'namespaces/http_requests',
          'pods/http_errors',
          'pods/http_requests',
        ]
          .map(
            (name) =>
              `{"name":"${name}","singularName":"","namespaced":${!name.startsWith('namespaces')},` +
              '"kind":"MetricValueList","verbs":["get"]}',
          )
          .join(',') +
        ']}',
    );
    expect(jsonAt(encodeResourceList(served, 'external.metrics.k8s.io', 'v1beta1'), 'resources')).toEqual([
      {
        name: 'queue_depth',
        singularName: '',
        namespaced: true,
        kind: 'ExternalMetricValueList',
        verbs: ['get'],
      },
    ]);
    expect(jsonAt(encodeResourceList(served, 'metrics.k8s.io', 'v1beta1'), 'resources')).toEqual([
      { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    ]);
  });

  test.each(['custom.metrics.k8s.io', 'external.metrics.k8s.io'] as const)(
    '%s is never empty, which clients take for a failure',
    (group) => {
      expect(jsonAt(encodeResourceList(nothing, group, 'v1beta1'), 'resources')).toHaveLength(1);
    },
  );
});

describe('aggregated discovery', () => {
  test.each(['v2', 'v2beta1'] as const)('%s has metrics below their resources', (version) => {
    const list = encodeGroupDiscoveryList(served, version);
    expect(jsonAt(list)).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${version}`,
      metadata: {},
    });
    expect(jsonAt(list, 'items', 0, 'metadata')).toEqual({
      name: 'custom.metrics.k8s.io',
      creationTimestamp: null,
    });
    expect(jsonAt(list, 'items', 0, 'versions')).toMatchObject([
      { version: 'v1beta1', freshness: 'Current' },
      { version: 'v1beta2', freshness: 'Current' },
    ]);
    const responseKind = { group: 'custom.metrics.k8s.io', version: 'v1beta1', kind: 'MetricValueList' };
    expect(jsonAt(list, 'items', 0, 'versions', 0, 'resources')).toEqual([
      expect.objectContaining({ resource: 'ingresses.networking.k8s.io', scope: 'Namespaced' }),
      expect.objectContaining({ resource: 'namespaces', scope: 'Cluster' }),
      {
        resource: 'pods',
        responseKind: { group: '', version: '', kind: '' },
        scope: 'Namespaced',
        singularResource: '',
        verbs: null,
        subresources: [
          { subresource: 'http_errors', responseKind, verbs: ['get'] },
          { subresource: 'http_requests', responseKind, verbs: ['get'] },
        ],
      },
    ]);
    expect(jsonAt(list, 'items', 1, 'versions', 0, 'resources')).toEqual([
      {
        resource: 'queue_depth',
        responseKind: {
          group: 'external.metrics.k8s.io',
          version: 'v1beta1',
          kind: 'ExternalMetricValueList',
        },
        scope: 'Namespaced',
        singularResource: '',
        verbs: ['get'],
      },
    ]);
    expect(jsonAt(list, 'items', 2, 'versions', 0, 'resources')).toMatchObject([
      { resource: 'nodes', scope: 'Cluster', responseKind: { kind: 'NodeMetrics' }, verbs: ['get', 'list'] },
      { resource: 'pods', scope: 'Namespaced', responseKind: { kind: 'PodMetrics' } },
    ]);
  });

  test('a resource with metrics of both scopes is there once for each', () => {
    const both: ServedMetrics = {
      custom: [
        { metric: 'a', resource: pods, namespaced: true },
        { metric: 'b', resource: pods, namespaced: false },
      ],
      resource: false,
    };
    const list = encodeGroupDiscoveryList(both, 'v2');
    expect(jsonAt(list, 'items', 0, 'versions', 0, 'resources')).toMatchObject([
      { resource: 'pods', scope: 'Namespaced', subresources: [{ subresource: 'a' }] },
      { resource: 'pods', scope: 'Cluster', subresources: [{ subresource: 'b' }] },
    ]);
  });
});

/** The names of what stands at a path in JSON. */
function keysAt(text: string, ...path: readonly string[]): string[] {
  const found = jsonAt(text, ...path);
  return typeof found === 'object' && found !== null ? Object.keys(found) : [];
}

/** Everything that a document refers to. */
function references(text: string): string[] {
  return [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '');
}

describe('OpenAPI', () => {
  test('version 2 holds all that is served, and refers to nothing that it lacks', () => {
    const text = encodeOpenApiV2(served, 'v1');
    const paths = keysAt(text, 'paths');
    expect(paths).toHaveLength(12);
    for (const path of paths) expect(path).toMatch(/^\/apis\/[a-z0-9.]*metrics\.k8s\.io\/v1beta[12]\//);
    const targets = references(text);
    expect(targets.length).toBeGreaterThan(10);
    expect(keysAt(text, 'definitions')).toEqual(
      expect.arrayContaining(targets.map((target) => target.replace('#/definitions/', ''))),
    );
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('version 3 has one document for each group and version, found by its hash', () => {
    const root = encodeOpenApiV3Root(served, 'v1', (text) => `${text.length}`);
    const paths = keysAt(root, 'paths');
    expect(paths).toEqual([
      'apis/custom.metrics.k8s.io/v1beta1',
      'apis/custom.metrics.k8s.io/v1beta2',
      'apis/external.metrics.k8s.io/v1beta1',
      'apis/metrics.k8s.io/v1beta1',
    ]);
    for (const path of paths) {
      const text = encodeOpenApiV3(served, path, 'v1') ?? '';
      const serverRelativeURL = `/openapi/v3/${path}?hash=${text.length}`;
      expect(jsonAt(root, 'paths', path)).toEqual({ serverRelativeURL });
      const targets = references(text).map((target) => target.replace('#/components/schemas/', ''));
      expect(targets.length).toBeGreaterThan(1);
      expect(keysAt(text, 'components', 'schemas')).toEqual(expect.arrayContaining(targets));
    }
  });

  test('kinds say which they are, so that kubectl explain finds them', () => {
    const text = encodeOpenApiV3(served, 'apis/metrics.k8s.io/v1beta1', 'v1') ?? '';
    const name = 'io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics';
    expect(jsonAt(text, 'components', 'schemas', name)).toMatchObject({
      'x-kubernetes-group-version-kind': [
        { group: 'metrics.k8s.io', version: 'v1beta1', kind: 'PodMetrics' },
      ],
    });
  });

  test.each([
    '',
    'apis',
    'apis/apps/v1',
    'apis/metrics.k8s.io/v1',
    'apis/metrics.k8s.io/v1beta1/x',
    'version',
  ])('there is no document %s', (path) => {
    expect(encodeOpenApiV3(served, path, 'v1')).toBeUndefined();
  });
});

test('the paths that are served', () => {
  expect(jsonAt(encodePaths({ resource: true }, ['/readyz/ping']), 'paths')).toEqual([
    ...['/apis', '/apis/metrics.k8s.io', '/apis/metrics.k8s.io/v1beta1', '/healthz', '/livez', '/metrics'],
    ...['/openapi/v2', '/openapi/v3', '/readyz', '/readyz/ping', '/version'],
  ]);
});
