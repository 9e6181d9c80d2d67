import { Agent } from 'node:https';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type ApiReply } from '../../../../apps/adapter/server';
import { issue } from '../auth/certificates';
import { ask, identity, METRIC, pair, pki, serve } from './serving';

const OK: ApiReply = { status: 200, type: 'text/plain', body: 'ok' };

/** A handler whose answers wait until they are let go. */
function gate() {
  const waiting: (() => void)[] = [];
  let arrived = () => undefined as void;
  return {
    handler: () =>
      new Promise<ApiReply>((resolve) => {
        waiting.push(() => resolve(OK));
        arrived();
      }),
    open: () => waiting.splice(0).forEach((go) => go()),
    /** Resolves once so many requests wait. */
    holds: (count: number) =>
      new Promise<void>((resolve) => {
        arrived = () => (waiting.length >= count ? resolve() : undefined);
        arrived();
      }),
  };
}

describe('authorization', () => {
  test('asks for exactly the attributes, once for equal ones', async () => {
    const own = await serve();
    await ask(own.port, { as: [pki.alice] });
    await ask(own.port, { as: [pki.alice] });
    expect(own.cluster.posts).toEqual([
      {
        path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        spec: {
          user: 'alice',
          uid: '',
          groups: ['team-a', 'team-b', 'system:authenticated'],
          extra: { 'authentication.kubernetes.io/credential-id': [expect.any(String)] },
          resourceAttributes: {
            verb: 'get',
            group: 'custom.metrics.k8s.io',
            version: 'v1beta1',
            resource: 'pods',
            subresource: 'http_requests',
            namespace: 'shop',
            name: '*',
          },
        },
      },
    ]);
    await own.server.stop(0);
  });

  test('per metric; who may not is told as an API server tells it', async () => {
    const own = await serve();
    own.cluster.allow = (spec) => JSON.stringify(spec).includes('http_requests"') && spec['user'] === 'alice';
    expect((await ask(own.port, { as: [pki.alice] })).status).toBe(200);
    const refused = await ask(own.port, {
      as: [pki.alice],
      path: METRIC.replace('http_requests', 'secrets'),
    });
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      403,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message:
          'pods.custom.metrics.k8s.io "*" is forbidden: User "alice" cannot get resource "pods/secrets" in API group "custom.metrics.k8s.io" in the namespace "shop"',
        reason: 'Forbidden',
        details: { name: '*', group: 'custom.metrics.k8s.io', kind: 'pods' },
        code: 403,
      },
    ]);
    const metrics = await ask(own.port, { path: '/metrics' });
    expect(JSON.parse(metrics.body)).toMatchObject({
      code: 403,
      message: 'forbidden: User "system:anonymous" cannot get path "/metrics"',
      details: {},
    });
    await own.server.stop(0);
  });

  test('nothing but the health paths is open', async () => {
    const own = await serve();
    own.cluster.allow = () => false;
    const status = async (path: string) => (await ask(own.port, { path })).status;
    const open = ['/healthz', '/livez', '/readyz', '/readyz?verbose'];
    const closed = [
      '/',
      '/apis',
      '/version',
      '/metrics',
      '/readyz/ping',
      '/healthz/',
      '//healthz',
      '/healthzz',
      '*',
    ];
    expect(await Promise.all(open.map(status))).toEqual(open.map(() => 200));
    expect(await Promise.all(closed.map(status))).toEqual(closed.map(() => 403));
    expect(own.users.length).toBe(open.length);
    await own.server.stop(0);
  });

  test('system:masters from the front proxy is not asked for', async () => {
    const own = await serve();
    own.cluster.allow = () => false;
    const headers = { 'X-Remote-User': 'system:kube-aggregator', 'X-Remote-Group': 'system:masters' };
    expect((await ask(own.port, { as: [pki.proxy], headers })).status).toBe(200);
    expect(own.cluster.posts).toEqual([]);
    await own.server.stop(0);
  });

  test('an API server that does not answer: 500 after five attempts, and not remembered', async () => {
    const own = await serve();
    own.cluster.allow = () => new Error('connection refused');
    const refused = await ask(own.port, { as: [pki.alice] });
    expect(refused.status).toBe(500);
    expect(refused.body).not.toContain('connection refused');
    expect(own.cluster.posts).toHaveLength(5);
    own.cluster.allow = () => true;
    expect((await ask(own.port, { as: [pki.alice] })).status).toBe(200);
    await own.server.stop(0);
  });

  test('strangers that fail too often are not listened to; others are', async () => {
    const own = await serve({ failures: 3 });
    own.cluster.allow = (spec) => spec['user'] === 'alice';
    const statuses: number[] = [];
    for (const token of ['a', 'b', 'c', 'd', 'e', 'f']) {
      statuses.push((await ask(own.port, { headers: { authorization: `Bearer ${token}` } })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
    const anonymous = await ask(own.port);
    expect([anonymous.status, anonymous.headers['retry-after']]).toEqual([429, '13']);
    expect((await ask(own.port, { as: [pki.alice] })).status).toBe(200);
    expect((await ask(own.port, { as: [pki.proxy], headers: { 'X-Remote-User': 'alice' } })).status).toBe(
      200,
    );
    expect((await ask(own.port, { path: '/livez' })).status).toBe(200);
    await own.server.stop(0);
  });
});

describe('what the handler gets and gives', () => {
  test('no header that says who asks, and answers with theirs', async () => {
    const seen: (string | undefined)[] = [];
    const own = await serve({
      handler: ({ headers }) => {
        seen.push(headers.get('x-remote-user'), headers.get('authorization'), headers.get('accept'));
        return { ...OK, headers: { etag: '"1"' } };
      },
    });
    const headers = { 'X-Remote-User': 'eve', authorization: 'Bearer x', accept: ['a/b', 'c/d'] };
    const reply = await ask(own.port, { as: [pki.proxy], headers });
    expect(seen).toEqual([undefined, undefined, 'a/b, c/d']);
    expect(reply.headers).toMatchObject({
      ...{ etag: '"1"', 'content-type': 'text/plain', 'content-length': '2' },
      ...{ 'cache-control': 'no-cache, private', 'x-content-type-options': 'nosniff' },
    });
    expect((await ask(own.port, { as: [pki.alice], method: 'HEAD' })).body).toBe('');
    await own.server.stop(0);
  });

  test('an error of the handler is a 500 that does not say it', async () => {
    const own = await serve({ handler: () => Promise.reject(new Error('secret')) });
    const reply = await ask(own.port);
    expect([reply.status, reply.body.includes('secret')]).toEqual([500, false]);
    await own.server.stop(0);
  });

  test('a signal that ends with the time, or with the client', async () => {
    const reasons: string[] = [];
    const own = await serve({
      limits: { requestMs: 50 },
      handler: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            reasons.push(String(signal.reason));
            resolve(OK);
          });
        }),
    });
    const late = await ask(own.port);
    expect([late.status, JSON.parse(late.body)]).toEqual([
      504,
      expect.objectContaining({ reason: 'Timeout' }),
    ]);
    expect(reasons).toEqual(['Error: no answer within 50 ms']);
    await own.server.stop(0);
  });

  test('of several on one connection, each is given up when the client leaves', async () => {
    const reasons: string[] = [];
    let leave = (): void => undefined;
    const own = await serve({
      handler: ({ signal, target }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            reasons.push(`${target} ${String(signal.reason)}`);
            resolve(OK);
          });
          if (target === '/readyz') leave();
        }),
    });
    const socket = connectTls({ host: '127.0.0.1', port: own.port, rejectUnauthorized: false });
    leave = () => void socket.destroy();
    for (const path of ['/livez', '/readyz']) socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'close');
    // Not before both are given up.
    expect(await own.server.stop(60_000)).toBe(0);
    expect(reasons.sort()).toEqual([
      '/livez Error: the client went away',
      '/readyz Error: the client went away',
    ]);
  });

  test('more requests than are worked on at a time: 429, except for system:masters', async () => {
    const { handler, open, holds } = gate();
    const own = await serve({ limits: { inFlight: 2 }, handler });
    const first = [ask(own.port, { as: [pki.alice] }), ask(own.port, { as: [pki.alice] })];
    await holds(2);
    const third = await ask(own.port, { as: [pki.alice] });
    expect([third.status, third.headers['retry-after']]).toEqual([429, '1']);
    const master = { 'X-Remote-User': 'a', 'X-Remote-Group': 'system:masters' };
    const privileged = ask(own.port, { as: [pki.proxy], headers: master });
    await holds(3);
    open();
    expect((await Promise.all([...first, privileged])).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(own.server.inFlight).toBe(0);
    await own.server.stop(0);
  });
});

