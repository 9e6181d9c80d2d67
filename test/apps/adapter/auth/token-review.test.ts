import { RequestHeaders, TokenReviews } from '../../../../apps/adapter/auth';
import { patientPost } from '../../../../apps/adapter/auth/patient-post';
import type { Poster } from '../../../../apps/adapter/auth/poster';
import { bearerToken } from '../../../../apps/adapter/auth/token-review';
import { ApiError } from '../../../../apps/kube-api/api-error';

/** An API server that gives one answer after the other, and the last one for ever; and who waits for it, in no time. */
class ApiServer implements Poster {
  readonly pauses: number[] = [];
  readonly posted: unknown[] = [];
  readonly random = () => this.chance;
  chance = 0;
  /** How long somebody has patience, in milliseconds. */
  patienceMs = Infinity;
  private waitedMs = 0;

  constructor(private readonly answers: unknown[]) {}

  readonly poster: Poster = this;

  async post(_: string, body: unknown): Promise<unknown> {
    this.posted.push(body);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (answer instanceof Error) throw answer;
    return Promise.resolve(answer);
  }

  readonly pause = (ms: number): Promise<void> => {
    this.pauses.push(ms);
    this.waitedMs += ms;
    return this.waitedMs > this.patienceMs ? Promise.reject(new Error('aborted')) : Promise.resolve();
  };
}

const post = (server: ApiServer) => patientPost(server, '/reviews', {}, new AbortController().signal);

describe('a question that fails', () => {
  it.each([
    ['a connection that breaks', new Error('ECONNRESET')],
    ['429', new ApiError(429, 'slow down')],
    ['500', new ApiError(500, 'etcd is gone')],
    ['503', new ApiError(503, 'starting')],
    ['403 that says when to come back', new ApiError(403, 'later', 100)],
  ])('is asked again after %s', async (_, failure) => {
    const server = new ApiServer([failure, failure, 'yes']);
    expect(await post(server)).toEqual({ answer: 'yes' });
    expect(server.pauses).toEqual([500, 750]);
  });

  it.each([
    ['400', new ApiError(400, 'what?')],
    ['401', new ApiError(401, 'Unauthorized')],
    ['403', new ApiError(403, 'no right')],
    ['404', new ApiError(404, 'no such API')],
  ])('is not asked again after %s', async (_, failure) => {
    const server = new ApiServer([failure, 'yes']);
    expect(await post(server)).toEqual({ cause: `/reviews: ${failure.message}` });
    expect(server.pauses).toEqual([]);
  });

  it('is given up after five attempts, with the last failure', async () => {
    const failures = [1, 2, 3, 4, 5, 6].map((time) => new ApiError(503, `failure ${time}`));
    const server = new ApiServer(failures);
    expect(await post(server)).toEqual({ cause: '/reviews: failure 5' });
    expect(server.posted).toHaveLength(5);
    expect(server.pauses).toEqual([500, 750, 1125, 1687.5]);
  });

  it('leaves a fifth of each pause to chance', async () => {
    const server = new ApiServer([new ApiError(503, 'starting')]);
    server.chance = 1;
    await post(server);
    expect(server.pauses.map((ms) => Math.round(ms * 100) / 100)).toEqual([600, 900, 1350, 2025]);
  });

  it('waits as long as the server asks for, if that is longer', async () => {
    const server = new ApiServer([
      new ApiError(429, 'slow down', 3000),
      new ApiError(429, 'slow down', 1),
      'yes',
    ]);
    expect(await post(server)).toEqual({ answer: 'yes' });
    expect(server.pauses).toEqual([3000, 750]);
  });

  it('is given up when it takes too long in all', async () => {
    const server = new ApiServer([new ApiError(429, 'slow down', 60_000)]);
    server.patienceMs = 10_000;
    expect(await post(server)).toEqual({ cause: '/reviews: slow down' });
    expect(server.posted).toHaveLength(1);
  });
});

describe('a token', () => {
  const GOOD = { status: { authenticated: true, user: { username: 'alice', groups: ['dev'] } } };
  const ALICE = { name: 'alice', uid: '', groups: ['dev'], extra: {} };

  function reviews(...answers: unknown[]) {
    const server = new ApiServer(answers);
    const clock = { now: 0 };
    const { poster, pause, random } = server;
    const tokens = new TokenReviews({ poster, pause, random, cacheMs: 10_000, now: () => clock.now });
    return { server, clock, tokens };
  }

  it('that is good is looked at once as long as that holds', async () => {
    const { server, clock, tokens } = reviews(GOOD);
    expect(await Promise.all([tokens.recognize('t'), tokens.recognize('t')])).toEqual([ALICE, ALICE]);
    clock.now = 9999;
    expect(tokens.known('t')).toEqual(ALICE);
    expect(tokens.known('T')).toBeUndefined();
    clock.now = 10_000;
    expect(tokens.known('t')).toBeUndefined();
    expect(server.posted).toEqual([
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 't' } },
    ]);
  });

  it('that is bad is remembered too', async () => {
    const { tokens } = reviews({ status: { authenticated: false } });
    expect(await tokens.recognize('t')).toEqual({ cause: 'invalid bearer token' });
    expect(tokens.known('t')).toEqual({ cause: 'invalid bearer token' });
  });

  it.each([
    ['an API server that is down', new ApiError(503, 'starting')],
    ['a review that failed', { status: { authenticated: false, error: 'webhook is down' } }],
    ['an answer that is no review', { status: 'ok' }],
    ['a user without a name', { status: { authenticated: true, user: { username: '' }, error: 'odd' } }],
  ])('is nobody, and is looked at again, after %s', async (_, answer) => {
    const { tokens } = reviews(answer);
    expect(await tokens.recognize('t')).toHaveProperty('cause');
    expect(tokens.known('t')).toBeUndefined();
  });

  it.each([
    ['Bearer t', 't'],
    ['bearer t', 't'],
    ['  BEARER t  ', 't'],
    ['Bearer t more', 't'],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Basic dTpw', undefined],
    ['', undefined],
  ])('of the header %j is %j', (header, token) => {
    expect(bearerToken(new RequestHeaders(['Authorization', header]))).toBe(token);
  });
});
