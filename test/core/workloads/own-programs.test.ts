import { NotSupportedError, UsageError } from '../../../core/errors';
import { programFor, type IncomingRequest, type Program } from '../../../core/workloads';
import { PROM_FAKE_METRICS } from '../../../core/workloads/prom-fake';
import { SAMPLE_APP_METRICS } from '../../../core/workloads/sample-app';
import { setting } from './fixture';

function program(name: string, rest = '', configMaps: Record<string, Record<string, string>> = {}): Program {
  return programFor(setting(`{ name: main, image: 'plimsoll/${name}:0.1.0' ${rest} }`, configMaps), []);
}

function request(method: string, path: string, body?: string): IncomingRequest {
  return { from: 'client', method, path, body };
}

function growing(model: Program, asked: IncomingRequest) {
  return model.series.filter((series) => series.growth(asked) > 0).map(({ labels }) => labels);
}

describe('prom-fake', () => {
  const model = program('prom-fake');
  const [series] = model.series;

  it.each([
    ['10', 10],
    [' -2.5\n', -2.5],
    ['1e3', 1000],
    ['Inf', Infinity],
    ['NaN', Number.NaN],
  ])('is set to %j', (body, value) => {
    expect(series?.sets?.(request('POST', '/value', body))).toBe(value);
    expect(model.status(8080, request('POST', '/value', body))).toBe(200);
  });

  it.each(['abc', '', '1e400', '1 2', undefined])('refuses %j, and stays what it is', (body) => {
    expect(series?.sets?.(request('POST', '/value', body))).toBeUndefined();
    expect(model.status(8080, request('POST', '/value', body))).toBe(400);
  });

  it('is not set by other requests', () => {
    for (const [method, path] of [
      ['GET', '/value'],
      ['PUT', '/value'],
      ['POST', '/metrics'],
    ] as const) {
      expect(series?.sets?.(request(method, path, '5'))).toBeUndefined();
    }
    expect(model.status(8080, request('PUT', '/value', '5'))).toBe(405);
    expect(series?.start).toBe(0);
    expect(model.exposes(8080, '/metrics')).toBe(true);
    expect(model.exports).toBe(PROM_FAKE_METRICS);
  });
});

describe('the sportsbook API', () => {
  const model = program('sportsbook-api');
  const labels = {
    application_state: 'nj',
    environment: 'dev',
    error: 'none',
    exception: 'none',
    method: 'GET',
    outcome: 'SUCCESS',
    status: '200',
    uri: '/api',
  };

  it.each([
    ['GET', '/api', {}],
    ['HEAD', '/api', { method: 'HEAD' }],
    ['GET', '/actuator/prometheus', { uri: '/actuator/prometheus' }],
    ['GET', '/actuator/health', { uri: '/actuator/health' }],
    ['GET', '/actuator/health/readiness', { uri: '/actuator/health/**' }],
    ['GET', '/actuator/health/liveness', { uri: '/actuator/health/**' }],
    ['GET', '/other', { outcome: 'CLIENT_ERROR', status: '404', uri: '/**' }],
    ['POST', '/api', { method: 'POST', outcome: 'CLIENT_ERROR', status: '405', uri: 'UNKNOWN' }],
    ['BREW', '/other', { method: 'UNKNOWN', outcome: 'CLIENT_ERROR', status: '404', uri: '/**' }],
  ])('counts %s %s once, under the labels that Spring gives it', (method, path, differs) => {
    expect(growing(model, request(method, path))).toEqual([{ ...labels, ...differs }]);
    expect(String(model.status(8080, request(method, path)))).toBe(
      growing(model, request(method, path))[0]?.['status'],
    );
  });

  it('exports each series from its first request, and says what is not modelled', () => {
    expect(new Set(model.series.map(({ appears }) => appears))).toEqual(new Set(['with-first-count']));
    expect(new Set(model.series.map(({ name }) => name))).toEqual(
      new Set(['http_server_requests_seconds_count']),
    );
    expect(model.notModelled).toEqual([
      'http_server_requests_seconds_sum',
      'http_server_requests_seconds_max',
    ]);
  });
});

