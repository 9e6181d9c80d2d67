import fc from 'fast-check';
import { route, type Routed } from '../../../../core/adapter/api';

const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta1';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
const USAGE = '/apis/metrics.k8s.io/v1beta1';

function get(target: string): Routed {
  return route('GET', target);
}

/** The code of a refusal, or the kind of what is served. */
function outcome(routed: Routed): number | string {
  return routed.kind === 'refused' ? routed.status.code : routed.kind;
}

function message(routed: Routed): string {
  return routed.kind === 'refused' ? routed.status.message : `not refused: ${routed.kind}`;
}

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

const PROBLEM: unknown = expect.stringContaining('unable to parse requirement');

describe('parameters', () => {
  test('selectors of objects and of series', () => {
    const routed = get(
      `${CUSTOM}/namespaces/shop/pods/*/m?labelSelector=app%3Dweb&metricLabelSelector=verb%3DGET`,
    );
    expect(routed).toMatchObject({ kind: 'custom' });
    if (routed.kind !== 'custom') return;
    expect(routed.objectSelector?.toString()).toBe('app=web');
    expect(routed.metricSelector.toString()).toBe('verb=GET');
  });

  test('of a repeated parameter the first counts, and plus is a blank', () => {
    const routed = get(`${EXTERNAL}/namespaces/shop/m?labelSelector=a+in+(x)&labelSelector=b`);
    expect(routed.kind === 'external' && routed.selector.toString()).toBe('a in (x)');
  });

  test('parameters with broken escapes or semicolons are as good as none', () => {
    expect(get(`${EXTERNAL}/namespaces/shop/m?labelSelector=%zz&x;labelSelector=a`)).toMatchObject({
      kind: 'external',
      selector: { requirements: [] },
    });
  });

  test('a bad object selector is the client’s error, a bad metric selector upstream takes for its own', () => {
    expect(get(`${CUSTOM}/namespaces/shop/pods/*/m?labelSelector=a%3D%3D%3Db`)).toMatchObject({
      status: {
        code: 400,
        reason: 'BadRequest',
        message: PROBLEM,
      },
    });
    expect(get(`${CUSTOM}/namespaces/shop/pods/*/m?metricLabelSelector=a%3D%3D%3Db`)).toMatchObject({
      status: { code: 500, reason: '', message: PROBLEM },
    });
  });

  test('numbers must be some', () => {
    expect(message(get(`${CUSTOM}/nodes/*/m?limit=x`))).toBe('strconv.ParseInt: parsing "x": invalid syntax');
    expect(message(get(`${CUSTOM}/nodes/*/m?timeoutSeconds=99999999999999999999`))).toBe(
      'strconv.ParseInt: parsing "99999999999999999999": value out of range',
    );
  });

  test('the name of the path and that of the field selector must agree', () => {
    expect(outcome(get(`${CUSTOM}/nodes/a/m?fieldSelector=metadata.name=a`))).toBe('custom');
    expect(message(get(`${CUSTOM}/nodes/a/m?fieldSelector=metadata.name=b`))).toBe(
      "fieldSelector metadata.name doesn't match requested name",
    );
    expect(get(`${CUSTOM}/nodes//m?fieldSelector=metadata.name=b`)).toMatchObject({ name: 'b' });
  });

  test('pretty and timeout', () => {
    expect(get(`${CUSTOM}/nodes/*/m?pretty=true&timeout=1m30s`)).toMatchObject({
      pretty: true,
      timeoutMs: 90_000,
    });
    expect(get(`${CUSTOM}/nodes/*/m?pretty=yes`)).toMatchObject({ pretty: false });
    expect(get(`${CUSTOM}/nodes/*/m?timeout=0s`)).not.toHaveProperty('timeoutMs');
    expect(message(get(`${CUSTOM}/nodes/*/m?timeout=10`))).toContain(
      'invalid timeout specified in the request URL',
    );
  });
});