describe('the end', () => {
  test('requests in flight are answered, idle connections closed, no new ones taken', async () => {
    const { handler, open, holds } = gate();
    const own = await serve({ handler });
    const agent = new Agent({ keepAlive: true });
    const session = connect(`https://127.0.0.1:${own.port}`, identity([pki.alice]));
    const stream = session.request({ ':path': METRIC });
    const response = once(stream, 'response');
    stream.resume();
    const idle = connectTls({ host: '127.0.0.1', port: own.port, ...identity([pki.alice]) });
    await once(idle, 'secureConnect');
    const http1 = ask(own.port, { as: [pki.alice], agent });
    await holds(2);
    const goaway = once(session, 'goaway');
    const stopped = own.server.stop(5000);
    await goaway;
    await expect(ask(own.port)).rejects.toThrow();
    open();
    expect((await response)[0]).toHaveProperty(':status', 200);
    expect((await http1).headers).toHaveProperty('connection', 'close');
    expect(await stopped).toBe(0);
    expect(own.server.openConnections).toBe(0);
    agent.destroy();
  });

  test('a request on its way when the end begins is answered, on a new connection and on a kept one', async () => {
    const own = await serve();
    const text = `GET ${METRIC} HTTP/1.1\r\nhost: a\r\n\r\n`;
    const open = async () => {
      const socket = connectTls({ host: '127.0.0.1', port: own.port, ...identity([pki.alice]) });
      await once(socket, 'secureConnect');
      return socket;
    };
    const kept = await open();
    kept.write(text);
    await once(kept, 'data');
    own.server.dismiss();
    const [first, keptReply] = [await open(), receivedBy(kept)];
    kept.write(text);
    expect(await keptReply).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n/i);
    const stopped = own.server.stop(5000);
    const firstReply = receivedBy(first);
    first.write(text);
    expect(await firstReply).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n/i);
    expect(await stopped).toBe(0);
  });

  test('who never shakes hands does not hold it up, and is not let in later', async () => {
    const own = await serve();
    const silent = connectTcp(own.port, '127.0.0.1');
    await once(silent, 'connect');
    // The server has accepted it too once it has answered somebody who came after it.
    expect((await ask(own.port, { as: [pki.alice] })).status).toBe(200);
    const closed = once(silent, 'close');
    expect(await own.server.stop(5000)).toBe(0);
    await closed;
  });

  test('what is not answered in time is cut off and counted', async () => {
    const { handler, holds } = gate();
    const own = await serve({ handler });
    const cut = ask(own.port, { as: [pki.alice] });
    const outcome = expect(cut).rejects.toThrow();
    await holds(1);
    expect(await own.server.stop(0)).toBe(1);
    await outcome;
  });
});

