import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { z } from 'zod';
import { startOurAdapter } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { CUSTOM_METRICS, EXTERNAL_METRICS, serviceName, until } from './aggregation';
import { ControlPlane } from './control-plane';
import { Exporter } from './exporter';
import { FaultyPrometheus } from './faulty-prometheus';
import { HttpsClient } from './https-client';
import { CertificateAuthority, type Identity } from './pki';
import { Prometheus } from './prometheus';

const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta1';
const PODS = `${CUSTOM}/namespaces/default/pods/*/http_requests`;
const OTHER_METRIC = `${CUSTOM}/namespaces/default/pods/*/secret_requests`;
const QUEUE = '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue_depth';
const OTHER_QUEUE = '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/secret_depth';
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';

const AUTHENTICATED = ['system:authenticated'];
/** What somebody sends who would be an administrator. */
const FORGED = { 'x-remote-user': 'admin', 'x-remote-group': ['system:masters', 'system:authenticated'] };

const CONFIG = JSON.stringify({
  rules: [
    {
      seriesQuery: '{__name__=~"^(http|secret)_requests_total$",pod!=""}',
      resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
      name: { matches: '^(.*)_total$' },
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    },
  ],
  externalRules: [
    {
      seriesQuery: '{__name__=~"^(queue|secret)_depth$"}',
      resources: { overrides: { namespace: { resource: 'namespace' } } },
      metricsQuery: 'max(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    },
  ],
  plimsoll: { freshness: '0s' },
});

const tokenShape = z.object({ status: z.object({ token: z.string() }) });

let plane: ControlPlane;
let exporter: Exporter;
let prometheus: Prometheus;
let faulty: FaultyPrometheus;
let adapter: AggregatedServer;
const clients: HttpsClient[] = [];

beforeAll(async () => {
  plane = await ControlPlane.start();
  exporter = await Exporter.start();
  for (const name of ['http_requests_total', 'secret_requests_total'])
    exporter.set(name, { namespace: 'default', pod: 'web-1' }, 1);
  for (const name of ['queue_depth', 'secret_depth']) exporter.set(name, { namespace: 'default' }, 2);
  prometheus = await Prometheus.start({ targets: { app: { port: exporter.port } } });
  await until('the target is scraped', async () => (await prometheus.query('secret_depth')).length > 0);
  faulty = await FaultyPrometheus.start(prometheus);
  await plane.create('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await plane.create('/api/v1/namespaces/default/pods', {
    metadata: { name: 'web-1' },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'web', image: 'web:1' }] },
  });
  await grant(
    'pod-reader',
    { kind: 'User', name: 'pod-reader' },
    'custom.metrics.k8s.io',
    'pods/http_requests',
    'get',
  );
  await grant(
    'queue-reader',
    { kind: 'User', name: 'queue-reader' },
    'external.metrics.k8s.io',
    'queue_depth',
    'list',
  );
  adapter = await startOurAdapter(plane, faulty, {
    config: CONFIG,
    flags: ['--metrics-relist-interval=1h', '--authentication-token-webhook-cache-ttl=1s'],
  });
  await adapter.discovered(CUSTOM_METRICS, (names) => names.length >= 4);
  await adapter.discovered(EXTERNAL_METRICS);
  await adapter.register(CUSTOM_METRICS, EXTERNAL_METRICS);
});

afterAll(async () => {
  for (const client of clients) client.close();
  await adapter?.stop();
  await faulty?.stop();
  await prometheus?.stop();
  await exporter?.stop();
  await plane?.stop();
});

test('who has the right gets the value, so that refusals below mean something', async () => {
  expect((await plane.request(PODS)).status).toBe(200);
  expect((await plane.request(QUEUE)).status).toBe(200);
  expect((await as('pod-reader').request(PODS)).status).toBe(200);
  expect((await as('queue-reader').request(QUEUE)).status).toBe(200);
});

