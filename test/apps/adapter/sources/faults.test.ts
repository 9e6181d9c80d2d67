import { createServer } from 'node:net';
import {
  type Answer,
  Bench,
  containing,
  type FakePrometheus,
  inOrder,
  json,
  patient,
  silence,
  text,
  vector,
} from './support';

const good = { type: 'vector', samples: [{ labels: { pod: 'pod-0' }, value: 1 }] };
const reset: Answer = (_asked, _response, message) => void message.socket.resetAndDestroy();
/** Half of an answer, and then nothing or the end. */
const half =
  (end: boolean): Answer =>
  (_asked, response, message) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"status":', () => end && message.socket.destroy());
  };

describe('faults of a source', () => {
  let bench: Bench;
  let prometheus: FakePrometheus;

  beforeEach(async () => {
    bench = new Bench();
    prometheus = await bench.server();
  });
  afterEach(() => bench.end());

  test('down: three tries with growing pauses, then the reason', async () => {
    const { url } = prometheus;
    await prometheus.stop();
    const outcome = await bench.source({ url }).query('x', 0, patient);
    expect(outcome).toMatchObject({ unavailable: true, error: containing('ECONNREFUSED') });
    expect(bench.clock.pauses).toEqual([200, 400]);
    expect(bench.observed.map(({ status }) => status)).toEqual(['error', 'error', 'error']);
    await prometheus.stop().catch(() => undefined);
  });

  test('a reset in the middle, and one that passes', async () => {
    prometheus.answer = inOrder(half(true), reset, vector(['1']));
    expect(await bench.source({ url: prometheus.url }).query('x', 0, patient)).toEqual(good);
    expect(prometheus.asked).toHaveLength(3);
    prometheus.answer = half(true);
    expect(await bench.source({ url: prometheus.url }).query('x', 0, patient)).toMatchObject({
      unavailable: true,
    });
  });

  test.each([
    ['slow', silence],
    ['slow in its answer', half(false)],
  ])('%s: ends with the time of the query, is not tried again, and leaves nothing', async (_name, answer) => {
    prometheus.answer = answer;
    const source = bench.source({ url: prometheus.url, timeoutMs: 3_000 });
    const asking = source.query('x', 0, patient);
    await prometheus.until(1);
    expect(prometheus.parameters.get('timeout')).toBe('2700ms');
    bench.clock.advance(3_000);
    expect(await asking).toEqual({
      ...{ unavailable: true, tooMuch: true },
      error: 'source main: no answer within 3000 ms',
    });
    expect(prometheus.asked).toHaveLength(1);
    expect(bench.clock.running).toBe(0);
  });

  test('a later try has less time', async () => {
    prometheus.answer = inOrder(text(502, '', 'text/html'), vector(['1']));
    await bench.source({ url: prometheus.url, timeoutMs: 3_000 }).query('x', 0, patient);
    expect(prometheus.parameters.get('timeout')).toBe('2520ms');
  });

  test('a kept connection that was closed in between costs no try', async () => {
    prometheus.answer = vector(['1']);
    const source = bench.source({ url: prometheus.url });
    expect(await source.query('x', 0, patient)).toEqual(good);
    // Closed as soon as the request is there, which is how a race looks from here.
    prometheus.answer = inOrder(reset, vector(['1']));
    expect(await source.query('x', 0, patient)).toEqual(good);
    expect(bench.clock.pauses).toEqual([]);
    expect(bench.observed.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('connections are kept, and no more than allowed are opened', async () => {
    const source = bench.source({ url: prometheus.url, concurrency: 2 });
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => source.query('x', 0, patient)));
    }
    expect(prometheus.asked).toHaveLength(30);
    expect(prometheus.connections).toBe(2);
  });

  test('those who wait are asked in order; time in the queue counts, and who gives up leaves it', async () => {
    const held: (() => void)[] = [];
    prometheus.answer = (...call) => void held.push(() => vector([])(...call));
    const source = bench.source({ url: prometheus.url, concurrency: 1, timeoutMs: 5_000 });
    const caller = new AbortController();
    const first = source.query('first', 0, patient);
    await prometheus.until(1);
    const second = source.query('second', 0, caller.signal);
    bench.clock.advance(1_000);
    const third = source.query('third', 0, patient);
    caller.abort();
    expect(await second).toMatchObject({ error: 'source main: given up by its caller' });
    held.shift()?.();
    expect(await first).toMatchObject({ type: 'vector' });
    await prometheus.until(2);
    expect(prometheus.parameters.get('query')).toBe('third');
    const fourth = source.query('fourth', 0, patient);
    bench.clock.advance(5_000);
    expect(await third).toEqual({
      ...{ unavailable: true, tooMuch: true },
      error: 'source main: no answer within 5000 ms',
    });
    expect(await fourth).toEqual({
      ...{ unavailable: true, unasked: true },
      error: 'source main: not asked within 5000 ms: too many of 1 requests at a time were under way',
    });
  });

  test('one subject has at most half of the requests, so that others are asked meanwhile', async () => {
    const held: (() => void)[] = [];
    prometheus.answer = (...call) => {
      const answer = () => vector(['1'])(...call);
      if (call[0].body.includes('slow')) held.push(answer);
      else answer();
    };
    const source = bench.source({ url: prometheus.url, concurrency: 4 });
    const slow = Array.from({ length: 6 }, () => source.query('slow', 0, patient, 'rules[0]'));
    await prometheus.until(2);
    for (let count = 0; count < 3; count += 1) {
      expect(await source.query('quick', 0, patient, 'rules[1]')).toEqual(good);
    }
    expect(held).toHaveLength(2);
    for (let asked = 5; asked <= 9; asked += 1) {
      await prometheus.until(asked);
      held.shift()?.();
    }
    for (const answer of held) answer();
    expect(await Promise.all(slow)).toEqual(Array.from({ length: 6 }, () => good));
  });

  test.each([
    ['does not answer', silence],
    ['cannot finish', json(503, { status: 'error', errorType: 'timeout', error: 'query timed out' })],
    ['answers at length', vector(Array.from({ length: 100 }, () => '1'))],
  ])('a subject that it %s rests on its own', async (_name, answer) => {
    const source = bench.source({ url: prometheus.url, timeoutMs: 3_000 }, { answerBytes: 1000 });
    for (let count = 1; count <= 5; count += 1) {
      prometheus.answer = answer;
      const asking = source.query('slow', 0, patient, 'rules[0]');
      await prometheus.until(count);
      if (answer === silence) bench.clock.advance(3_000);
      expect(await asking).toMatchObject({ tooMuch: true });
    }
    expect(await source.query('slow', 0, patient, 'rules[0]')).toMatchObject({
      error: containing('since it failed 5 times'),
    });
    prometheus.answer = vector(['1']);
    expect(await source.query('quick', 0, patient, 'rules[1]')).toEqual(good);
    bench.clock.advance(1_000);
    expect(await source.query('quick', 0, patient, 'rules[0]')).toEqual(good);
  });

  test('429: Retry-After is waited for, if there is time', async () => {
    bench.clock.patientUntilMs = 2_500;
    prometheus.answer = inOrder(text(429, '', 'text/plain', { 'retry-after': '2' }), vector(['1']));
    expect(await bench.source({ url: prometheus.url }).query('x', 0, patient)).toEqual(good);
    expect(bench.clock.pauses).toEqual([2_200]);
  });

  test('429: with more to wait than there is time, the source is left alone until then', async () => {
    const until = new Date(bench.clock.nowMs + 30_000).toUTCString();
    prometheus.answer = text(429, '', 'text/plain', { 'retry-after': until });
    const source = bench.source({ url: prometheus.url });
    expect(await source.query('x', 0, patient)).toMatchObject({ unavailable: true, retryAfterMs: 30_000 });
    bench.clock.advance(20_000);
    expect(await source.query('x', 0, patient)).toMatchObject({
      unavailable: true,
      retryAfterMs: 10_000,
      error: containing('asked to be left alone'),
    });
    expect(prometheus.asked).toHaveLength(1);
    bench.clock.advance(10_000);
    prometheus.answer = vector(['1']);
    expect(await source.query('x', 0, patient)).toEqual(good);
  });

  test('a source that keeps failing is left alone but for a probe, longer each time', async () => {
    prometheus.answer = text(200, 'no', 'text/plain');
    const source = bench.source({ url: prometheus.url });
    for (let count = 0; count < 5; count += 1) await source.query('x', 0, patient);
    expect(await source.query('x', 0, patient)).toMatchObject({
      unavailable: true,
      retryAfterMs: 1_000,
      error: containing('not asked for another 1000 ms, since it failed 5 times; last: it answered 200'),
    });
    bench.clock.advance(1_000);
    await Promise.all(Array.from({ length: 5 }, () => source.query('x', 0, patient)));
    expect(prometheus.asked).toHaveLength(6);
    bench.clock.advance(1_999);
    await source.query('x', 0, patient);
    expect(prometheus.asked).toHaveLength(6);
    bench.clock.advance(1);
    prometheus.answer = vector(['1']);
    expect(await source.query('x', 0, patient)).toEqual(good);
    expect(await Promise.all([1, 2].map(() => source.query('x', 0, patient)))).toEqual([good, good]);
  });

  test.each([
    ['keeps failing', text(200, 'no', 'text/plain')],
    ['wants to be left alone', text(429, '', 'text/plain', { 'retry-after': '30' })],
  ])('a source that %s is asked after the clock was set back', async (_name, answer) => {
    prometheus.answer = answer;
    const source = bench.source({ url: prometheus.url });
    for (let count = 0; count < 5; count += 1) await source.query('x', 0, patient);
    const { length } = prometheus.asked;
    bench.clock.advance(-3_600_000);
    prometheus.answer = vector(['1']);
    expect(await source.query('x', 0, patient)).toEqual(good);
    expect(prometheus.asked).toHaveLength(length + 1);
  });

  test('a probe whose caller gives up lets the next one through', async () => {
    prometheus.answer = text(200, 'no', 'text/plain');
    const source = bench.source({ url: prometheus.url });
    for (let count = 0; count < 5; count += 1) await source.query('x', 0, patient);
    bench.clock.advance(1_000);
    prometheus.answer = silence;
    const caller = new AbortController();
    const probe = source.query('x', 0, caller.signal);
    await prometheus.until(6);
    caller.abort();
    await probe;
    prometheus.answer = vector(['1']);
    expect(await source.query('x', 0, patient)).toEqual(good);
  });

  test('queries that are wrong say nothing of the source', async () => {
    prometheus.answer = json(400, { status: 'error', errorType: 'bad_data', error: 'parse error' });
    const source = bench.source({ url: prometheus.url });
    for (let count = 0; count < 10; count += 1) await source.query('(', 0, patient);
    expect(prometheus.asked).toHaveLength(10);
  });

  test('those in the queue are not asked for any more when the source turns out to be down', async () => {
    const held: (() => void)[] = [];
    prometheus.answer = (...call) => void held.push(() => text(200, 'no', 'text/plain')(...call));
    const source = bench.source({ url: prometheus.url, concurrency: 5 });
    const asking = Array.from({ length: 20 }, () => source.query('x', 0, patient));
    await prometheus.until(5);
    for (const answer of held) answer();
    const outcomes = await Promise.all(asking.slice(0, 5));
    expect(outcomes.every((outcome) => 'error' in outcome)).toBe(true);
    // Each that ended let one more in, before the fifth failure was seen.
    while (prometheus.asked.length < 9) await new Promise((resolve) => setImmediate(resolve));
    for (const answer of held.slice(5)) answer();
    await Promise.all(asking);
    expect(prometheus.asked.length).toBeLessThanOrEqual(10);
  });

  test('close() ends what is under way and leaves no connection, timer or listener', async () => {
    const source = bench.source({ url: prometheus.url, concurrency: 3 });
    await Promise.all([1, 2, 3].map(() => source.query('x', 0, patient)));
    prometheus.answer = silence;
    const asking = [1, 2, 3, 4].map(() => source.query('x', 0, patient));
    await prometheus.until(6);
    await source.close();
    for (const outcome of await Promise.all(asking)) {
      expect(outcome).toEqual({ unavailable: true, error: 'source main: the source is closed' });
    }
    while (prometheus.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(bench.clock.running).toBe(0);
    expect(await source.query('x', 0, patient)).toMatchObject({ error: 'source main: the source is closed' });
  });

  test('a server that speaks no HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
      socket.end('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const outcome = await bench.source({ url: `http://127.0.0.1:${port}` }).query('x', 0, patient);
    expect(outcome).toMatchObject({
      unavailable: true,
      error: containing('Parse Error'),
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
