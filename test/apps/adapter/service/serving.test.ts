import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { issueServing } from '../../../../apps/adapter/certificates/issue';
import { startServing, type Serving } from '../../../../apps/adapter/service/serving';
import { ApiClient, proxiedAccess } from '../../../../apps/kube-api';
import { parseAdapterArgs } from '../../../../core/adapter';
import { FakeApiServer } from '../../kube-api/fake-api-server';
import { ManualTimers } from '../manual-timers';

const NOW_MS = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;
const SECRETS = '/api/v1/namespaces/monitoring/secrets';
const SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const MANAGED = { SERVING_SECRET: 'monitoring/cert', SERVICE: 'monitoring/adapter', API_SERVICES: 'v1.x' };

let folder: string;
let server: FakeApiServer;
let client: ApiClient;
let timers: ManualTimers;
let serving: Serving | undefined;
let shown: object[];
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serving-'));
  server = await FakeApiServer.start();
  client = new ApiClient(proxiedAccess(server.url));
  timers = new ManualTimers(NOW_MS);
  shown = [];
  warnings = [];
});
afterEach(async () => {
  await serving?.close();
  serving = undefined;
  client.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

async function start(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const ignore = () => undefined;
  const logger = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (text: string) => void warnings.push(text),
  };
  const all = ['--config=c', '--prometheus-url=http://p', `--cert-dir=${folder}`, ...args];
  serving = await startServing({
    ...{ flags: parseAdapterArgs(all).serving, environment, client, logger, timers },
    onCertificates: (certificates) => shown.push(certificates),
  });
  return serving;
}

async function files(name: string, notAfterMs: number) {
  const pair = issueServing([name], { notBeforeMs: NOW_MS - 1000, notAfterMs });
  await writeFile(join(folder, `${name}.crt`), pair.certificate);
  await writeFile(join(folder, `${name}.key`), pair.key);
  return { pair, paths: [join(folder, `${name}.crt`), join(folder, `${name}.key`)] as const };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** A file that is read to its end only when it is filled. */
async function slowFile(path: string): Promise<(text: string) => Promise<void>> {
  await promisify(execFile)('mkfifo', [path]);
  return (text) => writeFile(path, text);
}

function cluster() {
  server.put(SECRETS, { metadata: { name: 'cert', namespace: 'monitoring' } });
  const spec = { service: { namespace: 'monitoring', name: 'adapter' } };
  server.put(SERVICES, { metadata: { name: 'v1.x' }, ...{ spec } });
}

describe('certificates for certain names', () => {
  it('that change while the certificate of the server is still read are those that are served first', async () => {
    const own = issueServing(['localhost'], { notBeforeMs: NOW_MS - 1000, notAfterMs: NOW_MS + DAY_MS });
    await writeFile(join(folder, 'apiserver.key'), own.key);
    const fill = await slowFile(join(folder, 'apiserver.crt'));
    const { paths } = await files('a.test', NOW_MS + DAY_MS);
    const starting = start([`--tls-sni-cert-key=${paths.join(',')}`], {});
    const polled = () => timers.pending.includes(60_000);
    await until(polled);
    const { pair } = await files('a.test', NOW_MS + 2 * DAY_MS);
    timers.advance(60_000);
    await until(() => shown.length > 0);
    await fill(own.certificate);
    expect((await starting).first).toEqual({ certificate: own, named: [{ ...pair, names: [] }] });
  });

  const named = async () => {
    const { pair, paths } = await files('x.test', NOW_MS + DAY_MS);
    return { flag: `--tls-sni-cert-key=${paths.join()}:x.test`, served: [{ ...pair, names: ['x.test'] }] };
  };

  it('are served beside a file', async () => {
    const { paths, pair } = await files('main', NOW_MS + 9 * DAY_MS);
    const { flag, served } = await named();
    const { first } = await start(
      [`--tls-cert-file=${paths[0]}`, `--tls-private-key-file=${paths[1]}`, flag],
      {},
    );
    expect(first).toEqual({ certificate: pair, named: served });
  });

  it('are served beside a certificate for localhost', async () => {
    const { flag, served } = await named();
    const started = await start([flag], {});
    const { first } = started;
    expect([first.named, first.certificate !== undefined]).toEqual([served, true]);
    expect(started.expiries()).toEqual({ serving: NOW_MS + DAY_MS });
  });

  it('are served beside one that is looked after, and stay when that is replaced', async () => {
    cluster();
    const { flag, served } = await named();
    const started = await start([flag], MANAGED);
    const { first } = started;
    expect(first.named).toEqual(served);
    await until(() => shown.length > 0);
    expect(shown).toEqual([{ certificate: expect.anything() as object }]);
    expect(started.expiries().serving).toBe(NOW_MS + DAY_MS);
  });

  it('keep it from starting if they cannot be read', async () => {
    await expect(start([`--tls-sni-cert-key=${folder}/none,${folder}/none`], MANAGED)).rejects.toThrow(
      'none',
    );
    expect(server.seen).toEqual([]);
  });
});

it('warns that a Secret is not served where files are', async () => {
  const { paths } = await files('main', NOW_MS + DAY_MS);
  await start([`--tls-cert-file=${paths[0]}`, `--tls-private-key-file=${paths[1]}`], MANAGED);
  expect(warnings).toEqual([expect.stringMatching(/^SERVING_SECRET has no effect: --tls-cert-file/)]);
  expect(server.seen).toEqual([]);
});

it('counts a certificate that was looked after and expired as missing', async () => {
  cluster();
  const started = await start([], MANAGED);
  expect(started.missing()).toBe('there is no serving certificate yet');
  await until(() => shown.length > 0);
  expect(started.missing()).toBeUndefined();
  server.misbehave(() => true);
  timers.advance(91 * DAY_MS);
  expect(started.missing()).toBe('the serving certificate has expired');
});
