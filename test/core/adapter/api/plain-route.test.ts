import { route } from '../../../../core/adapter/api';
import { CUSTOM, get, outcome } from './routing';

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
