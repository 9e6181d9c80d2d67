import { ask, METRIC, pki, serve, type TestReply } from './serving';

const TOKEN_REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

type Running = Awaited<ReturnType<typeof serve>>;

/** Holds all answers of the API server until they are let go, or nobody wants them any more. */
function hold(cluster: Running['cluster']) {
  let letGo = () => undefined as void;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let givenUp = 0;
  cluster.pause = (signal) =>
    Promise.race([
      gate,
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          givenUp += 1;
          reject(new Error('given up'));
        });
      }),
    ]);
  return { letGo, givenUp: () => givenUp };
}

const withToken = (own: Running, token: string) =>
  ask(own.port, { headers: { authorization: `Bearer ${token}` } });
const many = <Result>(count: number, each: (index: number) => Promise<Result>) =>
  Array.from({ length: count }, (_, index) => each(index));
const reviewsOf = ({ cluster }: Running, path: string) => cluster.posts.filter((post) => post.path === path);

/** How many there are of each status, once so many are there. */
async function statusesOf(replies: readonly Promise<TestReply>[], enough = replies.length) {
  const counts = new Map<number, number>();
  await new Promise<void>((resolve) => {
    let answered = 0;
    for (const reply of replies) {
      void reply.then(({ status }) => {
        counts.set(status, (counts.get(status) ?? 0) + 1);
        if (++answered === enough) resolve();
      });
    }
  });
  return counts;
}

describe('tokens that nobody knows, all at once', () => {
  test('as many are reviewed as may fail, and no more', async () => {
    const own = await serve({ failures: 3, failuresWithinMs: 3_600_000 });
    const { letGo } = hold(own.cluster);
    const replies = many(40, (index) => withToken(own, `bogus-${index}`));
    expect(await statusesOf(replies, 36)).toEqual(new Map([[429, 36]]));
    letGo();
    expect((await statusesOf(replies)).get(401)).toBe(4);
    expect(reviewsOf(own, TOKEN_REVIEWS)).toHaveLength(4);
    const later = await withToken(own, 'another');
    expect([later.status, Number(later.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    await own.server.stop(0);
  });

  test('of one address only a few are reviewed or wait; for the others there is no place', async () => {
    const own = await serve();
    const { letGo } = hold(own.cluster);
    const replies = many(30, (index) => withToken(own, `bogus-${index}`));
    expect(await statusesOf(replies, 25)).toEqual(new Map([[429, 25]]));
    letGo();
    await Promise.all(replies);
    expect(reviewsOf(own, TOKEN_REVIEWS)).toHaveLength(5);
    await own.server.stop(0);
  });

  test('keep nobody from being answered who is known', async () => {
    const own = await serve({ limits: { inFlight: 1 } });
    own.cluster.tokens = { good: { username: 'robot' } };
    expect((await withToken(own, 'good')).status).toBe(200);
    expect((await ask(own.port, { as: [pki.alice] })).status).toBe(200);
    const { letGo } = hold(own.cluster);
    const replies = many(30, (index) => withToken(own, `bogus-${index}`));
    await statusesOf(replies, 25);
    expect(own.server.inFlight).toBe(0);
    expect((await ask(own.port, { as: [pki.alice] })).status).toBe(200);
    expect((await withToken(own, 'good')).status).toBe(200);
    letGo();
    await Promise.all(replies);
    await own.server.stop(0);
  });
});

describe('tokens', () => {
  test('that are good are no failures', async () => {
    const own = await serve({ failures: 1 });
    const names = ['one', 'two', 'three', 'four'];
    own.cluster.tokens = Object.fromEntries(names.map((name) => [name, { username: name }]));
    for (const token of names) {
      expect((await withToken(own, token)).status).toBe(200);
    }
    await own.server.stop(0);
  });

  test('that are longer than any are refused without a review', async () => {
    const own = await serve();
    expect((await withToken(own, 'a'.repeat(16 * 1024 + 1))).status).toBe(401);
    expect(reviewsOf(own, TOKEN_REVIEWS)).toEqual([]);
    expect((await withToken(own, 'a'.repeat(16 * 1024))).status).toBe(401);
    expect(reviewsOf(own, TOKEN_REVIEWS)).toHaveLength(1);
    await own.server.stop(0);
  });
});

test('requests of a stranger, all at once, are asked for as often as they may fail', async () => {
  const own = await serve({ failures: 3, failuresWithinMs: 3_600_000 });
  own.cluster.allow = () => false;
  const { letGo } = hold(own.cluster);
  const replies = many(40, (index) => ask(own.port, { path: `${METRIC}_${index}` }));
  await statusesOf(replies, 36);
  letGo();
  expect((await statusesOf(replies)).get(403)).toBe(4);
  expect(reviewsOf(own, ACCESS_REVIEWS)).toHaveLength(4);
  await own.server.stop(0);
});

describe('an API server that does not answer', () => {
  test('a review of a token is waited for as long as a request may take, and then given up', async () => {
    const own = await serve({ limits: { requestMs: 50 } });
    const { givenUp } = hold(own.cluster);
    expect((await withToken(own, 'some')).status).toBe(504);
    expect(reviewsOf(own, TOKEN_REVIEWS)).toHaveLength(1);
    expect([givenUp(), own.server.inFlight]).toEqual([1, 0]);
    await own.server.stop(0);
  });

  test('so is a review of access', async () => {
    const own = await serve({ limits: { requestMs: 50 } });
    const { givenUp } = hold(own.cluster);
    expect((await ask(own.port, { as: [pki.alice] })).status).toBe(504);
    expect([givenUp(), own.server.inFlight, own.users]).toEqual([1, 0, []]);
    await own.server.stop(0);
  });
});
