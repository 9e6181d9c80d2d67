import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { constants, connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { once } from 'node:events';
import { ask, identity, METRIC, pki, sendRaw, serve } from './serving';

let running: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  running = await serve({
    limits: { targetBytes: 2000, headerBytes: 16_000, bodyBytes: 1000, headersMs: 1000, handshakeMs: 1000 },
  });
});
afterAll(async () => {
  expect(await running.server.stop(0)).toBe(0);
  expect(running.server.openConnections).toBe(0);
});

const GET = `GET ${METRIC} HTTP/1.1\r\n`;
const POST = `POST ${METRIC} HTTP/1.1\r\nHost: a\r\n`;
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const statusesOf = (raw: string) =>
  [...raw.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

const statusOf = (stream: ClientHttp2Stream) =>
  new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));

describe('requests over HTTP/1.1 that no parser may guess at', () => {
  test.each<[string, string, number]>([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a TLS greeting inside TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['no host', `${GET}\r\n`, 400],
    ['two hosts', `${GET}Host: a\r\nHost: b\r\nConnection: close\r\n\r\n`, 400],
    [
      'two authorizations',
      `${GET}Host: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\nConnection: close\r\n\r\n`,
      400,
    ],
    ['length and chunks', `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunks and length', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`, 400],
    ['two lengths', `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, 400],
    ['a length with a sign', `${POST}Content-Length: +5\r\n\r\nhello`, 400],
    ['chunks that are not the last coding', `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`, 400],
    ['an unknown coding', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
    ['a chunk size that is none', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`, 400],
    ['a folded header', `${GET}Host: a\r\nX-A: b\r\n c\r\n\r\n`, 400],
    ['a space before the colon', `${GET}Host: a\r\nX-Remote-User : admin\r\n\r\n`, 400],
    ['a bare carriage return', `${GET}Host: a\r\nX-A: b\rX-Remote-User: admin\r\n\r\n`, 400],
    ['a zero byte in a header', `${GET}Host: a\r\nX-A: b\0c\r\n\r\n`, 400],
    ['a header without a name', `${GET}Host: a\r\n: b\r\n\r\n`, 400],
    ['an underscored length', `${GET}Host: a\r\nContent_Length: 5\r\nConnection: close\r\n\r\n`, 400],
    [
      'a target that is too long',
      `GET /${'a'.repeat(2000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      414,
    ],
    ['headers that are too large', `${GET}Host: a\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
    ['a body that is announced too large', `${POST}Content-Length: 1001\r\n\r\n`, 413],
    [
      'chunks that become too large',
      `${POST}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${'a'.repeat(1001)}\r\n0\r\n\r\n`,
      413,
    ],
    ['a head that does not end', `${GET}Host: a\r\n`, 408],
    ['a body that does not come', `${POST}Content-Length: 5\r\n\r\n`, 408],
    [
      'another request in the body',
      `${POST}Content-Length: ${SMUGGLED.length}\r\nConnection: close\r\n\r\n${SMUGGLED}`,
      200,
    ],
  ])('%s', async (name, bytes, status) => {
    const received = await sendRaw(running.port, bytes);
    expect(statusesOf(received)).toEqual([status]);
    // Node itself answers a request without a host.
    if (status !== 200 && name !== 'no host') expect(received).toContain('"kind":"Status"');
  });

  test.each([
    ['a small body', `${GET}Host: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello`],
    ['an upgrade', `${GET}Host: a\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n`],
    ['HTTP/1.0', `GET ${METRIC} HTTP/1.0\r\n\r\n`],
  ])('%s is no harm', async (_, bytes) => {
    expect(statusesOf(await sendRaw(running.port, bytes))).toEqual([200]);
  });
});

describe('connections that are none', () => {
  test.each([
    ['plain HTTP', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['noise', '\x00\x01\x02\x03'.repeat(200)],
    ['nothing at all', ''],
    ['half a greeting', '\x16\x03\x01\x02\x00\x01'],
  ])('%s is closed', async (_, bytes) => {
    const socket = connectPlain(running.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close');
    expect((await ask(running.port)).status).toBe(200);
  });

  test('TLS 1.1 is not spoken', async () => {
    const socket = connectTls({
      ...{ host: '127.0.0.1', port: running.port, rejectUnauthorized: false },
      ...{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    });
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toMatch(/alert|protocol|version/i);
  });

  test('TLS 1.2 cannot be renegotiated, so that the certificate stays', async () => {
    const socket = connectTls({
      ...{ host: '127.0.0.1', port: running.port, maxVersion: 'TLSv1.2' as const },
      ...identity([pki.alice]),
    });
    await once(socket, 'secureConnect');
    const outcome = new Promise((resolve) => {
      socket.renegotiate({}, (error: Error | null) => resolve(error ? error.message : 'renegotiated'));
      socket.once('error', (error: Error) => resolve(error.message));
      socket.once('close', () => resolve('closed'));
    });
    expect(await outcome).not.toBe('renegotiated');
    socket.destroy();
  });

  test('a session is not taken up again: its intermediates would be lost', async () => {
    let session: Buffer | undefined;
    const reused: boolean[] = [];
    for (let round = 0; round < 2; round += 1) {
      const socket = connectTls({
        ...{ host: '127.0.0.1', port: running.port, ...(session ? { session } : {}) },
        ...identity([pki.alice]),
      });
      socket.on('session', (ticket) => (session = ticket));
      socket.once('secureConnect', () => reused.push(socket.isSessionReused()));
      socket.write(`${GET}Host: a\r\nConnection: close\r\n\r\n`);
      socket.resume();
      await once(socket, 'close');
    }
    expect(reused).toEqual([false, false]);
    expect(session).toBeDefined();
  });

  test('too many from one address', async () => {
    const own = await serve({ limits: { connectionsPerAddress: 2 } });
    const open = [1, 2].map(() =>
      connectTls({ host: '127.0.0.1', port: own.port, rejectUnauthorized: false }),
    );
    await Promise.all(open.map((socket) => once(socket, 'secureConnect')));
    await expect(ask(own.port)).rejects.toThrow(/hang up|reset|disconnected/);
    open.forEach((socket) => socket.destroy());
    await own.server.stop(0);
  });
});

describe('handshakes that do not end', () => {
  const silent = async (port: number) => {
    const socket = connectPlain(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    return socket;
  };

  test('count among the connections of their address', async () => {
    const own = await serve({ limits: { connectionsPerAddress: 2 } });
    const open = [await silent(own.port), await silent(own.port)];
    await expect(ask(own.port)).rejects.toThrow(/hang up|reset|disconnected/);
    const closed = open.map((socket) => once(socket, 'close'));
    open.forEach((socket) => socket.end());
    await Promise.all(closed);
    expect((await ask(own.port)).status).toBe(200);
    await own.server.stop(0);
  });

  test('do not hold up the end', async () => {
    const own = await serve({ limits: { handshakeMs: 3_600_000 } });
    const socket = await silent(own.port);
    expect((await ask(own.port)).status).toBe(200);
    expect(own.server.openConnections).toBeGreaterThan(0);
    const closed = once(socket, 'close');
    expect(await own.server.stop(0)).toBe(0);
    await closed;
    expect(own.server.openConnections).toBe(0);
  });
});

describe('HTTP/2', () => {
  let session: ClientHttp2Session;
  const open = (port: number) => {
    session = connect(`https://127.0.0.1:${port}`, identity([pki.alice]));
    session.on('error', () => undefined);
    return session;
  };
  afterEach(() => session.destroy());

  test('streams that are opened and reset by the hundred close the connection', async () => {
    let waiting = 0;
    const own = await serve({
      limits: { http2: { streams: 100, windowMs: 60_000, resets: 20, pings: 400, settings: 50 } },
      handler: ({ signal }) =>
        new Promise((resolve) => {
          waiting += 1;
          signal.addEventListener('abort', () => {
            waiting -= 1;
            resolve({ status: 200, type: 'text/plain', body: '' });
          });
        }),
    });
    open(own.port);
    await once(session, 'connect');
    const goaway = once(session, 'goaway');
    for (let index = 0; index < 100 && !session.destroyed; index += 1) {
      const stream = session.request({ ':path': METRIC });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      // Back and forth: the server has heard of it.
      await new Promise((resolve) => session.ping(resolve));
    }
    expect((await goaway)[0]).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    await own.server.stop(1000);
    expect([waiting, own.server.inFlight, own.server.openConnections]).toEqual([0, 0, 0]);
  });

  test.each<[string, (session: ClientHttp2Session) => void]>([
    ['pings', (each) => void each.ping(() => undefined)],
    ['settings', (each) => each.settings({ initialWindowSize: 65_535 + Math.floor(Math.random() * 1000) })],
  ])('a flood of %s closes the connection', async (_, send) => {
    const own = await serve({
      limits: { http2: { streams: 100, windowMs: 60_000, resets: 5, pings: 5, settings: 5 } },
    });
    open(own.port);
    await once(session, 'connect');
    const goaway = once(session, 'goaway');
    for (let index = 0; index < 9; index += 1) send(session);
    expect((await goaway)[0]).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    await own.server.stop(0);
  });

  test.each([
    ['a target that is too long', { ':path': `/${'a'.repeat(2000)}` }, undefined, 414],
    ['headers that are too large', { ':path': METRIC, 'x-a': 'a'.repeat(17_000) }, undefined, 431],
    ['an underscored user', { ':path': METRIC, x_remote_user: 'admin' }, undefined, 400],
    ['a body that is too large', { ':path': METRIC, ':method': 'POST' }, 'a'.repeat(1001), 413],
    ['a small body', { ':path': METRIC, ':method': 'POST' }, 'a'.repeat(999), 200],
  ])('%s', async (_, headers, body, status) => {
    open(running.port);
    const stream = session.request(headers, { endStream: body === undefined });
    stream.on('error', () => undefined);
    if (body !== undefined) stream.end(body);
    expect(await statusOf(stream)).toBe(status);
  });

  test('a body that does not come', async () => {
    open(running.port);
    const stream = session.request({ ':path': METRIC, ':method': 'POST' });
    stream.on('error', () => undefined);
    const status = await statusOf(stream);
    expect(status).toBe(408);
  });

  test('strangers do not get to keep the connection', async () => {
    session = connect(`https://127.0.0.1:${running.port}`, identity([]));
    const stream = session.request({ ':path': '/readyz' });
    const status = await statusOf(stream);
    stream.resume();
    expect(status).toBe(200);
    await once(session, 'close');
  });

  // Node corrupts its memory where a connection is closed while requests on it are given up.
  test.each(['is answered', 'is given up'])(
    'the connection of a stranger ends when what it asked %s',
    async (how) => {
      let answer = (): void => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      const own = await serve({
        async handler({ target }) {
          if (target === '/livez') await held;
          return { status: 200, type: 'text/plain', body: 'ok' };
        },
      });
      session = connect(`https://127.0.0.1:${own.port}`, identity([]));
      const closed = once(session, 'close');
      const slow = session.request({ ':path': '/livez' });
      slow.on('error', () => undefined).resume();
      const quick = session.request({ ':path': '/readyz' });
      quick.resume();
      await Promise.all([once(session, 'goaway'), once(quick, 'end')]);
      if (how === 'is answered') {
        answer();
        expect(await statusOf(slow)).toBe(200);
      } else {
        slow.close(constants.NGHTTP2_CANCEL);
      }
      await closed;
      expect(await own.server.stop(60_000)).toBe(0);
      answer();
    },
  );

  test('is not spoken if it is off', async () => {
    const own = await serve({ http2: 'off' });
    const socket = connectTls({
      ...{ host: '127.0.0.1', port: own.port, ALPNProtocols: ['h2', 'http/1.1'] },
      ...identity([pki.alice]),
    });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
    await own.server.stop(0);
  });
});
