import { CUSTOM, EXTERNAL, get, message, outcome, USAGE } from './routing';

describe('paths of custom.metrics.k8s.io', () => {
  test('of objects outside namespaces, in both versions', () => {
    expect(get(`${CUSTOM}/nodes/*/load`)).toMatchObject({
      kind: 'custom',
      version: 'v1beta1',
      groupResource: { group: '', resource: 'nodes' },
      namespace: undefined,
      name: '*',
      metric: 'load',
    });
    expect(get('/apis/custom.metrics.k8s.io/v1beta2/nodes/a/load')).toMatchObject({
      version: 'v1beta2',
      name: 'a',
    });
  });

  test('of objects in namespaces, with a group behind the resource', () => {
    expect(get(`${CUSTOM}/namespaces/shop/ingresses.networking.k8s.io/web/hits`)).toMatchObject({
      kind: 'custom',
      groupResource: { group: 'networking.k8s.io', resource: 'ingresses' },
      namespace: 'shop',
      name: 'web',
      metric: 'hits',
    });
  });

  test('of a namespace: it becomes the object, and authorization sees the resource metrics', () => {
    expect(get(`${CUSTOM}/namespaces/shop/metrics/hits`)).toMatchObject({
      kind: 'custom',
      groupResource: { group: '', resource: 'namespaces' },
      namespace: undefined,
      name: 'shop',
      metric: 'hits',
      attributes: {
        verb: 'get',
        group: 'custom.metrics.k8s.io',
        version: 'v1beta1',
        resource: 'metrics',
        subresource: '',
        namespace: 'shop',
        name: 'hits',
      },
    });
  });

  test('authorization sees the metric as a subresource', () => {
    expect(get(`${CUSTOM}/namespaces/shop/pods/*/http_requests`)).toMatchObject({
      attributes: {
        verb: 'get',
        resource: 'pods',
        subresource: 'http_requests',
        namespace: 'shop',
        name: '*',
      },
    });
  });

  test.each([
    ['', 'resources'],
    ['/', 'resources'],
    ['/blah', 404],
    ['/nodes/foo', 404],
    ['/namespaces/ns/pods/bar', 404],
    ['/namespaces/ns/pods/a/b/c', 404],
    ['/namespaces/ns/foo', 400],
    ['/namespaces/ns/metrics', 400],
    ['/watch/pods/a', 400],
    ['/watch', 400],
  ])('%s is %s', (path, expected) => {
    expect(outcome(get(CUSTOM + path))).toBe(expected);
  });

  test('a path that is too short is refused with upstream’s words', () => {
    expect(message(get(`${CUSTOM}/namespaces/ns/foo`))).toBe('invalid request path');
  });

  test('status and finalize belong to the namespace, whatever follows', () => {
    expect(get(`${CUSTOM}/namespaces/shop/status`)).toMatchObject({
      kind: 'custom',
      groupResource: { group: '', resource: 'namespaces' },
      namespace: 'shop',
      name: 'shop',
      metric: 'status',
    });
  });

  test('an empty name lists all, an empty namespace is none', () => {
    expect(get(`${CUSTOM}/nodes//load`)).toMatchObject({ name: '*', attributes: { verb: 'list', name: '' } });
    expect(get(`${CUSTOM}/namespaces//nodes/a/load`)).toMatchObject({ namespace: undefined, name: 'a' });
  });
});

describe('paths of external.metrics.k8s.io', () => {
  test('a metric in a namespace is a list of a resource to authorization', () => {
    expect(get(`${EXTERNAL}/namespaces/shop/queue_depth`)).toMatchObject({
      kind: 'external',
      namespace: 'shop',
      metric: 'queue_depth',
      attributes: { verb: 'list', resource: 'queue_depth', subresource: '', namespace: 'shop', name: '' },
    });
  });

  test.each([
    ['/queue_depth', 404],
    ['/namespaces/shop', 404],
    ['/namespaces/shop/', 404],
    ['/namespaces/shop/queue/depth', 404],
    ['/namespaces/shop/queue%2Fdepth', 404],
    ['/namespaces/shop/job:rate:sum', 'external'],
  ])('%s is %s', (path, expected) => {
    expect(outcome(get(EXTERNAL + path))).toBe(expected);
  });

  test('a watch is authorized as such, and not there', () => {
    const routed = get(`${EXTERNAL}/namespaces/shop/queue?watch=true`);
    expect(routed).toMatchObject({
      kind: 'refused',
      attributes: { verb: 'watch' },
      status: {
        code: 405,
        message: 'watch is not supported on resources of kind "*.external.metrics.k8s.io"',
        details: { group: 'external.metrics.k8s.io', kind: '*' },
      },
    });
    expect(outcome(get(`${EXTERNAL}/namespaces/shop/queue?watch=0`))).toBe('external');
    expect(outcome(get(`${EXTERNAL}/namespaces/shop/queue?watch`))).toBe(405);
  });
});

describe('paths of metrics.k8s.io', () => {
  test.each([
    ['/nodes', { kind: 'node-metrics', attributes: { verb: 'list', resource: 'nodes' } }],
    ['/nodes/a', { kind: 'node-metrics', name: 'a', attributes: { verb: 'get', name: 'a' } }],
    ['/pods', { kind: 'pod-metrics', namespace: undefined }],
    ['/namespaces/shop/pods', { kind: 'pod-metrics', namespace: 'shop' }],
    ['/namespaces/shop/pods/a', { kind: 'pod-metrics', namespace: 'shop', name: 'a' }],
    ['/namespaces//pods', { kind: 'pod-metrics', namespace: undefined }],
  ])('%s', (path, expected) => {
    expect(get(USAGE + path)).toMatchObject(expected);
  });

  test.each(['/pods/a', '/namespaces/shop/nodes', '/nodes/a/b', '/namespaces/shop/pods/a/b', '/secrets'])(
    '%s is not there',
    (path) => {
      expect(outcome(get(USAGE + path))).toBe(404);
    },
  );

  test('fields select by name and namespace, in any order, and a name is authorized', () => {
    expect(get(`${USAGE}/pods?fieldSelector=metadata.namespace!=b,metadata.name=a`)).toMatchObject({
      fields: [
        { field: 'metadata.name', operator: '=', value: 'a' },
        { field: 'metadata.namespace', operator: '!=', value: 'b' },
      ],
      attributes: { name: 'a' },
    });
    expect(message(get(`${USAGE}/pods?fieldSelector=spec.nodeName=a`))).toBe(
      '"spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect(message(get(`${USAGE}/pods?fieldSelector=foo`))).toBe(
      "invalid selector: 'foo'; can't understand 'foo'",
    );
  });

  test('escapes of field selectors', () => {
    expect(get(`${USAGE}/pods?fieldSelector=metadata.name=a\\,b\\=c`)).toMatchObject({
      fields: [{ value: 'a,b=c' }],
    });
    expect(message(get(`${USAGE}/pods?fieldSelector=metadata.name=a%5Cn`))).toBe(
      'invalid field selector: invalid escape sequence: \\n',
    );
    expect(message(get(`${USAGE}/pods?fieldSelector=metadata.name=a=b`))).toBe(
      'invalid field selector: unescaped character in value: 61',
    );
  });

  test('options of a list that exclude each other', () => {
    expect(get(`${USAGE}/pods?resourceVersionMatch=Exact`)).toMatchObject({
      status: {
        code: 422,
        message:
          'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      },
    });
    expect(outcome(get(`${USAGE}/pods?limit=500&resourceVersion=0&continue=abc`))).toBe('pod-metrics');
  });
});