describe('past kube-apiserver', () => {
  const strange = CertificateAuthority.create('front-proxy');
  const DAY_MS = 86_400_000;

  test.each<[string, () => Identity | undefined, number]>([
    ['no certificate', () => undefined, 403],
    [
      'one of a stranger who calls himself the front proxy',
      () => strange.issue({ commonName: 'front-proxy-client' }),
      401,
    ],
    [
      'one that has expired',
      () =>
        plane.frontProxyVariant({
          notBefore: new Date(Date.now() - 2 * DAY_MS),
          notAfter: new Date(Date.now() - DAY_MS),
        }),
      401,
    ],
    [
      'one that is not good yet',
      () => plane.frontProxyVariant({ notBefore: new Date(Date.now() + DAY_MS) }),
      401,
    ],
    ['one of another name', () => plane.frontProxyVariant({ commonName: 'front-proxy-client2' }), 401],
    ['one of a server', () => plane.frontProxyVariant({ names: ['front-proxy-client'] }), 401],
    ["a user's", () => plane.identity('nobody'), 403],
    [
      "a user's that has expired",
      () =>
        plane.identityVariant({
          commonName: 'admin',
          organizations: ['system:masters'],
          notBefore: new Date(Date.now() - 2 * DAY_MS),
          notAfter: new Date(Date.now() - DAY_MS),
        }),
      401,
    ],
    ['that of kube-apiserver itself', () => plane.servingIdentity(['admin']), 401],
  ])('headers of an administrator with %s are refused', async (_, identity, status) => {
    const client = direct(identity());
    for (const path of [PODS, QUEUE, '/metrics', `/explain${PODS}`]) {
      expect([path, (await client.request(path, { headers: FORGED })).status]).toEqual([path, status]);
    }
  });

  test.each<[string, Readonly<Record<string, string | readonly string[]>>, number]>([
    ['two users', { 'x-remote-user': ['nobody', 'admin'], 'x-remote-group': 'system:masters' }, 401],
    ['an underscored user', { ...FORGED, x_remote_user: 'admin' }, 400],
    ['an underscored group', { 'x-remote-user': 'nobody', x_remote_group: 'system:masters' }, 400],
    ['groups in one header', { 'x-remote-user': 'nobody', 'x-remote-group': 'a, system:masters' }, 403],
    ['no user, but groups', { 'x-remote-group': 'system:masters' }, 401],
    ['a user whom it shall act for', { 'x-remote-user': 'nobody', 'impersonate-user': 'admin' }, 403],
    ['an authorization besides', { 'x-remote-user': 'nobody', authorization: 'Bearer admin' }, 403],
  ])('the front proxy with %s', async (_, headers, status) => {
    const reply = await direct(plane.frontProxyIdentity).request(PODS, { headers });
    expect([reply.status, reply.text]).toEqual([status, expect.stringContaining('"kind":"Status"')]);
  });

  test.each([
    ['anonymous', undefined],
    ['a user without rights', 'nobody'],
  ])('%s sees nothing but health', async (_, user) => {
    const client = direct(user === undefined ? undefined : plane.identity(user));
    const closed = ['/', '/metrics', PODS, QUEUE, `/explain${QUEUE}`];
    if (user === undefined) closed.push('/apis', CUSTOM, '/openapi/v2', '/openapi/v3');
    for (const path of closed) expect([path, (await client.request(path)).status]).toEqual([path, 403]);
    for (const path of ['/healthz', '/livez', '/readyz'])
      expect((await client.request(path)).status).toBe(200);
  });

  test.each(['garbage', '', 'a.b.c', 'x'.repeat(100_000)])('token %#', async (token) => {
    const { status } = await direct().request(PODS, { headers: { authorization: `Bearer ${token}` } });
    expect([401, 403]).toContain(status);
  });

  test('a service account is recognised by its token until it is deleted', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    await plane.create(accounts, { metadata: { name: 'scaler' } });
    const subject = { kind: 'ServiceAccount', name: 'scaler', namespace: 'default' };
    await grant('scaler', subject, 'external.metrics.k8s.io', 'queue_depth', 'list');
    const { text } = await plane.request(`${accounts}/scaler/token`, {
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    });
    const { token } = tokenShape.parse(JSON.parse(text)).status;
    const headers = { authorization: `Bearer ${token}` };
    const client = direct();
    await until('the token is good', async () => (await client.request(QUEUE, { headers })).status === 200);
    expect((await client.request(OTHER_QUEUE, { headers })).status).toBe(403);
    await plane.request(`${accounts}/scaler`, { method: 'DELETE' });
    await until('it is good no more', async () => (await client.request(QUEUE, { headers })).status === 401);
  });

  test('streams that are opened and reset by the hundred end the connection, and nothing else', async () => {
    const { certificate, key } = plane.frontProxyIdentity;
    const session = connectHttp2(`https://127.0.0.1:${adapter.port}`, {
      ...{ cert: certificate, key, ca: plane.caBundle, servername: serviceName(adapter.name) },
    });
    session.on('error', () => undefined);
    await once(session, 'connect');
    let isOpen = true;
    for (const event of ['goaway', 'close'] as const) session.on(event, () => (isOpen = false));
    for (let index = 0; index < 1000 && isOpen; index += 1) {
      const stream = session.request({ ':path': PODS, ...FORGED });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // The reason may be lost with the connection that it is sent on.
    await until('it is closed', () => Promise.resolve(adapter.log().includes('too many frames')));
    session.destroy();
    expect((await adapter.direct(PODS)).status).toBe(200);
  });
});

