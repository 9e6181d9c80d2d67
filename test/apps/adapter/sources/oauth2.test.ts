import { type Answer, Bench, type FakePrometheus, json, only, patient, silence, text } from './support';

describe('OAuth 2.0', () => {
  let bench: Bench;
  let prometheus: FakePrometheus;
  let issuer: FakePrometheus;
  let clientSecretFile: string;

  beforeEach(async () => {
    bench = new Bench();
    prometheus = await bench.server();
    issuer = await bench.server();
    issuer.answer = token('t', 3_600);
    clientSecretFile = await bench.file('secret', 's ecret');
  });
  afterEach(() => bench.end());

  /** A token that tells which request it answers. */
  const token =
    (name: string, seconds: number | string): Answer =>
    (...call) =>
      json(200, { access_token: `${name}${issuer.asked.length}`, token_type: 'bearer', expires_in: seconds })(
        ...call,
      );

  const source = () =>
    bench.source({
      url: prometheus.url,
      oauth2: {
        tokenUrl: `${issuer.url}/token`,
        clientId: 'me',
        clientSecretFile,
        scopes: ['a', 'b'],
        parameters: { audience: 'prom' },
      },
    });
  const sent = () => prometheus.last.headers.authorization;

  test('however many ask, one token is fetched', async () => {
    const client = source();
    await Promise.all([1, 2, 3, 4].map(() => client.query('x', 0, patient)));
    expect(issuer.asked).toHaveLength(1);
    expect(prometheus.asked.map(({ headers }) => headers.authorization)).toEqual(
      Array(4).fill(['Bearer t1']),
    );
    expect(Object.fromEntries(issuer.parameters)).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'prom',
    });
    expect(issuer.last.headers.authorization).toEqual([
      `Basic ${Buffer.from('me:s%20ecret').toString('base64')}`,
    ]);
  });

  test('it is replaced early, while the old one is used', async () => {
    issuer.answer = token('t', '600');
    const client = source();
    await client.query('x', 0, patient);
    bench.clock.advance(541_000);
    await client.query('x', 0, patient);
    expect(sent()).toEqual(['Bearer t1']);
    await issuer.until(2);
    while (sent()?.[0] !== 'Bearer t2') await client.query('x', 0, patient);
    expect(issuer.asked).toHaveLength(2);
  });

  test('the old one is used to its end while the issuer is down, and not longer', async () => {
    const client = source();
    await client.query('x', 0, patient);
    issuer.answer = json(503, {});
    bench.clock.advance(3_550_000);
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    while (bench.clock.running > 0) await new Promise((resolve) => setImmediate(resolve));
    bench.clock.advance(45_000);
    expect(await client.query('x', 0, patient)).toEqual({
      unavailable: true,
      error: `source main: no token from 127.0.0.1:${issuer.port}: it answered 503`,
    });
    const { length } = issuer.asked;
    await client.query('x', 0, patient);
    expect(issuer.asked).toHaveLength(length);
    issuer.answer = token('n', 60);
    bench.clock.advance(5_000);
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    expect(bench.logged('error')).toHaveLength(1);
  });

  test('a token that the source refuses is replaced once', async () => {
    const client = source();
    await client.query('x', 0, patient);
    bench.clock.advance(2_000);
    prometheus.answer = only('Bearer t2');
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    prometheus.answer = text(401, '', 'text/plain');
    bench.clock.advance(2_000);
    expect(await client.query('x', 0, patient)).toMatchObject({ unavailable: true });
    expect(issuer.asked).toHaveLength(3);
    prometheus.answer = text(403, '', 'text/plain');
    bench.clock.advance(2_000);
    await client.query('x', 0, patient);
    expect(issuer.asked).toHaveLength(3);
  });

  test('many requests whose token is refused wait for one new token, and are all tried again', async () => {
    const client = source();
    await client.query('x', 0, patient);
    bench.clock.advance(2_000);
    prometheus.answer = only('Bearer t2');
    const fetched: Answer = (...call) => token('t', 3_600)(...call);
    // The new token is there only when all have been refused.
    issuer.answer = (...call) => void prometheus.until(5).then(() => fetched(...call));
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => client.query('x', 0, patient)));
    expect(outcomes).toEqual(Array(4).fill(expect.objectContaining({ type: 'vector' })));
    expect(issuer.asked).toHaveLength(2);
  });

  test('a request that was refused an old token is tried again with the new one, which stays in use', async () => {
    const client = source();
    await client.query('x', 0, patient);
    bench.clock.advance(2_000);
    const held: (() => void)[] = [];
    prometheus.answer = (...call) => void held.push(() => only('Bearer t2')(...call));
    const quick = client.query('quick', 0, patient);
    const slow = client.query('slow', 0, patient);
    await prometheus.until(3);
    prometheus.answer = only('Bearer t2');
    held.shift()?.();
    expect(await quick).toMatchObject({ type: 'vector' });
    bench.clock.advance(2_000);
    issuer.answer = json(503, {});
    held.shift()?.();
    expect(await slow).toMatchObject({ type: 'vector' });
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    expect(issuer.asked).toHaveLength(2);
  });

  test('a token is replaced, and its issuer asked again, after the clock was set back too', async () => {
    const client = source();
    await client.query('x', 0, patient);
    bench.clock.advance(-3_600_000);
    prometheus.answer = only('Bearer t3');
    issuer.answer = json(503, {});
    expect(await client.query('x', 0, patient)).toMatchObject({ unavailable: true });
    bench.clock.advance(-3_600_000);
    issuer.answer = token('t', 3_600);
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
  });

  test('close() ends the fetching of a token, of which nothing is said', async () => {
    const client = source();
    await client.query('x', 0, patient);
    issuer.answer = silence;
    bench.clock.advance(3_550_000);
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    await issuer.until(2);
    await client.close();
    while (bench.clock.running > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(bench.logged('error')).toEqual([]);
  });

  test('an issuer that wants the secret in the form gets it there from then on', async () => {
    issuer.answer = (asked, ...rest) =>
      (asked.body.includes('client_secret=s+ecret')
        ? token('f', 60)
        : json(401, { error: 'invalid_client' }))(asked, ...rest);
    const client = source();
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    expect(issuer.last.headers.authorization).toBeUndefined();
    bench.clock.advance(60_000);
    await client.query('x', 0, patient);
    expect(issuer.asked).toHaveLength(3);
  });

  test('a secret that was replaced is read when the old one is refused', async () => {
    const client = source();
    await client.query('x', 0, patient);
    await bench.file('secret', 'new');
    const good = `Basic ${Buffer.from('me:new').toString('base64')}`;
    issuer.answer = (asked, ...rest) =>
      (asked.headers.authorization?.[0] === good ? token('t', 60) : json(401, { error: 'invalid_client' }))(
        asked,
        ...rest,
      );
    bench.clock.advance(3_600_000);
    expect(await client.query('x', 0, patient)).toMatchObject({ type: 'vector' });
  });

  test.each<[string, Answer, string]>([
    [
      'an error',
      json(400, { error: 'invalid_scope', error_description: 'no\nsuch' }),
      'it answered 400: invalid_scope, no such',
    ],
    ['no token', json(200, { token: 1 }), 'its answer has no access_token'],
    ['HTML', text(200, '<html>', 'text/html'), 'its answer has no access_token'],
    [
      'another type',
      json(200, { access_token: 'a', token_type: 'mac' }),
      'its tokens are of type mac, not Bearer',
    ],
    [
      'a broken connection',
      (_asked, _response, message) => void message.socket.destroy(),
      'no answer: Error: socket hang up',
    ],
  ])('%s of the issuer', async (_name, answer, message) => {
    issuer.answer = answer;
    expect(await source().query('x', 0, patient)).toEqual({
      unavailable: true,
      error: `source main: no token from 127.0.0.1:${issuer.port}: ${message}`,
    });
    expect(prometheus.asked).toHaveLength(0);
  });

  test('an issuer that is slow holds nobody longer than the query may take, and close() ends it', async () => {
    issuer.answer = silence;
    const client = source();
    const asking = client.query('x', 0, patient);
    await issuer.until(1);
    const other = new AbortController();
    const second = client.query('x', 0, other.signal);
    other.abort();
    expect(await second).toMatchObject({ error: 'source main: given up by its caller' });
    await client.close();
    expect(await asking).toMatchObject({ error: 'source main: the source is closed' });
    while (issuer.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(bench.clock.running).toBe(0);
  });
});
