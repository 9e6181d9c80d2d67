import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../../core/errors';
import {
  CertificateFiles,
  managedSettings,
  selfSignedCertificate,
  type FileCertificates,
} from '../../../../apps/adapter/certificates';
import { issueServing, type KeyPair } from '../../../../apps/adapter/certificates/issue';
import type { Logger } from '../../../../apps/runtime';
import { ManualTimers } from '../manual-timers';

const NOW_MS = Date.UTC(2030, 0, 1);
const YEAR_MS = 365 * 86_400_000;
const pair = (name: string, notAfterMs = NOW_MS + YEAR_MS) =>
  issueServing([name], { notBeforeMs: NOW_MS - 1000, notAfterMs });

let folder: string;
let said: string[];
let logger: Logger;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  said = [];
  const say = (message: string, fields?: object) =>
    void said.push(`${message}${fields && 'cause' in fields ? `: ${String(fields.cause)}` : ''}`);
  logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };
});
afterEach(() => rm(folder, { recursive: true }));

const paths = (name: string) => ({
  certificate: join(folder, `${name}.crt`),
  key: join(folder, `${name}.key`),
});
async function write(name: string, { certificate, key }: KeyPair): Promise<void> {
  await writeFile(paths(name).certificate, certificate);
  await writeFile(paths(name).key, key);
}

describe('certificates in files', () => {
  let timers: ManualTimers;
  let files: CertificateFiles;
  let served: FileCertificates[];
  let refusing: boolean;
  beforeEach(() => {
    timers = new ManualTimers(NOW_MS);
    served = [];
    refusing = false;
    files = new CertificateFiles({
      ...{ certificate: paths('main'), named: [{ ...paths('named'), names: ['x.test'] }] },
      ...{ logger, timers },
      onCertificates: (certificates) => {
        if (refusing) throw new Error('a key that is too short');
        served.push(certificates);
      },
    });
  });
  afterEach(() => files.close());
  const looked = () => timers.until(() => timers.pending.some((ms) => ms > 200));
  const poll = async () => {
    timers.advance(60_000);
    await looked();
  };

  it('are served, and others when they change; what cannot be used does not count', async () => {
    const [first, second, named] = [pair('first'), pair('second'), pair('named', NOW_MS + 5000)];
    await write('main', first);
    await write('named', named);
    expect(await files.start()).toEqual({ certificate: first, named: [{ ...named, names: ['x.test'] }] });
    expect(files.notAfterMs).toBe(NOW_MS + 5000);
    await looked();
    await writeFile(paths('main').certificate, second.certificate);
    await poll();
    expect([served, files.problem]).toEqual([
      [],
      expect.stringMatching(/main\.key: not the key of the certificate/),
    ]);
    await writeFile(paths('main').key, second.key);
    await poll();
    expect([served.map(({ certificate }) => certificate), files.problem]).toEqual([[second], undefined]);
    await writeFile(paths('main').key, 'garbage');
    await poll();
    expect([served.length, said.at(-1)]).toEqual([
      1,
      expect.stringMatching(/main\.key: no private key in PEM/),
    ]);
  });

  it('that are refused by who serves them do not count', async () => {
    await write('main', pair('first'));
    await write('named', pair('named', NOW_MS + 5000));
    await files.start();
    await looked();
    refusing = true;
    await write('named', pair('named', NOW_MS + 9000));
    await poll();
    expect([files.notAfterMs, files.problem]).toEqual([NOW_MS + 5000, 'a key that is too short']);
    refusing = false;
    await write('named', pair('named', NOW_MS + 8000));
    await poll();
    expect([files.notAfterMs, files.problem]).toEqual([NOW_MS + 8000, undefined]);
  });

  it('that cannot be used at first are an error', async () => {
    await write('main', { ...pair('a'), certificate: 'x' });
    await write('named', pair('b'));
    await expect(files.start()).rejects.toThrow(/main\.crt: no certificate in PEM/);
    expect(timers.pending.filter((ms) => ms <= 200)).toEqual([]);
  });
});

describe('a server without a certificate', () => {
  it('makes one, warns, and keeps it', async () => {
    const made = await selfSignedCertificate(join(folder, 'new'), NOW_MS, logger);
    expect(said).toEqual([expect.stringMatching(/^made a certificate for localhost/)]);
    expect(await selfSignedCertificate(join(folder, 'new'), NOW_MS + 1000, logger)).toEqual(made);
    expect(await readFile(join(folder, 'new', 'apiserver.crt'), 'utf8')).toBe(made.certificate);
    const later = await selfSignedCertificate(join(folder, 'new'), NOW_MS + YEAR_MS, logger);
    expect(later).not.toEqual(made);
  });

  it('makes one that it does not keep where it cannot', async () => {
    await writeFile(join(folder, 'file'), '');
    const made = await selfSignedCertificate(join(folder, 'file'), NOW_MS, logger);
    expect(made.certificate).toMatch(/^-----BEGIN CERTIFICATE/);
  });
});

describe('the variables of a managed certificate', () => {
  it('name the Secret, the APIServices and ConfigMaps', () => {
    expect(managedSettings({})).toBeUndefined();
    expect(managedSettings({ SERVICE: 'a/s' })).toBeUndefined();
    const own = { SERVING_SECRET: 'a/b', SERVICE: 'a/s' };
    expect(managedSettings({ ...own, API_SERVICES: 'v1.x, v2.x' })).toEqual({
      secret: { namespace: 'a', name: 'b' },
      service: { namespace: 'a', name: 's' },
      apiServices: ['v1.x', 'v2.x'],
      caConfigMaps: [],
    });
    expect(managedSettings({ ...own, API_SERVICES: 'v1.x', CA_CONFIG_MAPS: 'c/d, e/f' })).toMatchObject({
      caConfigMaps: [
        { namespace: 'c', name: 'd' },
        { namespace: 'e', name: 'f' },
      ],
    });
  });

  it.each([
    ['SERVING_SECRET', { SERVING_SECRET: 'b', API_SERVICES: 'v1.x' }],
    ['SERVING_SECRET', { SERVING_SECRET: 'a/b/c', API_SERVICES: 'v1.x' }],
    ['API_SERVICES', { SERVING_SECRET: 'a/b' }],
    ['SERVING_SECRET', { SERVING_SECRET: '', API_SERVICES: 'v1.x' }],
    ['API_SERVICES', { SERVING_SECRET: 'a/b', API_SERVICES: ' , ' }],
    ['SERVING_SECRET', { SERVING_SECRET: '', CA_CONFIG_MAPS: 'c/d' }],
    ['CA_CONFIG_MAPS', { SERVING_SECRET: 'a/b', API_SERVICES: 'v1.x', CA_CONFIG_MAPS: 'd' }],
    ['SERVICE', { SERVING_SECRET: 'a/b', API_SERVICES: 'v1.x', SERVICE: '' }],
    ['SERVICE', { SERVING_SECRET: 'a/b', API_SERVICES: 'v1.x', SERVICE: 's' }],
  ])('are an error of %s as %j', (variable, environment) => {
    const read = () => managedSettings({ SERVICE: 'a/s', ...environment });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(new RegExp(`^${variable}[=:]`));
  });
});
