import { Bench, containing, type FakePrometheus, json, patient, text, vector } from './support';

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
      timeout: '10000ms',
    });
    expect(headers['content-type']).toEqual(['application/x-www-form-urlencoded']);
  });

  test('GET sends all in the URL', async () => {
    const source = bench.source({ url: `${prometheus.url}?extra=1`, verb: 'GET' });
    await source.query('a + b', AT_MS, patient);
    expect(prometheus.last.method).toBe('GET');
    expect(prometheus.last.url).toBe(
      '/api/v1/query?extra=1&query=a%20%2B%20b&time=1700000000.123&timeout=10000ms',
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
      'source main: its URL is none of http or https',
    );
  });

  test('a GET follows redirects; credentials and headers stay with their host', async () => {
    const other = await bench.server();
    other.answer = vector(['1']);
    const elsewhere = other.url.replace('127.0.0.1', 'localhost');
    const settings = { verb: 'GET', headers: [['Authorization', 'Bearer abcdefgh']] } as const;
    prometheus.answer = (asked, response) => {
      const to = asked.url.startsWith('/api') ? '/moved?x=1' : `${elsewhere}/there`;
      response.writeHead(302, { location: to }).end();
    };
    const source = bench.source({ url: prometheus.url, ...settings });
    expect(await source.query('x', AT_MS, patient)).toMatchObject({ type: 'vector' });
    expect(prometheus.last.url).toBe('/moved?x=1');
    expect(prometheus.last.headers.authorization).toEqual(['Bearer abcdefgh']);
    expect(other.last.url).toBe('/there');
    expect(other.last.headers.authorization).toBeUndefined();
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
      location: 'https://user:pass@prom.example/graph?token=x',
    });
    const outcome = await bench.source({ url: prometheus.url }).query('x', AT_MS, patient);
    expect(outcome).toEqual({
      unavailable: true,
      error:
        'source main: it redirects (301) to https://prom.example/graph, which a POST does not follow: use the URL that answers, or the verb GET',
    });
  });

  test('a proxy of the environment is said not to be used, unless the host is excepted', () => {
    const environment = { HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '10.0.0.0/8,.svc,mimir:9009' };
    for (const url of [
      'http://prometheus.monitoring.svc:9090',
      'http://10.1.2.3',
      'http://mimir:9009',
      'http://127.0.0.1:9090',
      'https://thanos.example',
    ]) {
      bench.source({ url }, { environment });
    }
    expect(bench.logged('warn')).toEqual([]);
    bench.source({ url: 'http://mimir:80' }, { environment });
    bench.source({ url: 'http://11.1.2.3' }, { environment });
    expect(bench.logged('warn')).toEqual([
      'not supported: HTTP_PROXY; source main is asked without a proxy, at mimir',
      'not supported: HTTP_PROXY; source main is asked without a proxy, at 11.1.2.3',
    ]);
  });
});
