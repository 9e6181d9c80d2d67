import tls, { TLSSocket, type TlsOptions } from 'node:tls';
import type { SourceSettings } from '../../../../core/rules/sources';
import { FakeProxy } from '../../proxy/fake-proxy';
import { Authority } from './certificates';
import {
  Bench,
  containing,
  eachVerified,
  type FakePrometheus,
  inOrder,
  matching,
  patient,
  text,
  vector,
  type Answer,
} from './support';

const NAME = 'prometheus.monitoring.svc';
const USER = 'ada:p%40ss-word';
const AUTHORIZATION = `Basic ${Buffer.from('ada:p@ss-word').toString('base64')}`;
/** What must not be seen. */
const SECRETS = ['p@ss-word', 'p%40ss-word', AUTHORIZATION.slice('Basic '.length)];

const hangUp: Answer = (_asked, _response, message) => void message.socket.destroy();

describe('a source behind a proxy', () => {
  let bench: Bench;
  let authority: Authority;
  let prometheus: FakePrometheus;
  let proxy: FakeProxy;

  beforeAll(() => {
    authority = new Authority('first');
  });
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(async () => {
    await bench.end();
    await proxy.stop();
  });

  /** A server, and a proxy that has each host there. */
  async function start(serverTls?: TlsOptions, proxyTls?: TlsOptions): Promise<void> {
    prometheus = await bench.server(serverTls);
    proxy = await FakeProxy.start(() => prometheus.port, proxyTls);
  }

  function source(settings: Partial<SourceSettings> & { readonly url: string }, more: object = {}) {
    const url = proxy.url.replace('://', `://${USER}@`);
    return bench.source(settings, { environment: { HTTP_PROXY: url, HTTPS_PROXY: url, ...more } });
  }

  /** A server of TLS for a host, and settings that trust it. */
  async function secure(
    host = NAME,
    more: TlsOptions = {},
  ): Promise<{ url: string; tls: { caFile: string } }> {
    await start({ ...authority.issue('prometheus', host), ...more });
    return { url: `https://${host}:9090`, tls: { caFile: await bench.file('ca.crt', authority.pem) } };
  }

  const told = () => JSON.stringify(bench.log);

  test('http goes to it in absolute form, with who asks, over connections that are kept', async () => {
    await start();
    const asking = source({ url: `http://${NAME}:9090/base?a=1` });
    expect(await asking.query('up', 0, patient)).toMatchObject({ type: 'vector' });
    expect(await asking.labelValues('pod', [], 0, patient)).toMatchObject({ error: containing('no list') });
    expect(proxy.asked.map(({ method, url }) => [method, url])).toEqual([
      ['POST', `http://${NAME}:9090/base/api/v1/query?a=1`],
      ['GET', `http://${NAME}:9090/base/api/v1/label/pod/values?a=1&start=0.000`],
    ]);
    expect(proxy.asked[0]?.headers).toMatchObject({
      host: `${NAME}:9090`,
      'proxy-authorization': AUTHORIZATION,
    });
    expect(prometheus.asked[0]?.headers.host).toEqual([`${NAME}:9090`]);
    expect(proxy.most).toBe(1);
    expect(bench.log).toContainEqual({
      level: 'info',
      message: 'source main is asked through the proxy of HTTP_PROXY',
      fields: { proxy: proxy.shown },
    });
    await asking.close();
    await proxy.untilLeft();
  });

  test('https goes through a tunnel, which is kept; the proxy sees the host and nothing else', async () => {
    const asking = source({ ...(await secure()), headers: [['x-key', 'of the source']] });
    for (let round = 0; round < 3; round += 1) {
      expect(await asking.query('up', 0, patient)).toMatchObject({ type: 'vector' });
    }
    expect(proxy.asked).toEqual([
      {
        method: 'CONNECT',
        url: `${NAME}:9090`,
        headers: { host: `${NAME}:9090`, 'proxy-authorization': AUTHORIZATION, connection: 'close' },
      },
    ]);
    expect(prometheus.connections).toBe(1);
    expect(prometheus.last.headers).toMatchObject({ host: [`${NAME}:9090`], 'x-key': ['of the source'] });
    expect(prometheus.last.headers).not.toHaveProperty('proxy-authorization');
    await asking.close();
    await proxy.untilLeft();
  });

  test('a port that is that of the scheme is named to the proxy, and not to the source', async () => {
    const { tls: trusting } = await secure();
    await source({ url: `https://${NAME}`, tls: trusting }).query('up', 0, patient);
    expect(proxy.asked.map(({ url }) => url)).toEqual([`${NAME}:443`]);
    expect(prometheus.last.headers.host).toEqual([NAME]);
  });

  test('who is not vouched for gets nothing in the tunnel', async () => {
    const { url } = await secure();
    const caFile = await bench.file('other.crt', new Authority('other').pem);
    await eachVerified(async () => {
      for (const trusting of [{ caFile }, {}]) {
        expect(await source({ url, tls: trusting }).query('up', 0, patient)).toMatchObject({
          unavailable: true,
          error: matching(/no answer: .*(unable to verify|self.signed certificate)/),
        });
      }
    });
    expect(prometheus.asked).toEqual([]);
  });

  test.each([true, false])('no version before TLS 1.2, with authorities of a file: %s', async (ofFile) => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const { url, tls: trusting } = await secure(NAME, old);
    const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    tls.DEFAULT_CIPHERS = 'DEFAULT@SECLEVEL=0';
    try {
      expect(await source({ url, tls: ofFile ? trusting : {} }).query('up', 0, patient)).toMatchObject({
        error: matching(/no answer: .*(protocol version|unsupported protocol)/),
      });
    } finally {
      Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS });
    }
    expect(prometheus.asked).toEqual([]);
  });

  test('the name of the source counts in the tunnel, its address, or serverName; never that of the proxy', async () => {
    const { tls: trusting } = await secure('localhost');
    const environment = { HTTPS_PROXY: proxy.url.replace('127.0.0.1', 'localhost') };
    for (const host of ['10.1.2.3', NAME]) {
      const asking = bench.source({ url: `https://${host}`, tls: trusting }, { environment });
      expect(await asking.query('up', 0, patient)).toMatchObject({
        error: containing("does not match certificate's altnames"),
      });
    }
    expect(prometheus.asked).toEqual([]);
    const named = source({ url: 'https://10.1.2.3', tls: { ...trusting, serverName: 'localhost' } });
    expect(await named.query('up', 0, patient)).toMatchObject({ type: 'vector' });
    await proxy.stop();
    const { url, tls: again } = await secure('10.1.2.3');
    expect(await source({ url, tls: again }).query('up', 0, patient)).toMatchObject({ type: 'vector' });
    expect(proxy.asked.map(({ url: asked }) => asked)).toEqual(['10.1.2.3:9090']);
  });

  test('a client certificate, and tunnels made anew when there is another one', async () => {
    const { url, tls: trusting } = await secure(NAME, {
      ...{ ca: authority.pem, requestCert: true, rejectUnauthorized: true },
    });
    const names: string[] = [];
    prometheus.answer = (asked, response, message) => {
      const { socket } = message;
      if (socket instanceof TLSSocket) names.push(socket.getPeerX509Certificate()?.subject ?? '');
      vector([])(asked, response, message);
    };
    const files = async (name: string) => {
      const { cert, key } = authority.issue(name);
      return { certFile: await bench.file('tls.crt', cert), keyFile: await bench.file('tls.key', key) };
    };
    const asking = source({ url, tls: { ...trusting, ...(await files('adapter-1')) } });
    await asking.query('up', 0, patient);
    await files('adapter-2');
    bench.clock.advance(1_000);
    await asking.query('up', 0, patient);
    expect(names).toEqual(['CN=adapter-1', 'CN=adapter-2']);
    while (proxy.sockets.size > 1) await new Promise((resolve) => setImmediate(resolve));
    expect(proxy.asked).toHaveLength(2);
  });

  test('a tunnel that was kept and closed in between costs no try', async () => {
    const asking = source(await secure());
    await asking.query('up', 0, patient);
    prometheus.answer = inOrder(hangUp, vector(['1']));
    expect(await asking.query('up', 0, patient)).toMatchObject({ samples: [{ value: 1 }] });
    expect(bench.clock.pauses).toEqual([]);
    expect(proxy.asked).toHaveLength(2);
  });

  test.each(['http', 'https'])('no more connections of %s than allowed', async (scheme) => {
    const trusting = scheme === 'https' ? (await secure()).tls : {};
    if (scheme === 'http') await start();
    const asking = source({ url: `${scheme}://${NAME}`, tls: trusting, concurrency: 2 });
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => asking.query('up', 0, patient)));
    }
    expect(prometheus.asked).toHaveLength(30);
    expect(proxy.most).toBe(2);
  });

  test.each(['http', 'https'])(
    'a proxy that is silent holds nobody longer than allowed, and keeps nothing: %s',
    async (scheme) => {
      await start();
      proxy.mood = 'silent';
      const asking = source({ url: `${scheme}://${NAME}` });
      const late = asking.query('up', 0, patient);
      await proxy.until(1);
      bench.clock.advance(10_000);
      expect(await late).toMatchObject({ tooMuch: true, error: 'source main: no answer within 10000 ms' });
      await proxy.untilLeft();
      const caller = new AbortController();
      const dropped = asking.query('up', 0, caller.signal);
      await proxy.until(2);
      caller.abort();
      expect(await dropped).toMatchObject({ error: 'source main: given up by its caller' });
      await proxy.untilLeft();
      const cut = asking.query('up', 0, patient);
      await proxy.until(3);
      await asking.close();
      expect(await cut).toMatchObject({ error: 'source main: the source is closed' });
      await proxy.untilLeft();
    },
  );

  test.each([
    [407, '407 Proxy Authentication Required'],
    [403, '403 Forbidden'],
    [502, '502 Bad Gateway'],
    [599, '599'],
  ])('a tunnel that it refuses with %i is no answer, and is asked for again', async (status, said) => {
    const settings = await secure();
    proxy.mood = { status };
    const asking = source(settings);
    expect(await asking.query('up', 0, patient)).toEqual({
      unavailable: true,
      error: `source main: no answer: proxy ${proxy.shown}: it answers ${said} to CONNECT ${NAME}:9090`,
    });
    expect(bench.clock.pauses).toEqual([200, 400]);
    expect(proxy.asked).toHaveLength(3);
    await proxy.untilLeft();
    proxy.mood = 'willing';
    expect(await asking.query('up', 0, patient)).toMatchObject({ type: 'vector' });
  });

  test('a request of http that it refuses: by the status that only proxies have, or perhaps the source', async () => {
    await start();
    const asking = source({ url: `http://${NAME}` });
    proxy.mood = { status: 407 };
    expect(await asking.query('up', 0, patient)).toEqual({
      unavailable: true,
      error: `source main: no answer: proxy ${proxy.shown}: it answers 407 Proxy Authentication Required`,
    });
    expect(proxy.asked).toHaveLength(3);
    proxy.mood = { status: 504, body: `you sent ${AUTHORIZATION}` };
    const outcome = await asking.query('up', 0, patient);
    expect(outcome).toEqual({
      unavailable: true,
      error: `source main: it, or the proxy ${proxy.shown}, answered 504 with text/html: "you sent …"`,
    });
    for (const secret of SECRETS) expect(told()).not.toContain(secret);
  });

  test.each(['http', 'https'])('a proxy that is not there, for %s', async (scheme) => {
    await start();
    const { shown } = proxy;
    const asking = source({ url: `${scheme}://${NAME}` });
    await proxy.stop();
    expect(await asking.query('up', 0, patient)).toEqual({
      unavailable: true,
      error: matching(
        new RegExp(`^source main: no answer: proxy ${shown}: .*connect ECONNREFUSED ${shown}$`),
      ),
    });
    proxy = await FakeProxy.start(() => 0);
  });

  test('a redirect from http to https goes through the proxy of https', async () => {
    const settings = await secure();
    const plain = await bench.server();
    plain.answer = text(307, '', 'text/plain', { location: `https://${NAME}:9443/api/v1/query` });
    const forHttp = await FakeProxy.start(() => plain.port);
    const asking = source({ ...settings, url: `http://${NAME}` }, { HTTP_PROXY: forHttp.url });
    expect(await asking.query('up', 0, patient)).toMatchObject({ type: 'vector' });
    expect(proxy.asked.map(({ url }) => url)).toEqual([`${NAME}:9443`]);
    await asking.close();
    await forHttp.stop();
  });

  test('tokens of OAuth 2.0 are had through it too', async () => {
    await start();
    const issuer = await bench.server();
    issuer.answer = (_asked, response) => void response.end(JSON.stringify({ access_token: 'a' }));
    const forTokens = await FakeProxy.start(() => issuer.port);
    const clientSecretFile = await bench.file('secret', 'secret');
    const tokenUrl = 'http://login.example/token';
    const asking = source(
      {
        url: prometheus.url,
        oauth2: { tokenUrl, clientId: 'me', clientSecretFile, scopes: [], parameters: {} },
      },
      { HTTP_PROXY: forTokens.url },
    );
    expect(await asking.query('up', 0, patient)).toMatchObject({ type: 'vector' });
    expect(forTokens.asked.map(({ method, url }) => [method, url])).toEqual([['POST', tokenUrl]]);
    expect(prometheus.last.headers.authorization).toEqual(['Bearer a']);
    expect(proxy.asked).toEqual([]);
    expect(bench.logged('info')).toEqual([
      'token server of source main is asked through the proxy of HTTP_PROXY',
    ]);
    await asking.close();
    await forTokens.stop();
  });

  test.each(['http', 'https'])('a proxy over TLS has to prove its own name, for %s', async (scheme) => {
    const issued = authority.issue('prometheus', NAME);
    await start(scheme === 'https' ? issued : undefined, authority.issue('proxy', 'localhost'));
    const HTTP_PROXY = proxy.url.replace('127.0.0.1', `${USER}@localhost`);
    const caFile = await bench.file('ca.crt', authority.pem);
    const ask = (settings: object, variables: object) =>
      source({ url: `${scheme}://${NAME}`, ...settings }, variables).query('up', 0, patient);
    const both = { HTTP_PROXY, HTTPS_PROXY: HTTP_PROXY };
    expect(await ask({ tls: { caFile } }, both)).toMatchObject({ type: 'vector' });
    expect(proxy.asked).toHaveLength(1);
    await eachVerified(async () => {
      expect(await ask({}, both)).toMatchObject({ error: containing('unable to verify') });
    });
    expect(await ask({ tls: { caFile } }, {})).toMatchObject({
      error: matching(new RegExp(`no answer: proxy ${proxy.shown}: .*does not match certificate's altnames`)),
    });
    expect(proxy.asked).toHaveLength(1);
  });

  test('what NO_PROXY lists is asked without it, and so is the source of --prometheus-ca-file', async () => {
    await start();
    const url = `http://prometheus.invalid:${prometheus.port}`;
    const asking = source({ url }, { NO_PROXY: '10.0.0.0/8,.invalid' });
    expect(await asking.query('up', 0, patient)).toMatchObject({ error: containing('prometheus.invalid') });
    expect(bench.logged('info')).toEqual([]);
    const upstream = source({ url, name: '', withoutProxy: true });
    expect(await upstream.query('up', 0, patient)).toMatchObject({ error: containing('prometheus.invalid') });
    expect(bench.logged('warn')).toEqual([
      'HTTP_PROXY has no effect: as upstream does with --prometheus-ca-file, Prometheus is asked without a proxy',
    ]);
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    ['socks5://ada:secret@proxy:1080', 'not supported: HTTP_PROXY with a proxy of socks5://: name one of'],
    ['http://ada:secret@', 'HTTP_PROXY is no URL of a proxy, like http://proxy.example:3128'],
    ['http://ada:100%secret@proxy', 'HTTP_PROXY: a percent sign in its user name or password'],
  ])('the source is refused with the proxy %s, whose password is not told', async (value, said) => {
    await start();
    const refused = () => source({ url: `http://${NAME}` }, { HTTP_PROXY: value });
    expect(refused).toThrow(said);
    expect(refused).not.toThrow(/secret/);
    expect(() => source({ url: prometheus.url }, { HTTP_PROXY: value })).not.toThrow();
  });
});
