import { writeFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inClusterSettings } from '../../../../apps/adapter/sources';
import { ReloadedFiles } from '../../../../apps/adapter/sources/reloaded-files';
import { Bench, containing, type FakePrometheus, matching, only, patient } from './support';

describe('credentials of a source', () => {
  let bench: Bench;
  let prometheus: FakePrometheus;

  beforeEach(async () => {
    bench = new Bench();
    prometheus = await bench.server();
  });
  afterEach(() => bench.end());

  const sent = () => prometheus.last.headers.authorization;

  test('a token that is replaced is used from the next second on', async () => {
    const bearerTokenFile = await bench.file('token', 'first\n');
    const source = bench.source({ url: prometheus.url, bearerTokenFile });
    await source.query('x', 0, patient);
    expect(sent()).toEqual(['Bearer first']);
    await bench.file('token', 'second');
    await source.query('x', 0, patient);
    expect(sent()).toEqual(['Bearer first']);
    bench.clock.advance(1_000);
    await source.query('x', 0, patient);
    expect(sent()).toEqual(['Bearer second']);
    expect(bench.logged('info')).toEqual(['bearer token of source main changed']);
  });

  test('a token that is refused is looked for at once, and the query tried again', async () => {
    const bearerTokenFile = await bench.file('token', 'first');
    const source = bench.source({ url: prometheus.url, bearerTokenFile });
    await source.query('x', 0, patient);
    await bench.file('token', 'second');
    prometheus.answer = only('Bearer second');
    expect(await source.query('x', 0, patient)).toMatchObject({ type: 'vector' });
    expect(prometheus.asked).toHaveLength(3);
    prometheus.answer = only('Bearer third');
    expect(await source.query('x', 0, patient)).toMatchObject({
      unavailable: true,
      error: containing('it refuses the credentials'),
    });
    expect(prometheus.asked).toHaveLength(4);
  });

  test('of several queries at the start each waits until the token is read', async () => {
    const bearerTokenFile = await bench.file('token', 'first');
    prometheus.answer = only('Bearer first');
    const source = bench.source({ url: prometheus.url, bearerTokenFile });
    const outcomes = await Promise.all(['x', 'y', 'z'].map((query) => source.query(query, 0, patient)));
    expect(outcomes).toEqual(Array(3).fill(expect.objectContaining({ type: 'vector' })));
  });

  test('of several queries with a token that was replaced, those refused last are tried again too', async () => {
    const source = bench.source({
      url: prometheus.url,
      bearerTokenFile: await bench.file('token', 'first'),
    });
    const held: (() => void)[] = [];
    prometheus.answer = (...call) => void held.push(() => only('Bearer second')(...call));
    const outcomes = [source.query('x', 0, patient), source.query('y', 0, patient)];
    await prometheus.until(2);
    await bench.file('token', 'second');
    held[0]?.();
    // What was refused first has found the new token.
    await prometheus.until(3);
    held[1]?.();
    await prometheus.until(4);
    for (const answer of held.slice(2)) answer();
    expect(await Promise.all(outcomes)).toEqual(Array(2).fill(expect.objectContaining({ type: 'vector' })));
  });

  test('a token that is replaced while the file is looked at is found by who was refused the old one', async () => {
    const path = await bench.file('token', '0');
    const read = ([text = '']: readonly string[]) => text;
    const files = new ReloadedFiles({
      what: 'token',
      paths: [path],
      read,
      now: bench.clock.now,
      logger: bench.logger,
    });
    for (let round = 1; round <= 200; round += 1) {
      const used = await files.current();
      bench.clock.advance(1_000);
      const looked = files.current();
      if (round % 2 === 0) await new Promise(setImmediate);
      writeFileSync(path, String(round));
      expect(await files.renew(used)).toBe(true);
      await looked;
      expect(await files.current()).toBe(String(round));
    }
  });

  test('the symbolic links of a mounted Secret', async () => {
    const folder = dirname(await bench.file('unused', ''));
    const publish = async (version: string) => {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'token'), version);
      await symlink(version, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await publish('v1');
    await symlink('..data/token', join(folder, 'token'));
    const source = bench.source({ url: prometheus.url, bearerTokenFile: join(folder, 'token') });
    await source.query('x', 0, patient);
    expect(sent()).toEqual(['Bearer v1']);
    await publish('v2');
    await rm(join(folder, 'v1'), { recursive: true });
    bench.clock.advance(1_000);
    await source.query('x', 0, patient);
    expect(sent()).toEqual(['Bearer v2']);
  });

  test('what was good stays while the file is garbage or missing, which is said once', async () => {
    const bearerTokenFile = await bench.file('token', 'good');
    const source = bench.source({ url: prometheus.url, bearerTokenFile });
    const ask = async () => {
      bench.clock.advance(1_000);
      await source.query('x', 0, patient);
      return sent();
    };
    expect(await ask()).toEqual(['Bearer good']);
    await bench.file('token', 'two\nlines');
    expect([await ask(), await ask()]).toEqual([['Bearer good'], ['Bearer good']]);
    await rm(bearerTokenFile);
    expect([await ask(), await ask()]).toEqual([['Bearer good'], ['Bearer good']]);
    expect(bench.logged('error')).toEqual([
      matching(/^bearer token of source main cannot be read: the file has line breaks .* stays in use$/),
      matching(/^bearer token of source main cannot be read: .*ENOENT.* stays in use$/),
    ]);
    await bench.file('token', 'better');
    expect(await ask()).toEqual(['Bearer better']);
  });

  test('without any token nothing is sent, until there is one', async () => {
    const folder = dirname(await bench.file('unused', ''));
    const source = bench.source({ url: prometheus.url, ...inClusterSettings(folder), tls: {} });
    for (let count = 0; count < 7; count += 1) {
      expect(await source.query('x', 0, patient)).toMatchObject({
        unavailable: true,
        error: matching(/bearer token of source main: .*ENOENT/),
      });
    }
    expect(prometheus.asked).toHaveLength(0);
    await bench.file('token', 'there');
    bench.clock.advance(1_000);
    expect(await source.query('x', 0, patient)).toMatchObject({ type: 'vector' });
  });

  test('user and password, of a file or of the URL', async () => {
    const passwordFile = await bench.file('password', 'grün:1\n');
    await bench
      .source({ url: prometheus.url, basic: { username: 'me', passwordFile } })
      .query('x', 0, patient);
    expect(sent()).toEqual([`Basic ${Buffer.from('me:grün:1').toString('base64')}`]);
    const url = prometheus.url.replace('//', '//me:p%40ss@');
    const outcome = await bench.source({ url }).query('x', 0, patient);
    expect(sent()).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
    expect(outcome).toMatchObject({ type: 'vector' });
    expect(prometheus.last.headers.host).toEqual([`127.0.0.1:${prometheus.port}`]);
  });

  test('two kinds at once are refused; a header Authorization goes before', async () => {
    const bearerTokenFile = await bench.file('token', 'file');
    const basic = { username: 'me', passwordFile: bearerTokenFile };
    expect(() => bench.source({ url: prometheus.url, bearerTokenFile, basic })).toThrow(
      'source main: bearerTokenFile and basic: a request can have one kind of credentials only',
    );
    const headers = [['Authorization', 'Custom abc']] as const;
    await bench.source({ url: prometheus.url, bearerTokenFile, headers }).query('x', 0, patient);
    expect(sent()).toEqual(['Custom abc']);
    expect(bench.logged('warn')).toEqual([
      'source main: its header Authorization is sent instead of bearerTokenFile',
    ]);
  });

  test('a kubeconfig', async () => {
    let credentials: object = { token: 'of-config' };
    const kubeconfig = (path: string) => ({
      credentials: () =>
        path === '/kubeconfig' ? Promise.resolve(credentials) : Promise.reject(new Error(path)),
    });
    const source = bench.source({ url: prometheus.url, kubeconfig: '/kubeconfig' }, { kubeconfig });
    await source.query('x', 0, patient);
    expect(sent()).toEqual(['Bearer of-config']);
    credentials = { basic: { username: 'a', password: 'b' } };
    await source.query('x', 0, patient);
    expect(sent()).toEqual(['Basic YTpi']);
    const broken = bench.source({ url: prometheus.url, kubeconfig: '/none' }, { kubeconfig });
    expect(await broken.query('x', 0, patient)).toEqual({
      unavailable: true,
      error: 'source main: kubeconfig: /none',
    });
  });

  test('Signature Version 4 signs the body, with the credentials of the environment', async () => {
    const saved = { ...process.env };
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
    });
    try {
      const sigv4 = { region: 'eu-west-1', service: 'aps' };
      const source = bench.source({ url: `${prometheus.url}/workspaces/ws-1`, sigv4, tenant: 'team-a' });
      await source.query('up', 0, patient);
      const { headers, body } = prometheus.last;
      expect(headers['x-amz-date']).toEqual(['20231114T221320Z']);
      expect(headers['x-amz-security-token']).toEqual(['session']);
      expect(headers['x-amz-content-sha256']).toEqual([await sha256(body)]);
      expect(headers['x-scope-orgid']).toEqual(['team-a']);
      expect(headers.authorization?.[0]).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20231114\/eu-west-1\/aps\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
      );
      const signature = headers.authorization?.[0];
      await source.query('down', 0, patient);
      expect(sent()?.[0]).not.toBe(signature);
    } finally {
      process.env = saved;
    }
  });
});

async function sha256(body: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(body))).toString('hex');
}