describe('through kube-apiserver', () => {
  test('headers of the client say nothing', async () => {
    expect((await as('nobody').request(PODS, { headers: FORGED })).status).toBe(403);
    const extra = { 'x-remote-extra-scopes': 'admin', 'x-remote-uid': '0' };
    expect((await as('nobody').request(QUEUE, { headers: extra })).status).toBe(403);
  });

  test('anonymous, and as somebody else', async () => {
    const anonymous = kept(new HttpsClient({ port: plane.apiServer.port, ca: plane.caBundle }));
    expect((await anonymous.request(PODS)).status).toBe(403);
    expect((await as('nobody').request(PODS, { headers: { 'impersonate-user': 'admin' } })).status).toBe(403);
  });

  test.each([
    ['pod-reader', PODS, OTHER_METRIC],
    [
      'pod-reader',
      `${CUSTOM}/namespaces/default/pods/web-1/http_requests`,
      `${CUSTOM}/namespaces/default/pods/web-1/secret_requests`,
    ],
    ['pod-reader', PODS, `${CUSTOM}/namespaces/kube-system/pods/*/http_requests`],
    ['pod-reader', PODS, `${CUSTOM}/namespaces/default/metrics/http_requests`],
    ['pod-reader', PODS, QUEUE],
    ['queue-reader', QUEUE, OTHER_QUEUE],
    ['queue-reader', QUEUE, '/apis/external.metrics.k8s.io/v1beta1/namespaces/kube-system/queue_depth'],
    ['queue-reader', QUEUE, PODS],
  ])('%s may read %s and not %s', async (user, mine, other) => {
    const client = as(user);
    expect((await client.request(mine)).status).toBe(200);
    expect((await client.request(other)).status).toBe(403);
    const through = (path: string) => adapter.direct(path, user, AUTHENTICATED);
    expect((await through(`/explain${mine}`)).status).toBe(200);
    expect((await through(`/explain${other}`)).status).toBe(403);
  });
});