describe('everything else', () => {
  test.each([
    ['/apis', 'groups'],
    ['/apis/', 'groups'],
    ['/apis/custom.metrics.k8s.io', 'group'],
    ['/apis/custom.metrics.k8s.io//', 'group'],
    ['/apis/apps', 404],
    ['/apis/apps/v1/deployments', 404],
    ['/apis/custom.metrics.k8s.io/v1', 404],
    ['/apis/metrics.k8s.io/v1beta2', 404],
    ['/apis/custom.metrics.k8s.io.evil/v1beta1', 404],
    ['//apis/metrics.k8s.io/v1beta1/nodes', 404],
    ['/apis//metrics.k8s.io/v1beta1/nodes', 404],
    ['/apis/metrics.k8s.io/v1beta1/../v1beta1/nodes', 404],
    ['/api/v1/namespaces/shop/secrets', 404],
    ['/', 'paths'],
    ['/version', 'version'],
    ['/version/', 'version'],
    ['/metrics', 'metrics'],
    ['/metrics/', 404],
    ['/openapi/v2', 'openapi-v2'],
    ['/openapi/v3', 'openapi-v3'],
    ['/debug/pprof/', 404],
    ['', 400],
    ['*', 400],
    ['apis', 400],
    ['example.com:443', 400],
    ['http://example.com/apis', 'groups'],
    ['https://example.com:6443/apis/metrics.k8s.io/v1beta1/nodes?pretty=1', 'node-metrics'],
    ['http://exa%6dple.com/apis', 400],
    ['/apis/%00', 400],
    ['/apis/%ff', 400],
    ['/apis/%4', 400],
    ['/apis/\u00e9', 400],
    ['/apis /x', 400],
    [`/${'a'.repeat(1024 * 1024)}`, 414],
  ])('%.60s is %s', (target, expected) => {
    expect(outcome(get(target))).toBe(expected);
  });

  test('escapes are resolved once', () => {
    expect(get(`${CUSTOM}/namespaces/shop/pods/a%252Fb/m`)).toMatchObject({ name: 'a%2Fb' });
    expect(get('/%61pis/metrics.k8s.io/v1beta1/nodes')).toMatchObject({ kind: 'node-metrics' });
  });

  test('paths outside resources are authorized as they stand', () => {
    expect(get('/apis/custom.metrics.k8s.io/v1beta1/')).toMatchObject({
      kind: 'resources',
      attributes: { verb: 'get', path: '/apis/custom.metrics.k8s.io/v1beta1/' },
    });
    expect(get('/debug/pprof/')).toMatchObject({ kind: 'refused', attributes: { path: '/debug/pprof/' } });
  });

  test('a refusal of what might be secret comes with what is to be authorized first', () => {
    expect(get('/api/v1/namespaces/shop/secrets')).toMatchObject({
      attributes: { verb: 'list', group: '', version: 'v1', resource: 'secrets', namespace: 'shop' },
    });
  });

  test('health checks', () => {
    expect(get('/readyz?verbose&exclude=a&exclude=b')).toMatchObject({
      kind: 'health',
      check: 'readyz',
      part: undefined,
      verbose: true,
      exclude: ['a', 'b'],
    });
    expect(get('/livez/poststarthook/x')).toMatchObject({
      check: 'livez',
      part: 'poststarthook/x',
      verbose: false,
    });
    expect(outcome(get('/healthz/'))).toBe(404);
    expect(outcome(get('/healthzz'))).toBe(404);
  });

  test('documents of OpenAPI 3', () => {
    expect(get('/openapi/v3/apis/metrics.k8s.io/v1beta1?hash=AB')).toMatchObject({
      kind: 'openapi-v3',
      document: 'apis/metrics.k8s.io/v1beta1',
      hash: 'AB',
    });
  });
});

