import fc from 'fast-check';
import { vectorSamples } from '../../../../apps/adapter/sources/samples';
import {
  type Answer,
  Bench,
  containing,
  type FakePrometheus,
  json,
  patient,
  silence,
  text,
  vector,
} from './support';

const success = (data: unknown, more: object = {}) => json(200, { status: 'success', data, ...more });
const failure = (status: number, errorType: string, error: string) =>
  json(status, { status: 'error', errorType, error });

describe('answers of a source', () => {
  let bench: Bench;
  let prometheus: FakePrometheus;

  beforeEach(async () => {
    bench = new Bench();
    prometheus = await bench.server();
  });
  afterEach(() => bench.end());

  const ask = (answer: Answer, deps = {}) => {
    prometheus.answer = answer;
    return bench.source({ url: prometheus.url }, deps).query('x', 0, patient);
  };

  test('a vector with every kind of value', async () => {
    const outcome = await ask(
      vector(['1', '-0.25', '1e-07', '1e+21', 'NaN', '+Inf', '-Inf', '9007199254740993']),
    );
    expect(outcome).toEqual({
      type: 'vector',
      samples: [1, -0.25, 1e-7, 1e21, NaN, Infinity, -Infinity, 9007199254740992].map((value, index) => ({
        labels: { pod: `pod-${index}` },
        value,
      })),
    });
  });

  test('every float that Go writes is read as it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [sample] = vectorSamples([{ metric: {}, value: [0, String(value)] }]);
        expect(sample?.value).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
  });

  test('a flood of NaN is a vector of NaN', async () => {
    const outcome = await ask(vector(Array.from({ length: 10_000 }, () => 'NaN')));
    expect('samples' in outcome && outcome.samples.every(({ value }) => Number.isNaN(value))).toBe(true);
    expect('samples' in outcome && outcome.samples).toHaveLength(10_000);
  });

  test('scalars, other types, warnings and infos', async () => {
    expect(await ask(success({ resultType: 'scalar', result: [1, '2.5'] }))).toEqual({
      type: 'scalar',
      value: 2.5,
    });
    expect(await ask(success({ resultType: 'matrix', result: [] }))).toEqual({ type: 'matrix' });
    expect(await ask(success({ resultType: 'string', result: [1, 'a'] }))).toEqual({ type: 'string' });
    expect(await ask(success({ resultType: 'vector', result: null }))).toEqual({
      type: 'vector',
      samples: [],
    });
    expect(await ask(vector([], { warnings: ['w'], infos: ['i'] }))).toEqual({
      type: 'vector',
      samples: [],
      warnings: ['w', 'i'],
    });
  });

  test('labels beyond ASCII', async () => {
    const result = [{ metric: { stage: 'grün 🟢' }, value: [1, '1'] }];
    expect(await ask(success({ resultType: 'vector', result }))).toEqual({
      type: 'vector',
      samples: [{ labels: { stage: 'grün 🟢' }, value: 1 }],
    });
  });

  test('as upstream, JSON of the API counts under every content type', async () => {
    const body = JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [1, '1'] } });
    expect(await ask(text(200, body, 'text/plain'))).toEqual({ type: 'scalar', value: 1 });
  });

  test('a native histogram is an error of the query that names the metric', async () => {
    const metric = { __name__: 'latency', pod: 'a' };
    const outcome = await ask(
      success({ resultType: 'vector', result: [{ metric, histogram: [1, { count: '1' }] }] }),
    );
    expect(outcome).toEqual({
      error:
        'source main: latency is a native histogram, which is no single value: use histogram_quantile(), histogram_avg() or histogram_count()',
    });
  });

  test.each<[string, Answer, string]>([
    ['bad_data', failure(400, 'bad_data', 'parse error'), 'bad_data: parse error'],
    ['execution', failure(422, 'execution', 'many-to-many'), 'execution: many-to-many'],
    ['413', text(413, 'too large', 'text/plain'), 'the query is too long'],
    ['414', text(414, '<html>', 'text/html'), 'the query is too long'],
  ])('%s is the fault of the query', async (_name, answer, message) => {
    const outcome = await ask(answer);
    expect(outcome).toEqual({ error: containing(message) });
    expect(prometheus.asked).toHaveLength(1);
  });

  test.each<[string, Answer, string, number]>([
    ['timeout of Prometheus', failure(503, 'timeout', 'query timed out'), 'timeout: query timed out', 1],
    ['canceled', failure(503, 'canceled', 'context canceled'), 'canceled: context canceled', 1],
    ['unavailable', failure(503, 'unavailable', 'TSDB not ready'), 'unavailable: TSDB not ready', 3],
    ['internal', failure(500, 'internal', 'oops'), 'internal: oops', 1],
    [
      '401',
      text(401, 'no', 'text/plain'),
      'it refuses the credentials: it answered 401 with text/plain: "no"',
      1,
    ],
    ['403', text(403, '', 'text/plain'), 'it refuses the credentials: it answered 403 with text/plain', 1],
    ['404', text(404, 'page not found', 'text/plain'), 'is this the URL of a Prometheus?', 1],
    [
      '502 with HTML',
      text(502, '<html>\r\n\t<b>Bad', 'text/html'),
      'it answered 502 with text/html: "<html> <b>Bad"',
      3,
    ],
    ['503 with text', text(503, 'Service Unavailable', 'text/plain'), 'it answered 503 with text/plain', 3],
    ['504', text(504, '', 'text/html'), 'it answered 504', 3],
    ['429', text(429, 'slow down', 'text/plain'), 'it answered 429 with text/plain: "slow down"', 3],
    ['418', text(418, 'tea', 'text/plain'), 'it answered 418', 1],
    [
      'HTML with 200',
      text(200, '<html>login', 'text/html'),
      'it answered 200 with text/html: "<html>login": it is no JSON',
      1,
    ],
    ['an empty body', text(200, '', 'application/json'), 'it is empty', 1],
    [
      'truncated JSON',
      text(200, '{"status":"success","da', 'application/json'),
      'it is no JSON, or it was cut off',
      1,
    ],
    ['JSON of another API', json(200, { ok: true }), "it is JSON, but not an answer of Prometheus' API", 1],
    ['a number', json(200, 1), "it is JSON, but not an answer of Prometheus' API", 1],
    [
      'compression',
      text(200, 'x', 'application/json', { 'content-encoding': 'gzip' }),
      'encoded with gzip',
      1,
    ],
    ['no result', success(null), 'it has no result', 1],
    ['another type of result', success({ resultType: 'table' }), 'the type of its result', 1],
    ['no list', success({ resultType: 'vector', result: {} }), 'its result is no list', 1],
    ['no labels', success({ resultType: 'vector', result: [{ value: [1, '1'] }] }), 'no labels', 1],
    [
      'a label of a number',
      success({ resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] }),
      'no labels',
      1,
    ],
    [
      'a value without text',
      success({ resultType: 'vector', result: [{ metric: {}, value: [1, 1] }] }),
      'not [time, "text"]',
      1,
    ],
    ['a value that is no number', vector(['0x10']), 'a value is no number', 1],
    ['an empty value', vector(['']), 'a value is no number', 1],
  ])('%s is the fault of the source', async (_name, answer, message, tries) => {
    const outcome = await ask(answer);
    const late = /^(?:timeout|canceled)/.test(message);
    expect(outcome).toEqual({
      unavailable: true,
      error: containing(message),
      ...(late ? { tooMuch: true } : {}),
    });
    expect(prometheus.asked).toHaveLength(tries);
  });

  test('names that are none', async () => {
    prometheus.answer = success(['a', 1]);
    const source = bench.source({ url: prometheus.url });
    expect(await source.labelNames([], 0, patient)).toMatchObject({ unavailable: true });
  });

  test('an answer longer than the limit is not read to its end', async () => {
    let sent = 0;
    const endless: Answer = (_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed) {
          sent += 1;
          if (!response.write(Buffer.alloc(16_384, 0x20))) return void response.once('drain', more);
        }
      };
      more();
    };
    const outcome = await ask(endless, { answerBytes: 100_000 });
    expect(outcome).toMatchObject({
      unavailable: true,
      error: 'source main: its answer is longer than 100000 bytes',
    });
    expect(sent).toBeLessThan(2_000);
  });

  test('an answer that says that it is longer is not read at all', async () => {
    const announced: Answer = (_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100001' });
      response.flushHeaders();
    };
    expect(await ask(announced, { answerBytes: 100_000 })).toMatchObject({
      error: 'source main: its answer is longer than 100000 bytes',
    });
  });

  test('a long error shows its beginning on one line, and no secret that was echoed', async () => {
    const token = 'abcdef0123456789';
    prometheus.answer = text(500, `\u001b[31mno\n${token} ${'x'.repeat(200_000)}`, 'text/plain');
    const headers = [['Authorization', `Bearer ${token}`]] as const;
    const outcome = await bench.source({ url: prometheus.url, headers }).query('x', 0, patient);
    const error = 'error' in outcome ? outcome.error : '';
    expect(error).toContain('it answered 500 with text/plain: " [31mno … xxx'.replace('" ', '"'));
    expect(error).not.toContain(token);
    expect(error).not.toMatch(/\p{C}/u);
    expect(error.length).toBeLessThan(250);
  });

  test('a caller who gives up is told at once', async () => {
    prometheus.answer = silence;
    const caller = new AbortController();
    const asking = bench.source({ url: prometheus.url }).query('x', 0, caller.signal);
    await prometheus.until(1);
    caller.abort();
    expect(await asking).toEqual({ unavailable: true, error: 'source main: given up by its caller' });
    expect(bench.clock.running).toBe(0);
  });
});