describe('paths', () => {
  test.each([
    `${PODS}/../secret_requests`,
    `${CUSTOM}/namespaces/default/pods/*/http_requests/../../*/secret_requests`,
    `${CUSTOM}/namespaces/default/pods/*/http_requests%2f..%2fsecret_requests`,
    `${CUSTOM}/namespaces/default/pods/%2e%2e/secret_requests`,
    `${CUSTOM}/namespaces/default/pods/*/%73ecret_requests`,
    `${CUSTOM}/namespaces/default/pods%2f*%2fsecret_requests`,
    `${CUSTOM}/namespaces/kube-system%2f..%2fdefault/pods/*/http_requests`,
    `${CUSTOM}/namespaces/default/pods./*/secret_requests`,
    `${CUSTOM}/namespaces/default/PODS/*/secret_requests`,
    `${CUSTOM}/namespaces/default/pod/*/secret_requests`,
    `${CUSTOM}//namespaces/default/pods/*/secret_requests`,
    `/${OTHER_METRIC}`,
    `${OTHER_METRIC}/`,
    `${OTHER_METRIC}?/http_requests`,
    `${OTHER_METRIC};/http_requests`,
    `${OTHER_METRIC}%00`,
    `${OTHER_METRIC}%`,
    `/readyz/..${OTHER_METRIC}`,
    `/readyz/%2e%2e${OTHER_METRIC}`,
    `/healthz/../metrics`,
    `/healthz%2f..%2fmetrics`,
    `/livez/../explain${OTHER_METRIC}`,
    `/explain/../${OTHER_METRIC}`,
    `/metrics/`,
    `/metrics?/healthz`,
    `/METRICS`,
    `https://localhost${OTHER_METRIC}`,
    `https://localhost/metrics`,
    `*`,
    `/debug/pprof/`,
    `/explain`,
  ])('%s shows nothing to who may read another metric', async (target) => {
    const asked = faulty.asked.length;
    const status = await rawStatus(target, 'pod-reader');
    expect([400, 403, 404, 405]).toContain(status);
    expect(faulty.queriesSince(asked)).toEqual([]);
  });
});

