import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { ApiClient, type Credentials } from '../../../apps/kube-api';
import { proxyFromEnvironment } from '../../../apps/proxy';
import { Authority } from '../adapter/sources/certificates';
import { FakeProxy } from '../proxy/fake-proxy';

const SERVICE = '10.96.0.1';
const patient = new AbortController().signal;

describe('the API server behind a proxy', () => {
  const authority = new Authority('cluster');
  let server: Server;
  let proxy: FakeProxy;
  let client: ApiClient;
  let authorizations: (string | undefined)[];
  let credentials: Credentials;

  /** So many requests are not answered. */
  let hangUps: number;

  const listener: RequestListener = (request, response) => {
    if (hangUps > 0) {
      hangUps -= 1;
      request.socket.destroy();
      return;
    }
    authorizations.push(request.headers.authorization);
    response.end(`${JSON.stringify({ path: request.url })}\n`);
  };

  async function start(scheme: 'http' | 'https', proxyTls?: TlsOptions): Promise<void> {
    server =
      scheme === 'https'
        ? createTlsServer(authority.issue('kube-apiserver', SERVICE), listener)
        : createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await FakeProxy.start(() => (server.address() as AddressInfo).port, proxyTls);
    const variable = proxy.url.replace('://', '://ada:secret@');
    const access = {
      url: new URL(`${scheme}://${SERVICE}/base/`),
      credentials: () => Promise.resolve(credentials),
    };
    client = new ApiClient(access, {
      proxies: (url) => proxyFromEnvironment(url, { HTTP_PROXY: variable, HTTPS_PROXY: variable }),
    });
  }

  beforeEach(() => {
    authorizations = [];
    hangUps = 0;
    credentials = { token: 't', ca: authority.pem };
  });
  afterEach(async () => {
    client.close();
    await proxy.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  const get = () => client.get('/version', 5_000, patient);

  test('is asked through a tunnel that is kept, while the identity stays; a watch has its own', async () => {
    await start('https');
    expect(await get()).toEqual({ path: '/base/version' });
    await get();
    expect(proxy.asked.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      ['CONNECT', `${SERVICE}:443`, undefined],
    ]);
    const lines: string[] = [];
    await client.lines('/watch', 5_000, patient, (line) => lines.push(line));
    expect(lines).toEqual(['{"path":"/base/watch"}']);
    expect(proxy.asked).toHaveLength(2);
    credentials = { ...credentials, ca: `${authority.pem}\n${new Authority('next').pem}` };
    await get();
    expect(proxy.asked).toHaveLength(3);
    expect(authorizations.slice(0, 3)).toEqual(['Bearer t', 'Bearer t', 'Bearer t']);
  });

  test('is told nothing in a tunnel if its authorities do not vouch for it', async () => {
    await start('https');
    credentials = { token: 't', ca: new Authority('other').pem };
    await expect(get()).rejects.toThrow(/unable to verify|certificate/);
    await expect(client.lines('/watch', 5_000, patient, () => {})).rejects.toThrow(
      /unable to verify|certificate/,
    );
    expect(authorizations).toEqual([]);
  });

  test('is asked again in a new tunnel where the kept one was closed meanwhile', async () => {
    await start('https');
    await get();
    hangUps = 1;
    expect(await get()).toEqual({ path: '/base/version' });
    expect(proxy.asked).toHaveLength(2);
  });

  test('a tunnel that is refused, and one that nobody waits for any more', async () => {
    await start('https');
    proxy.mood = { status: 407 };
    await expect(get()).rejects.toThrow(
      `proxy ${proxy.shown}: it answers 407 Proxy Authentication Required to CONNECT ${SERVICE}:443`,
    );
    proxy.mood = 'silent';
    const caller = new AbortController();
    const asked = [
      client.get('/version', 5_000, caller.signal),
      client.lines('/watch', 5_000, caller.signal, () => {}),
    ];
    await proxy.until(3);
    caller.abort();
    for (const each of asked) await expect(each).rejects.toThrow();
    await proxy.untilLeft();
    const cut = client.get('/version', 5_000, patient);
    await proxy.until(4);
    client.close();
    await expect(cut).rejects.toThrow('closed');
    await proxy.untilLeft();
  });

  test('http is asked in absolute form', async () => {
    await start('http');
    expect(await get()).toEqual({ path: '/base/version' });
    await client.lines('/watch', 5_000, patient, () => {});
    expect(proxy.asked.map(({ method, url }) => [method, url])).toEqual([
      ['GET', `http://${SERVICE}/base/version`],
      ['GET', `http://${SERVICE}/base/watch`],
    ]);
    expect(authorizations).toEqual(['Bearer t', 'Bearer t']);
  });

  test.each(['http', 'https'] as const)('a proxy over TLS for %s has to prove who it is', async (scheme) => {
    await start(scheme, authority.issue('proxy'));
    await expect(get()).rejects.toThrow(/unable to verify|self.signed/);
    expect(proxy.asked).toEqual([]);
  });
});
