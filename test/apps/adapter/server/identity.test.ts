import { connect } from 'node:http2';
import { z } from 'zod';
import { CLIENT_AUTH, issue, SERVER_AUTH, USER_ID, type Issued } from '../auth/certificates';
import { ask, configMap, identity, METRIC, pki, serve, type TestReply } from './serving';

let running: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  running = await serve();
  running.cluster.tokens = { good: { username: 'robot', groups: ['robots'] } };
});
afterAll(async () => {
  await running.server.stop(0);
});

const shown = z.object({
  user: z.object({ name: z.string(), uid: z.string(), groups: z.array(z.string()), extra: z.unknown() }),
});
const userOf = ({ body }: TestReply) => shown.parse(JSON.parse(body)).user;
const usages = [CLIENT_AUTH];
const DAY_MS = 86_400_000;
const client = (more: Partial<Parameters<typeof issue>[0]> = {}) =>
  issue({ name: 'front-proxy-client', by: pki.proxyCa, usages, ...more });

describe('who is recognised', () => {
  test('by the front proxy: user, uid, groups, extra', async () => {
    const reply = await ask(running.port, {
      as: [pki.proxy],
      headers: {
        'X-Remote-User': 'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
        'X-Remote-Uid': '42',
        'X-Remote-Group': ['one, with comma', 'two'],
        'X-Remote-Extra-Acme.com%2FProject': ['a', 'b'],
        'X-Remote-Extra-Bad%Zz': 'kept',
        'X-Remote-Extra-pod_name': 'hpa-1',
      },
    });
    expect(userOf(reply)).toEqual({
      name: 'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
      uid: '42',
      groups: ['one, with comma', 'two', 'system:authenticated'],
      extra: { 'acme.com/project': ['a', 'b'], 'bad%zz': ['kept'], pod_name: ['hpa-1'] },
    });
  });

  test('by the front proxy over HTTP/2, with a name in UTF-8', async () => {
    const session = connect(`https://127.0.0.1:${running.port}`, identity([pki.proxy]));
    const name = Buffer.from('jürgen').toString('latin1');
    const stream = session.request({
      ':path': METRIC,
      'x-remote-user': name,
      'x-remote-group': ['a, b', 'c'],
    });
    let body = '';
    for await (const chunk of stream) body += String(chunk);
    session.close();
    expect(userOf({ status: 200, headers: {}, body })).toMatchObject({
      name: 'jürgen',
      groups: ['a, b', 'c', 'system:authenticated'],
    });
  });

  test('by its own certificate', async () => {
    const withId = client({
      name: 'bob',
      by: pki.clientCa,
      organizations: ['o1', 'o2'],
      attributes: [[USER_ID, 'id-7']],
    });
    expect(userOf(await ask(running.port, { as: [withId] }))).toMatchObject({
      name: 'bob',
      uid: 'id-7',
      groups: ['o1', 'o2', 'system:authenticated'],
      extra: {
        'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)],
      },
    });
  });

  test('by its token, which is asked for once', async () => {
    const before = running.cluster.posts.length;
    const headers = { authorization: 'Bearer good' };
    const replies = await Promise.all([1, 2, 3].map(() => ask(running.port, { headers })));
    replies.push(await ask(running.port, { headers }));
    for (const reply of replies) {
      expect(userOf(reply)).toMatchObject({ name: 'robot', groups: ['robots', 'system:authenticated'] });
    }
    const reviews = running.cluster.posts.slice(before).filter(({ path }) => path.endsWith('tokenreviews'));
    expect(reviews).toHaveLength(1);
  });

  test('by a token, although its certificate is worth nothing', async () => {
    const stray = issue({ name: 'stray', usages });
    const reply = await ask(running.port, { as: [stray], headers: { authorization: 'Bearer good' } });
    expect(userOf(reply).name).toBe('robot');
  });

  test('nobody: anonymous', async () => {
    expect(userOf(await ask(running.port))).toMatchObject({
      name: 'system:anonymous',
      groups: ['system:unauthenticated'],
    });
  });

  test('over intermediates of the front proxy', async () => {
    const between = issue({ name: 'between', by: pki.proxyCa, authority: true });
    const reply = await ask(running.port, {
      as: [client({ by: between }), between],
      headers: { 'X-Remote-User': 'eve' },
    });
    expect(userOf(reply).name).toBe('eve');
  });
});