describe('what Prometheus is asked', () => {
  const injected = encodeURIComponent('x"} or secret_depth or queue_depth{a="');
  test.each([
    `${CUSTOM}/namespaces/default/pods/${injected}/http_requests`,
    `${CUSTOM}/namespaces/default/pods/${encodeURIComponent('.*')}/http_requests`,
    `${CUSTOM}/namespaces/${injected}/pods/web-1/http_requests`,
    `${CUSTOM}/namespaces/default/pods/web-1/${injected}`,
    `${CUSTOM}/namespaces/default/pods/web-1/${encodeURIComponent('http_requests{}) or sum(secret_depth')}`,
    `${CUSTOM}/namespaces/default/pods/${encodeURIComponent('a\\')}/http_requests`,
    `${CUSTOM}/namespaces/default/pods/${encodeURIComponent('a\n"')}/http_requests`,
    `${PODS}?labelSelector=${encodeURIComponent('app="} or secret_depth')}`,
    `${PODS}?metricLabelSelector=${encodeURIComponent('a="} or secret_depth{b="')}`,
    `${PODS}?metricLabelSelector=${encodeURIComponent('a in (b,") or secret_depth or ("c)')}`,
    `${QUEUE}?labelSelector=${encodeURIComponent('queue=x" or secret_depth')}`,
    `${QUEUE}?labelSelector=${encodeURIComponent('a"} or secret_depth{b=c')}`,
    `${QUEUE}?labelSelector=${encodeURIComponent('namespace=kube-system')}`,
    `/apis/external.metrics.k8s.io/v1beta1/namespaces/${injected}/queue_depth`,
    `/apis/external.metrics.k8s.io/v1beta1/namespaces/default/${injected}`,
  ])('%s: nothing but the rule with texts in quotes', async (target) => {
    const asked = faulty.asked.length;
    const status = await rawStatus(target, 'admin', ['system:masters']);
    expect([200, 400, 404, 500]).toContain(status);
    for (const query of faulty.queriesSince(asked)) {
      const outside = query.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""');
      expect(outside).not.toContain('secret');
      // As the rule has it, or as several requests share it.
      expect(outside).toMatch(
        /^(sum|max)(\([a-z_]+\{[^{}]*\}\) by \([a-z, _]*\)| by \([a-z, _]*\) \([a-z_]+\{[^{}]*\}\))$/,
      );
    }
  });

  test.each(['.*', 'web-.', 'web-1|web-2', '[a-z].*'])('an object named %j is not web-1', async (name) => {
    const path = (object: string) =>
      `${CUSTOM}/namespaces/default/pods/${encodeURIComponent(object)}/http_requests`;
    // At once, so that one query may be asked for both.
    const [own, other] = await Promise.all([adapter.direct(path('web-1')), adapter.direct(path(name))]);
    expect([own.status, other.status]).toEqual([200, 404]);
  });

  test('a namespace of the selector does not replace that of the path', async () => {
    const asked = faulty.asked.length;
    await adapter.direct(`${QUEUE}?labelSelector=namespace%3Dkube-system`);
    for (const query of faulty.queriesSince(asked)) expect(query).toContain('namespace="default"');
  });

  test.each([
    ['(a+)+$', 'a'.repeat(63)],
    [`(${'a?'.repeat(30)}){10}${'a'.repeat(30)}`, 'a'],
    ['.*.*.*.*.*.*.*.*x', 'a'],
  ])('a selector that is a regular expression of %s is no work', async (bomb) => {
    const began = performance.now();
    for (const parameter of ['labelSelector', 'metricLabelSelector']) {
      const selector = encodeURIComponent(`app in (${bomb})`);
      expect([400, 500]).toContain((await adapter.direct(`${PODS}?${parameter}=${selector}`)).status);
    }
    // It would take years; the limit is for a machine that is busy.
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  test('thousands of values in a selector keep nobody waiting', async () => {
    const values = Array.from({ length: 8000 }, (_, index) => `v${index}`).join(',');
    const { status } = await adapter.direct(
      `${PODS}?labelSelector=${encodeURIComponent(`app in (${values})`)}`,
    );
    expect([200, 404, 414]).toContain(status);
    expect((await adapter.direct('/readyz')).status).toBe(200);
  });
});

async function grant(
  name: string,
  subject: Readonly<Record<string, string>>,
  group: string,
  resource: string,
  verb: string,
): Promise<void> {
  await plane.create(`${RBAC}/roles`, {
    metadata: { name },
    rules: [{ apiGroups: [group], resources: [resource], verbs: [verb] }],
  });
  const apiGroup = subject['kind'] === 'User' ? { apiGroup: 'rbac.authorization.k8s.io' } : {};
  await plane.create(`${RBAC}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ ...apiGroup, ...subject }],
  });
}

/** Requests of a user to kube-apiserver. */
function as(user: string): HttpsClient {
  return kept(plane.client(user));
}

/** Requests to the adapter, past kube-apiserver. */
function direct(identity?: Identity): HttpsClient {
  return kept(
    new HttpsClient({
      ...{ port: adapter.port, ca: plane.caBundle, serverName: serviceName(adapter.name) },
      ...(identity && { identity }),
    }),
  );
}

function kept(client: HttpsClient): HttpsClient {
  clients.push(client);
  return client;
}

/** The status of a request whose target is sent as it is, in the name of a user. */
async function rawStatus(
  target: string,
  user: string,
  groups: readonly string[] = AUTHENTICATED,
): Promise<number> {
  const { certificate, key } = plane.frontProxyIdentity;
  const socket = connectTls({
    ...{ host: '127.0.0.1', port: adapter.port, servername: serviceName(adapter.name) },
    ...{ ca: plane.caBundle, cert: certificate, key },
  });
  const headers = [`x-remote-user: ${user}`, ...groups.map((group) => `x-remote-group: ${group}`)];
  socket.write(`GET ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${headers.join('\r\n')}\r\n\r\n`);
  let received = '';
  socket.setTimeout(20_000, () => socket.destroy(new Error(`${target}: no answer`)));
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  // A server that does not read the rest of a bad request may reset the connection after its answer.
  const cause: unknown = await once(socket, 'close').catch((error: unknown) => error);
  const status = /^HTTP\/1\.1 (\d+)/.exec(received)?.[1];
  if (status === undefined) throw new Error(`${target}: no answer`, { cause });
  return Number(status);
}