describe('certificates of the server', () => {
  const seenAs = async (port: number, servername?: string) => {
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      ...(servername ? { servername } : {}),
    });
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return subject.CN;
  };

  test('new ones for new connections, by name, and never a broken one', async () => {
    const own = await serve();
    const next = issue({ name: 'next', by: pki.servingCa, dnsNames: ['adapter.monitoring.svc'] });
    const other = issue({ name: 'other', by: pki.servingCa, dnsNames: ['a.example.com'] });
    expect(await seenAs(own.port)).toBe('adapter');
    own.server.setMaterial({
      certificate: pair(next),
      named: [
        { ...pair(other), names: [] },
        { ...pair(other), names: ['*.example.org'] },
      ],
    });
    const mixed = { certificate: next.certificate, key: other.key };
    expect(() => own.server.setMaterial({ ...own.material(), certificate: mixed })).toThrow(/key/);
    expect(await seenAs(own.port)).toBe('next');
    expect(await seenAs(own.port, 'a.example.com')).toBe('other');
    expect(await seenAs(own.port, 'b.example.org')).toBe('other');
    expect(await seenAs(own.port, 'b.c.example.org')).toBe('next');
    await own.server.stop(0);
  });
});

/** All that a server sends until it closes the connection. */
async function receivedBy(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  await once(socket, 'close');
  return received;
}
