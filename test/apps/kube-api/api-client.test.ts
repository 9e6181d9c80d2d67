import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates, TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import {
  ApiClient,
  inClusterAccess,
  PATCH,
  proxiedAccess,
  RequestRate,
  type Credentials,
} from '../../../apps/kube-api';
import { createAuthority, issueServing } from '../../../apps/adapter/certificates/issue';
import { LOOPBACK_TLS } from './certificate';
import { FakeApiServer, reply } from './fake-api-server';

const run = promisify(execFile);

describe('a server with a certificate', () => {
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'account-'));
    server = createServer(LOOPBACK_TLS, (request, response) =>
      response.end(JSON.stringify({ authorization: request.headers.authorization })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    writeFileSync(join(folder, 'token'), 'secret\n');
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const ask = (authorities: string): Promise<unknown> => {
    writeFileSync(join(folder, 'ca.crt'), authorities);
    const { port } = server.address() as AddressInfo;
    const client = new ApiClient(inClusterAccess({ host: '127.0.0.1', port }, folder));
    return client.get('/version', 5000, new AbortController().signal);
  };

  it('is told the token if the authorities of the cluster vouch for it', async () => {
    expect(await ask(LOOPBACK_TLS.cert)).toEqual({ authorization: 'Bearer secret' });
  });

  it('is told nothing if they do not', async () => {
    const [other = ''] = rootCertificates;
    await expect(ask(other)).rejects.toThrow(/self-signed certificate/);
  });

  it('is told nothing either where Node was told to believe everybody', async () => {
    const bundle = join(folder, 'kube-api.js');
    const esbuild = join(__dirname, '../../../node_modules/.bin/esbuild');
    const entry = join(__dirname, '../../../apps/kube-api/index.ts');
    await run(esbuild, [entry, '--bundle', '--platform=node', `--outfile=${bundle}`]);
    const { port } = server.address() as AddressInfo;
    const program = `
      const { ApiClient } = require(${JSON.stringify(bundle)});
      const credentials = () => Promise.resolve({ token: 'secret' });
      const client = new ApiClient({ url: new URL('https://127.0.0.1:${port}'), credentials });
      const tried = client.get('/version', 5000, new AbortController().signal);
      tried.then(JSON.stringify, (error) => error.code).then(console.log).finally(() => client.close());
    `;
    const env = { PATH: process.env['PATH'], NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    const { stdout } = await run(process.execPath, ['--eval', program], { env });
    expect(stdout.trim()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});

const PODS = '/api/v1/namespaces/shop/pods';
const NEVER = new AbortController().signal;

describe('a client', () => {
  let server: FakeApiServer;
  let client: ApiClient;
  beforeEach(async () => {
    server = await FakeApiServer.start();
    client = new ApiClient(proxiedAccess(server.url));
    server.put(PODS, { metadata: { name: 'a', namespace: 'shop' } });
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });

  const connections = () => new Set(server.seen.map(({ connection }) => connection)).size;

  it('sends one request after the other on one connection', async () => {
    for (let i = 0; i < 5; i++) await client.get(PODS, 5000, NEVER);
    expect(connections()).toBe(1);
  });

  it('has no more than 32 connections at a time', async () => {
    await Promise.all(Array.from({ length: 100 }, () => client.get(PODS, 5000, NEVER)));
    expect(server.seen).toHaveLength(100);
    expect(connections()).toBeLessThanOrEqual(32);
  });

  it('sends a request again that met a connection which the server had given up', async () => {
    await client.get(PODS, 5000, NEVER);
    server.misbehave((_, response) => {
      response.socket?.destroy();
      return true;
    });
    expect(await client.post(`${PODS}/a`, { metadata: { name: 'a' } }, 5000, NEVER)).toBeDefined();
    expect([server.seen.length, connections()]).toEqual([3, 2]);
  });

  it('fails if a new connection breaks', async () => {
    server.misbehave((_, response) => {
      response.socket?.destroy();
      return true;
    });
    await expect(client.get(PODS, 5000, NEVER)).rejects.toThrow('socket hang up');
    expect(server.seen).toHaveLength(1);
  });

  it('writes, and is told of conflicts', async () => {
    const path = `${PODS}/a`;
    const patched = await client.patch(
      path,
      { metadata: { labels: { app: 'x' } } },
      PATCH.merge,
      5000,
      NEVER,
    );
    expect(patched).toMatchObject({ metadata: { name: 'a', labels: { app: 'x' } } });
    const stale = { metadata: { name: 'a', namespace: 'shop', resourceVersion: '1' } };
    await expect(client.put(path, stale, 5000, NEVER)).rejects.toMatchObject({ code: 409 });
    expect(server.seen.map(({ method, contentType }) => [method, contentType])).toEqual([
      ['PATCH', 'application/merge-patch+json'],
      ['PUT', 'application/json'],
    ]);
  });

  it('asks for media types, and not again for what it has', async () => {
    server.document('/apis', { type: 'application/json;v=v2', etag: '"1"', body: { some: 'thing' } });
    const first = await client.getChanged('/apis', undefined, 5000, NEVER, 'a/b');
    expect(first).toEqual({ body: { some: 'thing' }, type: 'application/json;v=v2', etag: '"1"' });
    expect(await client.getChanged('/apis', first?.etag, 5000, NEVER, 'a/b')).toBeUndefined();
    expect(server.seen.map(({ accept }) => accept)).toEqual(['a/b', 'a/b']);
  });

  it('puts the path of the server in front', async () => {
    const behind = new ApiClient(proxiedAccess(`${server.url}/clusters/one/`));
    await behind.get('/version?x=1', 5000, NEVER);
    behind.close();
    expect(server.seen.map(({ path, query }) => [path, query.get('x')])).toEqual([
      ['/clusters/one/version', '1'],
    ]);
  });

  it('waits as its rate wants, but not for watches', async () => {
    const slept: number[] = [];
    let nowMs = 0;
    const rate = new RequestRate(5, 2, {
      now: () => nowMs,
      sleep: (ms) => {
        slept.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    });
    const slow = new ApiClient(proxiedAccess(server.url), { rate });
    server.misbehave(({ query }, response) => query.has('watch') && reply(response, 200, {}));
    await slow.lines('/api/v1/pods?watch=1', 5000, NEVER, () => undefined);
    for (let i = 0; i < 4; i++) await slow.get(PODS, 5000, NEVER);
    slow.close();
    expect(slept).toEqual([200, 200]);
  });
});

describe('authorities and certificates that change', () => {
  const validity = { notBeforeMs: Date.now() - 60_000, notAfterMs: Date.now() + 3_600_000 };
  const authority = createAuthority('clients', validity);

  let tls: Server;
  let client: ApiClient;
  let credentials: Credentials;
  const seen: { readonly port: number | undefined; readonly subject: string | undefined }[] = [];
  beforeAll(async () => {
    tls = createServer(
      { ...LOOPBACK_TLS, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const { socket } = request;
        const subject = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subject : undefined;
        seen.push({ port: socket.remotePort, subject });
        response.end('{}');
      },
    );
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const { port } = tls.address() as AddressInfo;
    client = new ApiClient({
      url: new URL(`https://127.0.0.1:${port}`),
      credentials: () => Promise.resolve(credentials),
    });
  });
  afterAll(async () => {
    client.close();
    tls.closeAllConnections();
    await new Promise((resolve) => tls.close(resolve));
  });

  it('are used for the next request, on a connection of its own', async () => {
    const key = createPrivateKey(authority.key);
    const { certificate: cert, key: clientKey } = issueServing(['me'], validity, { name: 'clients', key });
    const vouched = { ca: LOOPBACK_TLS.cert };
    const all: Credentials[] = [
      vouched,
      { ...vouched, certificate: { cert, key: clientKey } },
      { ...vouched, certificate: { cert, key: clientKey } },
      { ca: `${LOOPBACK_TLS.cert}${authority.certificate}`, certificate: { cert, key: clientKey } },
    ];
    for (const each of all) {
      credentials = each;
      await client.get('/', 5000, NEVER);
    }
    credentials = { ca: authority.certificate };
    await expect(client.get('/', 5000, NEVER)).rejects.toThrow(/self-signed certificate/);
    expect(seen.map(({ subject }) => subject)).toEqual([undefined, 'CN=me', 'CN=me', 'CN=me']);
    expect([seen[1]?.port === seen[2]?.port, new Set(seen.map(({ port }) => port)).size]).toEqual([true, 3]);
  });
});