describe('the sample app', () => {
  const counts = (model: Program, path: string) => model.series[0]?.growth(request('GET', path));
  const paths = ['/', '/metrics', '/healthz', '/readyz', '/other'];

  it('counts what it greets', () => {
    const model = program('sample-app');
    expect(paths.map((path) => counts(model, path))).toEqual([1, 0, 0, 0, 0]);
    expect(model.exports).toBe(SAMPLE_APP_METRICS);
    expect(model.series[0]?.growth(request('POST', '/'))).toBe(0);
    expect(paths.map((path) => model.status(8080, request('GET', path)))).toEqual([200, 200, 200, 200, 404]);
  });

  it('counts all that arrives if it is told to', () => {
    const model = program('sample-app', ', env: [{ name: COUNT, value: all }]');
    expect(paths.map((path) => counts(model, path))).toEqual([1, 1, 1, 1, 1]);
  });

  it('would not start with another word', () => {
    const start = () => program('sample-app', ', env: [{ name: COUNT, value: some }]');
    expect(start).toThrow(UsageError);
    expect(start).toThrow('Deployment here/main, container main: COUNT="some" must be one of: app, all');
  });
});

describe('the environment of a container', () => {
  const all = (rest: string, configMaps: Record<string, Record<string, string>> = {}) =>
    program('sample-app', rest, configMaps).series[0]?.growth(request('GET', '/metrics')) === 1;
  const configMap = { settings: { COUNT: 'all', mode: 'all' } };

  it.each([
    ['is not set', '', false],
    ['is empty', ", env: [{ name: COUNT, value: '' }]", false],
    ['is set by another variable', ', env: [{ name: A, value: all }, { name: COUNT, value: $(A) }]', true],
    ['is set twice', ', env: [{ name: COUNT, value: all }, { name: COUNT, value: app }]', false],
    [
      'comes from a key',
      ', env: [{ name: COUNT, valueFrom: { configMapKeyRef: { name: settings, key: mode } } }]',
      true,
    ],
    ['comes from a whole ConfigMap', ', envFrom: [{ configMapRef: { name: settings } }]', true],
    [
      'is overruled',
      ', envFrom: [{ configMapRef: { name: settings } }], env: [{ name: COUNT, value: app }]',
      false,
    ],
    ['may be missing', ', envFrom: [{ configMapRef: { name: none, optional: true } }]', false],
  ])('is read where a variable %s', (_, rest, expected) => {
    expect(all(rest, configMap)).toBe(expected);
  });

  it.each([
    ['a Secret', ', envFrom: [{ secretRef: { name: hidden } }]', 'from Secret hidden'],
    [
      'a missing ConfigMap',
      ', envFrom: [{ configMapRef: { name: none } }]',
      'from ConfigMap none, which is not',
    ],
    [
      'a Secret key',
      ', env: [{ name: COUNT, valueFrom: { secretKeyRef: { name: hidden, key: a } } }]',
      'from something other than a ConfigMap',
    ],
  ])('is not guessed where it is %s', (_, rest, message) => {
    expect(() => all(rest)).toThrow(NotSupportedError);
    expect(() => all(rest)).toThrow(message);
  });

  it('says where a program listens', () => {
    const model = program('backend', ', env: [{ name: PORT, value: 9000 }]');
    expect([8080, 9000].map((port) => model.status(port, request('GET', '/a')))).toEqual([undefined, 200]);
    expect(() => program('prom-fake', ', env: [{ name: PORT, value: http }]')).toThrow(
      'container main: PORT="http" must be a whole number from 1 to 65535',
    );
  });

  it.each([
    ['worker', 'CPU_MILLICORES', 'much'],
    ['cluster-metrics', 'RESERVE_CPU', 'most'],
  ])('says which container of %s has a wrong %s', (name, variable, value) => {
    const start = () => program(name, `, env: [{ name: ${variable}, value: ${value} }]`);
    expect(start).toThrow(UsageError);
    expect(start).toThrow(/^\S+ \S+, container main: /);
    expect(start).toThrow(variable);
  });
});
