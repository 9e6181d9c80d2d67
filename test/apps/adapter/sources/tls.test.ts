import { rename, writeFile } from 'node:fs/promises';
import { Server, TLSSocket } from 'node:tls';
import { Authority } from './certificates';
import { Bench, containing, eachVerified, matching, patient, vector } from './support';

describe('TLS to a source', () => {
  let bench: Bench;
  let authority: Authority;

  beforeAll(() => {
    authority = new Authority('first');
  });
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.end());

  test('the authority of a file vouches for the source; none else does, whatever the environment says', async () => {
    const server = await bench.server(authority.issue('prometheus'));
    const caFile = await bench.file('ca.crt', `# comment\n${authority.pem}`);
    expect(await bench.source({ url: server.url, tls: { caFile } }).query('x', 0, patient)).toMatchObject({
      type: 'vector',
    });
    const other = await bench.file('other.crt', new Authority('other').pem);
    // In a test the environment of Node itself cannot be changed.
    await eachVerified(async () => {
      for (const tls of [{ caFile: other }, {}]) {
        expect(await bench.source({ url: server.url, tls }).query('x', 0, patient)).toMatchObject({
          unavailable: true,
          error: matching(/no answer: .*(unable to verify|self.signed certificate)/),
        });
      }
    });
    expect(server.asked).toHaveLength(1);
  });

  test('the name of the certificate counts, or serverName instead', async () => {
    const server = await bench.server(authority.issue('prometheus', 'prometheus.monitoring.svc'));
    const caFile = await bench.file('ca.crt', authority.pem);
    const ask = (tls: object) =>
      bench.source({ url: server.url, tls: { caFile, ...tls } }).query('x', 0, patient);
    expect(await ask({})).toMatchObject({
      error: containing("does not match certificate's altnames"),
    });
    expect(await ask({ serverName: 'prometheus.monitoring.svc' })).toMatchObject({ type: 'vector' });
  });

  test('a new authority is used as soon as the source shows a certificate of it', async () => {
    const server = await bench.server(authority.issue('prometheus'));
    const caFile = await bench.file('ca.crt', authority.pem);
    const source = bench.source({ url: server.url, tls: { caFile } });
    await source.query('x', 0, patient);
    const next = new Authority('next');
    secure(server.server).setSecureContext(next.issue('prometheus'));
    for (const socket of server.sockets) socket.destroy();
    await bench.file('ca.crt', next.pem);
    expect(await source.query('x', 0, patient)).toMatchObject({ type: 'vector' });
  });

  test('a garbled file changes nothing; one with garbage from the start is said', async () => {
    const server = await bench.server(authority.issue('prometheus'));
    const caFile = await bench.file('ca.crt', authority.pem);
    const source = bench.source({ url: server.url, tls: { caFile } });
    await source.query('x', 0, patient);
    await bench.file('ca.crt', authority.pem.slice(0, 200));
    bench.clock.advance(1_000);
    expect(await source.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    expect(server.connections).toBe(1);
    expect(bench.logged('error')).toEqual([
      'TLS of source main cannot be read: certificate authorities: no certificate in PEM; what was good before stays in use',
    ]);
    expect(await bench.source({ url: server.url, tls: { caFile } }).query('x', 0, patient)).toEqual({
      unavailable: true,
      error: 'source main: TLS of source main: certificate authorities: no certificate in PEM',
    });
  });

  test('a client certificate, and its successor once certificate and key fit', async () => {
    const server = await bench.server({
      ...authority.issue('prometheus'),
      ca: authority.pem,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const names: string[] = [];
    server.answer = (asked, response, message) => {
      const { socket } = message;
      if (socket instanceof TLSSocket) names.push(socket.getPeerX509Certificate()?.subject ?? '');
      vector([])(asked, response, message);
    };
    const first = authority.issue('adapter-1');
    const tls = {
      caFile: await bench.file('ca.crt', authority.pem),
      certFile: await bench.file('tls.crt', first.cert),
      keyFile: await bench.file('tls.key', first.key),
    };
    const source = bench.source({ url: server.url, tls });
    await source.query('x', 0, patient);
    const second = authority.issue('adapter-2');
    await writeFile(`${tls.certFile}.new`, second.cert);
    await rename(`${tls.certFile}.new`, tls.certFile);
    bench.clock.advance(1_000);
    await source.query('x', 0, patient);
    await bench.file('tls.key', second.key);
    bench.clock.advance(1_000);
    await source.query('x', 0, patient);
    expect(names).toEqual(['CN=adapter-1', 'CN=adapter-1', 'CN=adapter-2']);
    expect(bench.logged('error')).toEqual([containing('key values mismatch')]);
    // The connection of the old certificate is not kept.
    while (server.sockets.size > 1) await new Promise((resolve) => setImmediate(resolve));
    expect(server.connections).toBe(2);
    await source.close();
    while (server.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test('a source that wants a certificate and gets none', async () => {
    const server = await bench.server({
      ...authority.issue('prometheus'),
      ca: authority.pem,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const caFile = await bench.file('ca.crt', authority.pem);
    expect(await bench.source({ url: server.url, tls: { caFile } }).query('x', 0, patient)).toMatchObject({
      unavailable: true,
      error: containing('certificate required'),
    });
  });

  test('authority and certificate of a kubeconfig', async () => {
    const server = await bench.server({
      ...authority.issue('prometheus', 'prom.svc'),
      ca: authority.pem,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const certificate = authority.issue('user');
    const access = {
      credentials: () => Promise.resolve({ ca: authority.pem, certificate, serverName: 'prom.svc' }),
    };
    const source = bench.source({ url: server.url, kubeconfig: '/kubeconfig' }, { kubeconfig: () => access });
    await source.query('x', 0, patient);
    expect(await source.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    expect(server.connections).toBe(1);
  });

  test('files that are slow to read hold no query for longer than it may take', async () => {
    const server = await bench.server();
    let read = (): void => undefined;
    const reading = new Promise<void>((resolve) => (read = resolve));
    const access = {
      credentials() {
        read();
        return new Promise<never>(() => undefined);
      },
    };
    const source = bench.source(
      {
        url: server.url.replace('http:', 'https:'),
        kubeconfig: '/kubeconfig',
        basic: { username: 'me', passwordFile: await bench.file('password', 'secret') },
      },
      { kubeconfig: () => access },
    );
    const asking = source.query('x', 0, patient);
    await reading;
    bench.clock.advance(10_000);
    expect(await asking).toMatchObject({ error: 'source main: no answer within 10000 ms' });
  });

  test('an issuer of tokens with a private authority', async () => {
    const server = await bench.server();
    const issuer = await bench.server(authority.issue('issuer'));
    issuer.answer = (_asked, response) => void response.end(JSON.stringify({ access_token: 'a' }));
    const caFile = await bench.file('ca.crt', authority.pem);
    const clientSecretFile = await bench.file('secret', 'secret');
    const source = bench.source({
      url: server.url,
      tls: { caFile },
      oauth2: { tokenUrl: issuer.url, clientId: 'me', clientSecretFile, scopes: [], parameters: {} },
    });
    expect(await source.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    expect(server.last.headers.authorization).toEqual(['Bearer a']);
  });
});

function secure(server: unknown): Server {
  if (server instanceof Server) return server;
  throw new Error('no server of TLS');
}