describe('headers of the front proxy from somebody else', () => {
  const forged = {
    'X-Remote-User': 'admin',
    'X-Remote-Group': 'system:masters',
    'X-Remote-Extra-Scopes': 'all',
  };
  const attempts: Readonly<Record<string, readonly [readonly Issued[], number, string?]>> = {
    'no certificate': [[], 200, 'system:anonymous'],
    'certificate of a user': [[pki.alice], 200, 'alice'],
    'certificate of an unknown authority': [[issue({ name: 'front-proxy-client', usages })], 401],
    'certificate of the client authority with the name of the proxy': [
      [client({ by: pki.clientCa })],
      200,
      'front-proxy-client',
    ],
    'another name of the proxy authority': [[client({ name: 'mallory' })], 401],
    'expired certificate of the proxy': [[client({ notAfter: new Date(Date.now() - 1000) })], 401],
    'certificate of the proxy that is not valid yet': [
      [client({ notBefore: new Date(Date.now() + DAY_MS / 2) })],
      401,
    ],
    'certificate of the proxy for servers': [[client({ usages: [SERVER_AUTH] })], 401],
    'serving certificate of the proxy authority': [[client({ usages: [SERVER_AUTH], dnsNames: ['x'] })], 401],
    'certificate signed by the certificate of the proxy': [[client({ by: pki.proxy }), pki.proxy], 401],
    'certificate over an intermediate that is missing': [
      [client({ by: issue({ name: 'between', by: pki.proxyCa, authority: true }) })],
      401,
    ],
    'two names, the allowed one first': [[client({ attributes: [['2.5.4.3', 'mallory']] })], 401],
    'name with a line end': [[client({ name: 'mallory\nCN=front-proxy-client' })], 401],
    'name with a zero byte': [[client({ name: 'front-proxy-client\0.evil' })], 401],
  };

  test.each(Object.entries(attempts))('%s', async (_, [as, status, name]) => {
    const reply = await ask(running.port, { as, headers: forged });
    expect(reply.status).toBe(status);
    if (status === 401) {
      expect(JSON.parse(reply.body)).toMatchObject({
        kind: 'Status',
        reason: 'Unauthorized',
        message: 'Unauthorized',
        code: 401,
      });
    } else {
      const user = userOf(reply);
      expect(user.name).toBe(name);
      expect(user.groups).not.toContain('system:masters');
      expect(user.extra).not.toHaveProperty('scopes');
    }
  });

  test('a bad token is refused, and says no more than that', async () => {
    const reply = await ask(running.port, { headers: { ...forged, authorization: 'Bearer bad' } });
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      401,
      expect.objectContaining({ message: 'Unauthorized' }),
    ]);
  });

  test('the front proxy with two users is refused', async () => {
    const reply = await ask(running.port, {
      as: [pki.proxy],
      headers: { 'X-Remote-User': ['eve', 'admin'] },
    });
    expect(reply.status).toBe(401);
  });

  test.each([
    'X_Remote_User',
    'X-Remote_User',
    'X_REMOTE_GROUP',
    'X-Remote-Extra_Scopes',
    'X_Remote_Extra_Scopes',
  ])('%s is refused from everybody', async (name) => {
    const reply = await ask(running.port, {
      as: [pki.proxy],
      headers: { 'X-Remote-User': 'eve', [name]: 'admin' },
    });
    expect(reply.status).toBe(400);
  });
});

describe('authorities that change while connections are open', () => {
  test('a connection loses what its certificate was worth, and gets it back', async () => {
    const own = await serve();
    const session = connect(`https://127.0.0.1:${own.port}`, identity([pki.proxy]));
    const status = () =>
      new Promise<number>((resolve) => {
        const stream = session.request({ ':path': METRIC, 'x-remote-user': 'eve' });
        stream.once('response', (headers) => resolve(Number(headers[':status'])));
        stream.resume();
      });
    expect(await status()).toBe(200);
    expect(own.trust.setConfigMap(configMap({ 'requestheader-client-ca-file': 'garbage' }))).toBe(false);
    expect(own.trust.setConfigMap(configMap({ 'requestheader-allowed-names': '"front"' }))).toBe(false);
    expect(own.problems).toEqual([
      expect.stringContaining('request header CA'),
      expect.stringContaining('allowed-names'),
    ]);
    expect(await status()).toBe(200);
    const both = `${issue({ name: 'new', authority: true }).certificate}${pki.proxyCa.certificate}`;
    own.trust.setConfigMap(configMap({ 'requestheader-client-ca-file': both }));
    expect(await status()).toBe(200);
    const other = issue({ name: 'front-proxy-ca', authority: true });
    own.trust.setConfigMap(configMap({ 'requestheader-client-ca-file': other.certificate }));
    expect(await status()).toBe(401);
    session.destroy();
    await own.server.stop(0);
  });

  test('nobody is the front proxy where none is published', async () => {
    const own = await serve();
    own.trust.setConfigMap({});
    expect((await ask(own.port, { as: [pki.proxy], headers: { 'X-Remote-User': 'eve' } })).status).toBe(200);
    expect(own.users.map(({ name }) => name)).toEqual(['system:anonymous']);
    await own.server.stop(0);
  });
});
