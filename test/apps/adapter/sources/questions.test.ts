import { redirectOf } from '../../../../apps/adapter/sources/redirects';
import { Bench, containing, type FakePrometheus, json, matching, patient, text, vector } from './support';

const AT_MS = 1_700_000_000_123;

describe('questions to a source', () => {
  let bench: Bench;
  let prometheus: FakePrometheus;

  beforeEach(async () => {
    bench = new Bench();
    prometheus = await bench.server();
  });
  afterEach(() => bench.end());

  test('POST sends a form with time and timeout; base path and query string stay', async () => {
    const source = bench.source({ url: `${prometheus.url}/select/0/prometheus/?extra=a%20b&dedup=true` });
    await source.query('sum(rate(x[1m])) + 1', AT_MS, patient);
    const { method, url, body, headers } = prometheus.last;
    expect([method, url]).toEqual(['POST', '/select/0/prometheus/api/v1/query?extra=a%20b&dedup=true']);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      query: 'sum(rate(x[1m])) + 1',
      time: '1700000000.123',
      timeout: '9000ms',
    });
    expect(headers['content-type']).toEqual(['application/x-www-form-urlencoded']);
  });

  test('GET sends all in the URL', async () => {
    const source = bench.source({ url: `${prometheus.url}?extra=1`, verb: 'GET' });
    await source.query('a + b', AT_MS, patient);
    expect(prometheus.last.method).toBe('GET');
    expect(prometheus.last.url).toBe(
      '/api/v1/query?extra=1&query=a%20%2B%20b&time=1700000000.123&timeout=9000ms',
    );
    expect(prometheus.last.body).toBe('');
  });

  test('a GET that a proxy would find too long goes as POST', async () => {
    const source = bench.source({ url: prometheus.url, verb: 'GET' });
    const pods = Array.from({ length: 1_500 }, (_, index) => `pod-${index}`).join('|');
    await source.query(`x{pod=~"${pods}"}`, AT_MS, patient);
    expect(prometheus.last.method).toBe('POST');
    expect(prometheus.parameters.get('query')).toContain('pod-1499');
    await source.query('x', AT_MS, patient);
    expect(prometheus.last.method).toBe('GET');
  });

  test('label names by form, values of a label by URL', async () => {
    prometheus.answer = json(200, { status: 'success', data: ['a', 'b'] });
    const source = bench.source({ url: prometheus.url });
    expect(await source.labelNames(['{a="1"}', 'b'], AT_MS, patient)).toEqual({ values: ['a', 'b'] });
    expect([prometheus.last.method, prometheus.last.url]).toEqual(['POST', '/api/v1/labels']);
    expect(prometheus.parameters.getAll('match[]')).toEqual(['{a="1"}', 'b']);
    expect(prometheus.parameters.get('start')).toBe('1700000000.123');
    await source.labelValues('__name__', ['b'], AT_MS, patient);
    expect(prometheus.last.method).toBe('GET');
    expect(prometheus.last.url).toMatch(/^\/api\/v1\/label\/__name__\/values\?match%5B%5D=b&start=/);
    expect(bench.observed.map(({ source: name, path, status }) => [name, path, status])).toEqual([
      ['main', 'labels', 200],
      ['main', 'values', 200],
    ]);
  });

  test.each([
    ['pod', 'pod'],
    ['U__x', 'U__U____x'],
    ['my.label/x', 'U__my_2e_label_2f_x'],
    ['1a_b', 'U___31_a__b'],
  ])('the label %s is %s in a path', async (label, path) => {
    prometheus.answer = json(200, { status: 'success', data: null });
    const outcome = await bench.source({ url: prometheus.url }).labelValues(label, [], 0, patient);
    expect(outcome).toEqual({ values: [] });
    expect(prometheus.last.url).toBe(`/api/v1/label/${path}/values?start=0.000`);
  });

  test('headers several times, and the tenant once', async () => {
    const source = bench.source({
      url: prometheus.url,
      headers: [
        ['X-Team', 'a'],
        ['x-team', 'b'],
        ['X-Scope-OrgID', 'other'],
        ['Host', 'elsewhere'],
      ],
      tenant: 'team-a',
    });
    await source.query('x', AT_MS, patient);
    const { headers } = prometheus.last;
    expect(headers['x-team']).toEqual(['a', 'b']);
    expect(headers['x-scope-orgid']).toEqual(['team-a']);
    expect(headers.host).toEqual([`127.0.0.1:${prometheus.port}`]);
  });

  test('a header that HTTP does not allow is refused without its value', () => {
    const headers = [['X-Key', 'secret\nvalue']] as const;
    expect(() => bench.source({ url: prometheus.url, headers })).toThrow(
      'source main: header X-Key: its value has characters that HTTP does not allow',
    );
    expect(() => bench.source({ url: 'user:secret@host' })).toThrow(
      'source main: its URL must begin with http:// or https://',
    );
  });

  test.each(['GET', 'POST'] as const)('a %s follows redirects within its host', async (verb) => {
    prometheus.answer = (...call) => {
      const [asked, response] = call;
      if (asked.url.startsWith('/moved')) vector(['1'])(...call);
      else response.writeHead(308, { location: '/moved?x=1' }).end();
    };
    const headers = [['Authorization', 'Bearer abcdefgh']] as const;
    const source = bench.source({ url: prometheus.url, verb, headers });
    expect(await source.query('up', AT_MS, patient)).toMatchObject({ type: 'vector' });
    const { method, url, body, headers: sent } = prometheus.last;
    expect([method, url, sent.authorization]).toEqual([verb, '/moved?x=1', ['Bearer abcdefgh']]);
    expect(body.includes('query=up')).toBe(verb === 'POST');
  });

  test.each(['GET', 'POST'] as const)(
    'a %s is not sent to others, and nothing of them is shown',
    async (verb) => {
      const other = await bench.server();
      other.answer = text(403, 'internal', 'text/plain');
      for (const elsewhere of [other.url, other.url.replace('127.0.0.1', 'localhost'), 'ftp://127.0.0.1']) {
        prometheus.answer = text(307, 'internal', 'text/plain', { location: `${elsewhere}/there?token=x` });
        expect(await bench.source({ url: prometheus.url, verb }).query('x', AT_MS, patient)).toEqual({
          unavailable: true,
          error: matching(
            /^source main: it redirects \(307\) to \S+\/there; such a redirect is not followed: use the URL that answers$/,
          ),
        });
      }
      expect(other.asked).toEqual([]);
    },
  );

  test('from HTTP to HTTPS of the same host it goes, but not back', () => {
    const incoming = { status: 302, headers: { location: 'https://prom.test/x' }, body: Buffer.alloc(0) };
    const get = (url: string) => ({ method: 'GET' as const, url: new URL(url), headers: [] });
    expect(redirectOf(get('http://prom.test:9090/x'), incoming, 0)).toEqual({
      ...{ method: 'GET', url: new URL('https://prom.test/x') },
    });
    const back = { ...incoming, headers: { location: 'http://prom.test/x' } };
    expect(() => redirectOf(get('https://prom.test/x'), back, 0)).toThrow('is not followed');
  });

  test('a GET that is sent round in circles ends', async () => {
    prometheus.answer = (_asked, response) => void response.writeHead(307, { location: '/again' }).end();
    const outcome = await bench.source({ url: prometheus.url, verb: 'GET' }).query('x', AT_MS, patient);
    expect(outcome).toMatchObject({
      unavailable: true,
      error: containing('redirected 10 times'),
    });
    expect(prometheus.asked).toHaveLength(11);
  });

  test('a POST says where it was sent, and does not go', async () => {
    prometheus.answer = text(301, '', 'text/html', {
      location: '/graph?token=x',
    });
    const outcome = await bench.source({ url: prometheus.url }).query('x', AT_MS, patient);
    expect(outcome).toEqual({
      unavailable: true,
      error: matching(
        /it redirects \(301\) to http:\S+\/graph, which a POST does not follow: use the URL that answers, or the verb GET$/,
      ),
    });
  });
});
