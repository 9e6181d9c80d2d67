import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Trust } from '../../../../apps/adapter/service/trust';
import { ApiClient, proxiedAccess } from '../../../../apps/kube-api';
import { parseAdapterArgs } from '../../../../core/adapter';
import { issue } from '../auth/certificates';
import { FakeApiServer, reply } from '../../kube-api/fake-api-server';
import { ManualTimers } from '../manual-timers';

const CONFIG_MAPS = '/api/v1/namespaces/kube-system/configmaps';
const PROXY = issue({ name: 'proxy-ca', authority: true }).certificate;
const CLIENTS = issue({ name: 'client-ca', authority: true }).certificate;
const GOOD = {
  'requestheader-client-ca-file': PROXY,
  'client-ca-file': CLIENTS,
  'requestheader-allowed-names': '["front-proxy-client"]',
};

let server: FakeApiServer;
let client: ApiClient;
let timers: ManualTimers;
let trust: Trust | undefined;
let said: { readonly level: string; readonly message: string; readonly cause: unknown }[];

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = new ApiClient(proxiedAccess(server.url));
  timers = new ManualTimers();
  said = [];
});
afterEach(async () => {
  await trust?.close();
  trust = undefined;
  client.close();
  await server.stop();
});

function publish(data: Readonly<Record<string, string>>) {
  const metadata = { name: 'extension-apiserver-authentication', namespace: 'kube-system' };
  server.put(CONFIG_MAPS, { metadata, ...{ data } });
}

async function start(...args: readonly string[]): Promise<Trust> {
  const say = (level: string) => (message: string, fields?: object) => {
    said.push({ level, message, cause: fields && 'cause' in fields ? fields.cause : undefined });
    server.poke();
  };
  const logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const flags = parseAdapterArgs(['--config=c', '--prometheus-url=http://p', ...args]).authentication;
  trust = new Trust({ flags, client, logger, timers });
  await trust.start();
  return trust;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('whom to believe', () => {
  it('stays as it was when an update is refused, which is told and makes nothing unready', async () => {
    publish(GOOD);
    const started = await start();
    const before = started.holder.current.frontProxy?.roots;
    await server.until(() => server.watching(CONFIG_MAPS) === 1);
    publish({ ...GOOD, 'requestheader-client-ca-file': 'garbage' });
    await until(() => started.problem !== undefined);
    expect([started.missing, started.problem]).toEqual([
      undefined,
      expect.stringMatching(
        /extension-apiserver-authentication: request header CA: .*; what was read before stays/,
      ),
    ]);
    expect(started.holder.current.frontProxy?.roots).toBe(before);
    publish({ ...GOOD, 'requestheader-client-ca-file': 'garbage', note: 'the same again' });
    publish(GOOD);
    await until(() => started.problem === undefined);
    expect(said.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'whom to believe cannot be read'],
    ]);
  });

  it('is nobody without a front proxy', async () => {
    publish({ 'client-ca-file': CLIENTS });
    expect((await start()).missing).toBe('no front proxy is trusted yet');
  });

  it('is told if it is everybody: once, whatever is listed again', async () => {
    const wide = { 'requestheader-client-ca-file': PROXY, 'client-ca-file': PROXY };
    publish(wide);
    const started = await start();
    await server.until(() => server.watching(CONFIG_MAPS) === 1);
    publish({ ...wide, note: 'the same again' });
    publish({ ...wide, 'requestheader-allowed-names': '["front-proxy-client"]' });
    expect(started.risk).toMatch(
      /^every client with a certificate can act as anybody.*requestheader-allowed-names/,
    );
    await until(() => started.risk === undefined);
    expect([started.missing, started.problem]).toEqual([undefined, undefined]);
    expect(said).toEqual([
      {
        level: 'warn',
        message: 'the trust in clients is too wide',
        cause: expect.stringMatching(/^every client/) as string,
      },
    ]);
  });

  it('of files that cannot be read again is that of before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trust-'));
    const file = join(folder, 'ca.crt');
    await writeFile(file, PROXY);
    publish({ 'client-ca-file': CLIENTS });
    const started = await start(`--requestheader-client-ca-file=${file}`);
    await rm(folder, { recursive: true });
    await until(() => {
      timers.advance(60_000);
      return started.problem !== undefined;
    });
    expect([started.missing, started.problem]).toEqual([undefined, expect.stringContaining('ENOENT')]);
  });

  it('is watched again and again while that fails, which is told now and then', async () => {
    publish(GOOD);
    for (let count = 0; count < 4; count++)
      server.misbehave(
        ({ query }, response) => query.has('fieldSelector') && reply(response, 403, { message: 'no' }),
      );
    await start();
    const failures = () => said.filter(({ message }) => message === 'watch of whom to believe');
    await server.until(() => failures().length >= 2);
    expect(
      failures()
        .map(({ level }) => level)
        .slice(0, 2),
    ).toEqual(['warn', 'debug']);
  });
});