describe('methods', () => {
  test.each([
    ['POST', 'create'],
    ['PUT', 'update'],
    ['PATCH', 'patch'],
    ['DELETE', 'delete'],
    ['HEAD', 'get'],
    ['OPTIONS', ''],
  ])('%s of a metric is authorized as %s and not allowed', (method, verb) => {
    expect(route(method, `${CUSTOM}/nodes/a/m`)).toMatchObject({
      kind: 'refused',
      status: { code: 405, message: 'the server does not allow this method on the requested resource' },
      attributes: { verb },
    });
  });

  test('a path that is not there is not found by any method', () => {
    expect(outcome(route('POST', `${CUSTOM}/nodes`))).toBe(404);
    expect(outcome(route('DELETE', '/nothing'))).toBe(404);
  });

  test('HEAD is refused where go-restful serves, and as good as GET elsewhere', () => {
    expect(outcome(route('HEAD', '/apis'))).toBe(405);
    expect(outcome(route('HEAD', '/healthz'))).toBe('health');
    expect(outcome(route('POST', '/healthz'))).toBe(405);
  });

  test('no tunnels', () => {
    expect(route('CONNECT', '/apis')).toMatchObject({ kind: 'refused', status: { code: 405 } });
  });
});

describe('explanations', () => {
  test('have the attributes of the metric', () => {
    const plain = get(`${CUSTOM}/namespaces/shop/pods/a/m?metricLabelSelector=b`);
    expect(get(`/explain${CUSTOM}/namespaces/shop/pods/a/m?metricLabelSelector=b`)).toMatchObject({
      kind: 'explain',
      of: plain,
      attributes: { resource: 'pods', subresource: 'm', namespace: 'shop', name: 'a' },
    });
  });

  test('there are none of other paths', () => {
    expect(get('/explain/apis/metrics.k8s.io/v1beta1')).toMatchObject({
      kind: 'refused',
      status: { code: 404 },
      attributes: { path: '/explain/apis/metrics.k8s.io/v1beta1' },
    });
    expect(outcome(get('/explain'))).toBe(404);
    expect(outcome(get('/explain/metrics'))).toBe(404);
    expect(outcome(get(`/explain${CUSTOM}/nodes/a/m?labelSelector=,`))).toBe(400);
  });
});

/** Targets that are near to what is served. */
const nearTargets = fc
  .array(
    fc.constantFrom(
      ...['apis', 'explain', 'custom.metrics.k8s.io', 'metrics.k8s.io', 'external.metrics.k8s.io', 'v1beta1'],
      ...[
        'namespaces',
        'pods',
        'nodes',
        'metrics',
        'status',
        'watch',
        '*',
        '',
        '.',
        '..',
        '%2f',
        '%25',
        '%e2%82%ac',
      ],
      ...['?labelSelector=a%3Db', '?watch=1', '?fieldSelector=metadata.name%3Da', '%', '\\'],
    ),
    { maxLength: 9 },
  )
  .map((segments) => `/${segments.join('/')}`);

test('whatever is asked for, it is routed, and what is served is authorized', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'HEAD', 'POST'),
      fc.oneof(nearTargets, fc.string()),
      (method, target) => {
        const routed = route(method, target);
        if (routed.kind !== 'refused') expect(routed.attributes.verb).not.toBe('');
        else expect([400, 404, 405, 422, 500]).toContain(routed.status.code);
      },
    ),
    { numRuns: 2000 },
  );
});

const LONE_SURROGATE = /\p{Surrogate}/u;

test('a namespace, a name and a metric come out as they went in', () => {
  const segment = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter(
      (text) => !LONE_SURROGATE.test(text) && !/[/\0]/.test(text) && !['status', 'finalize'].includes(text),
    );
  fc.assert(
    fc.property(segment, segment, segment, (namespace, name, metric) => {
      const [a, b, c] = [namespace, name, metric].map((text) => encodeURIComponent(text));
      expect(get(`${CUSTOM}/namespaces/${a}/pods/${b}/${c}`)).toMatchObject({
        kind: 'custom',
        namespace,
        name,
        metric,
        attributes: { namespace, name, resource: 'pods', subresource: metric },
      });
    }),
  );
});
