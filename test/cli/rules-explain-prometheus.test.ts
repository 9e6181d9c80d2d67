import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { rulesFiles } from './rules-files';
import { run } from './run';

const { config } = rulesFiles();

/** What a server answers, by path; and what it was asked. */
describe('plimsoll rules explain --prometheus', () => {
  let server: Server;
  let asked: { readonly url: URL; readonly authorization: string | undefined }[] = [];
  let answer: (url: URL) => { readonly status?: number; readonly body: unknown } | undefined;

  const success = (data: unknown) => ({ body: { status: 'success', data } });
  const good = (url: URL) => {
    switch (url.pathname) {
      case '/prom/api/v1/series':
        return success([
          { __name__: 'hits_total', namespace: 'shop', pod: 'web-1' },
          { __name__: 'queue', name: 'a' },
        ]);
      case '/prom/api/v1/query':
        return success({
          resultType: 'vector',
          result: [
            { metric: { pod: 'web-1' }, value: [1, '+Inf'] },
            { metric: { pod: 'web-2' }, value: [1, '2.5'] },
          ],
        });
      default:
        return success(['hits_total']);
    }
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      asked.push({ url, authorization: request.headers.authorization });
      const said = answer(url);
      if (!said) return;
      response.writeHead(said.status ?? 200);
      response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked = [];
    answer = good;
  });

  const address = (credentials = ''): string => {
    const bound: AddressInfo | string | null = server.address();
    return `http://${credentials}127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}/prom`;
  };
  const explain = (pod: string, ...options: readonly string[]) =>
    run(
      'rules',
      'explain',
      config(),
      '--prometheus',
      address(),
      '--metric',
      'hits_per_second',
      '--for',
      `pods/shop/${pod}`,
      ...options,
    );

  it('asks for series of the last ten minutes, and then its query', async () => {
    const { exitCode, stdout } = await explain('web-2');
    expect({ exitCode, last: stdout.split('\n').at(-2) }).toEqual({
      exitCode: 0,
      last: 'value   web-2: 2500m',
    });
    const [listing, , query] = asked.map(({ url }) => url);
    expect(listing?.searchParams.get('match[]')).toBe('hits_total{namespace!="",pod!=""}');
    expect(query?.searchParams.get('query')).toBe(
      'sum(rate(hits_total{namespace="shop",pod="web-2"}[2m])) by (pod)',
    );
    const seconds = [query?.searchParams.get('time'), listing?.searchParams.get('start')].map(Number);
    expect((seconds[0] ?? 0) - (seconds[1] ?? 0)).toBeCloseTo(600, 2);
  });

  it('gives its credentials', async () => {
    await explain('web-2', '--header', 'Authorization: Bearer abc');
    await run('rules', 'explain', config(), '--prometheus', address('me:p%40ss@'));
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer abc', `Basic ${Buffer.from('me:p@ss').toString('base64')}`]),
    );
  });

  it('says what the adapter makes of infinity', async () => {
    expect((await explain('web-1')).stdout).toMatch(
      /\nnote +a result is \+Inf, which the adapter serves as -9223/,
    );
  });

  it('explains what Prometheus refuses', async () => {
    answer = (url) =>
      url.pathname.endsWith('/query')
        ? { status: 400, body: { status: 'error', errorType: 'bad_data', error: '1:1: parse error: x' } }
        : good(url);
    const { exitCode, stdout } = await explain('web-1');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Prometheus refuses the query: bad_data: 1:1: parse error: x');
  });

  it.each([
    ['a login page', { body: '<html>' }, 'answers 200 with what is not of Prometheus\' API: "<html>"'],
    ['nothing', { status: 502, body: '' }, 'answers 502'],
    [
      'another form',
      { body: { status: 'success', data: { a: 1 } } },
      'answers in another form than Prometheus does',
    ],
    ['401', { status: 401, body: 'no' }, 'refuses with 401: give credentials with --header'],
  ])('gives up on %s', async (_, said, message) => {
    answer = () => said;
    const { exitCode, stdout, stderr } = await explain('web-1');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('waits no longer than it is told', async () => {
    answer = () => undefined;
    expect((await explain('web-1', '--timeout', '50ms')).stderr).toContain(
      'cannot be asked: no answer within 0.05 s',
    );
  });

  it('says that nobody is there', async () => {
    const { exitCode, stderr } = await run(
      'rules',
      'explain',
      config(),
      '--prometheus',
      'http://nobody.invalid',
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('http://nobody.invalid/: cannot be asked: ');
  });
});
