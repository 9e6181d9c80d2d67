import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { ManagedCertificate, type KeyPair } from '../../../../apps/adapter/certificates';
import { createAuthority, issueServing } from '../../../../apps/adapter/certificates/issue';
import { ApiClient, PATIENCE, proxiedAccess } from '../../../../apps/kube-api';
import type { Logger } from '../../../../apps/runtime';
import { FakeApiServer, reply } from '../../kube-api/fake-api-server';
import { ManualTimers } from '../manual-timers';

const SECRETS = '/api/v1/namespaces/monitoring/secrets';
const SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const CONFIG_MAPS = '/api/v1/namespaces/observed/configmaps';
const NAMES = ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io'];
const DAY_MS = 86_400_000;
const SETTLE_MS = 100;

interface Replica {
  readonly managed: ManagedCertificate;
  readonly served: KeyPair[];
  readonly problems: string[];
  readonly warnings: object[];
}

let server: FakeApiServer;
let timers: ManualTimers;
let replicas: Replica[];
let clients: ApiClient[];
/** APIServices that did not take a certificate at the moment at which it was served. */
let untrusted: string[];

beforeEach(async () => begin());
afterEach(async () => end());

async function begin() {
  server = await FakeApiServer.start();
  timers = new ManualTimers();
  replicas = [];
  clients = [];
  untrusted = [];
  for (const name of NAMES) server.put(SERVICES, apiService(name));
  putSecret({});
}

async function end() {
  await Promise.all(replicas.map(({ managed }) => managed.close()));
  for (const client of clients) client.close();
  await server.stop();
  expect(untrusted).toEqual([]);
}

function apiService(name: string, spec: object = {}) {
  return { metadata: { name }, spec: { service: { namespace: 'monitoring', name: 'adapter' }, ...spec } };
}

function putSecret(content: Readonly<Record<string, string>>) {
  const data = Object.fromEntries(
    Object.entries(content).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  server.put(SECRETS, { metadata: { name: 'cert', namespace: 'monitoring' }, ...{ type: 'Opaque', data } });
}

function putConfigMap(data: Readonly<Record<string, string>>) {
  server.put(CONFIG_MAPS, { metadata: { name: 'cert-ca', namespace: 'observed' }, ...{ data } });
}

function serviceOf(name: string): object | undefined {
  return (server.object(SERVICES, name) as { spec?: object } | undefined)?.spec;
}

function replica(
  caConfigMaps: readonly { namespace: string; name: string }[] = [],
  onFirst: () => void = () => undefined,
): Replica {
  let showing = onFirst;
  const client = new ApiClient(proxiedAccess(server.url));
  clients.push(client);
  const served: KeyPair[] = [];
  const problems: string[] = [];
  const warnings: object[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message, fields) => void warnings.push({ message, ...fields }),
    error: (_, fields) => void problems.push(String(fields?.['cause'])),
  };
  const managed = new ManagedCertificate({
    client,
    patience: { ...PATIENCE, retryMs: { first: 1, most: 4 } },
    secret: { namespace: 'monitoring', name: 'cert' },
    service: { namespace: 'monitoring', name: 'adapter' },
    apiServices: NAMES,
    caConfigMaps,
    ...{ logger, timers, random: () => 0.5 },
    onCertificate: (pair) => {
      const show = showing;
      showing = () => undefined;
      show();
      served.push(pair);
      untrusted.push(...untrusting(pair));
    },
  });
  managed.start();
  const started = { managed, served, problems, warnings };
  replicas.push(started);
  return started;
}

function dataOf(): Readonly<Record<string, string>> {
  const { data = {} } = server.object(SECRETS, 'cert') as { data?: Record<string, string> };
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  );
}

function bundleOf(name: string): string {
  const stored = server.object(SERVICES, name) as unknown as { spec: { caBundle?: string } } | undefined;
  return Buffer.from(stored?.spec.caBundle ?? '', 'base64').toString();
}

/** The APIServices that would not take the certificate. */
function untrusting({ certificate }: KeyPair): string[] {
  const leaf = new X509Certificate(certificate);
  return NAMES.filter((name) => {
    const blocks = bundleOf(name).match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? [];
    return !blocks.some((block) => leaf.verify(new X509Certificate(block).publicKey));
  });
}

/** Until all that is going on has come to an end: what settles has settled, and no more than long waits are left. */
async function quiet(of = replicas.length): Promise<void> {
  const settling = () => timers.pending.some((ms) => ms <= SETTLE_MS);
  const waiting = () => timers.pending.length >= of;
  do {
    if (settling()) timers.advance(SETTLE_MS);
    await timers.until(() => settling() || waiting());
  } while (settling());
}

/** Lets time pass, and what it brings. */
async function pass(ms: number): Promise<void> {
  timers.advance(ms);
  await quiet();
}

describe('a certificate that is looked after', () => {
  it('is made in an empty Secret, trusted, and served, in this order', async () => {
    const startMs = timers.now();
    const { served, managed, problems } = replica();
    await quiet();
    expect(served).toEqual([{ certificate: dataOf()['tls.crt'], key: dataOf()['tls.key'] }]);
    const leaf = new X509Certificate(served[0]?.certificate ?? '');
    expect(leaf.subjectAltName).toMatch(
      /^DNS:adapter\.monitoring\.svc, DNS:adapter\.monitoring\.svc\.cluster/,
    );
    expect(Date.parse(leaf.validFrom)).toBe(startMs - 300_000);
    expect(managed.state).toEqual({
      notAfterMs: startMs + 90 * DAY_MS,
      authorityNotAfterMs: startMs + 365 * DAY_MS,
      problem: undefined,
      foreign: [],
    });
    expect(problems).toEqual([]);
    const writes = server.seen
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => [method, path]);
    expect(writes).toEqual([
      ['PUT', `${SECRETS}/cert`],
      ...NAMES.map((name) => ['PATCH', `${SERVICES}/${name}`]),
    ]);
  });

  it('stays as it is when another replica starts', async () => {
    const first = replica();
    await quiet();
    const writes = server.seen.filter(({ method }) => method !== 'GET').length;
    const second = replica();
    await quiet();
    expect(second.served).toEqual(first.served);
    expect(server.seen.filter(({ method }) => method !== 'GET')).toHaveLength(writes);
  });

  it('is replaced after two thirds of its life, by one of the same authority', async () => {
    const { served } = replica();
    await quiet();
    const authority = dataOf()['ca.crt'];
    await pass(59 * DAY_MS);
    expect(served).toHaveLength(1);
    await pass(4 * DAY_MS);
    expect([served.length, dataOf()['ca.crt']]).toEqual([2, authority]);
  });

  it('gets a new authority, which is trusted for two minutes before it is used', async () => {
    const { served } = replica();
    await quiet();
    const old = dataOf()['ca.crt'] ?? '';
    for (const days of [63, 63, 63, 63]) await pass(days * DAY_MS);
    expect([served.length, dataOf()['ca.crt']]).toEqual([5, old]);
    await pass(DAY_MS);
    const before = served.length;
    const bundle = dataOf()['ca.crt'] ?? '';
    expect(bundle.endsWith(old) && bundle.length > old.length).toBe(true);
    expect(NAMES.map(bundleOf)).toEqual([bundle, bundle]);
    await pass(110_000);
    expect(served).toHaveLength(before);
    await pass(10_000);
    const now = new X509Certificate(served.at(-1)?.certificate ?? '');
    expect(now.checkIssued(new X509Certificate(bundle))).toBe(true);
  });

  it('is trusted again when somebody empties a bundle or turns checks off', async () => {
    replica();
    await quiet();
    await server.until(() => server.watching(SERVICES) === 2);
    const [name = ''] = NAMES;
    server.put(SERVICES, apiService(name, { insecureSkipTLSVerify: true }));
    await timers.until(() => timers.pending.includes(SETTLE_MS));
    await quiet();
    expect(bundleOf(name)).toBe(dataOf()['ca.crt']);
    expect(server.object(SERVICES, name)).toMatchObject({ spec: { insecureSkipTLSVerify: false } });
  });

  it('is trusted again too when that happened while no watch could tell', async () => {
    replica();
    await quiet();
    await server.until(() => server.watching(SERVICES) === 2);
    const [name = ''] = NAMES;
    server.putSilently(SERVICES, apiService(name));
    server.compact();
    server.fail(SERVICES, 410, 'too old resource version');
    await timers.until(() => timers.pending.includes(SETTLE_MS));
    await quiet();
    expect(bundleOf(name)).toBe(dataOf()['ca.crt']);
  });

  it('has a new authority trusted for two minutes again when a bundle was emptied meanwhile', async () => {
    const { served } = replica();
    await quiet();
    for (const days of [63, 63, 63, 63, 1]) await pass(days * DAY_MS);
    const before = served.length;
    const [name = ''] = NAMES;
    // Without a word, so that the look that is due finds it.
    server.putSilently(SERVICES, apiService(name));
    await pass(120_000);
    expect([served.length, bundleOf(name)]).toEqual([before, dataOf()['ca.crt']]);
    await pass(120_000);
    expect(served).toHaveLength(before + 1);
  });
});

describe('a Secret that is not as it should be', () => {
  const validity = { notBeforeMs: Date.UTC(2029, 0, 1), notAfterMs: Date.UTC(2031, 0, 1) };
  const foreign = createAuthority('foreign', validity);
  const own = issueServing(['adapter.monitoring.svc'], validity);

  it.each<[string, Readonly<Record<string, string>>]>([
    ['with garbage', { 'tls.crt': 'x', 'tls.key': 'y', 'ca.crt': 'z', 'ca.key': '\u0000' }],
    ['without a key', { 'tls.crt': own.certificate, 'ca.crt': foreign.certificate }],
    ['with keys of others', { 'tls.crt': own.certificate, 'tls.key': foreign.key, 'ca.key': own.key }],
    [
      'of an authority that is over',
      { 'ca.crt': createAuthority('a', { notBeforeMs: 0, notAfterMs: 1e12 }).certificate },
    ],
  ])('%s is put in order', async (_, content) => {
    putSecret(content);
    const { served, problems } = replica();
    await quiet();
    expect([served.length, problems]).toEqual([1, []]);
  });

  it('is named if it is missing, and looked for again', async () => {
    server.remove(SECRETS, { metadata: { name: 'cert', namespace: 'monitoring' } });
    const { served, problems } = replica();
    await quiet();
    expect(problems[0]).toMatch(/^Secret monitoring\/cert does not exist: create it, empty/);
    putSecret({});
    await pass(60_000);
    expect(served).toHaveLength(1);
  });

  it('that may not be written is an error', async () => {
    const refuse = () =>
      server.misbehave(({ method }, response) => {
        if (method !== 'PUT') return false;
        refuse();
        return reply(response, 403, { message: 'forbidden' });
      });
    refuse();
    const { served, problems } = replica();
    await quiet();
    expect([served.length, problems]).toEqual([0, ['forbidden']]);
  });
});

describe('an APIService', () => {
  it('that is missing does not keep the others from being trusted', async () => {
    const [name = '', other = ''] = NAMES;
    server.remove(SERVICES, apiService(other));
    const { served, problems } = replica();
    await quiet();
    untrusted = untrusted.filter((each) => each !== other);
    expect([served.length, bundleOf(name)]).toEqual([1, dataOf()['ca.crt']]);
    expect(problems).toEqual([`APIService ${other} cannot be read: ${other} not found`]);
  });

  it('that may not be written leaves the certificate of before, or the only one there is', async () => {
    const refuse = () =>
      server.misbehave(
        ({ method }, response) => method === 'PATCH' && reply(response, 403, { message: 'no' }),
      );
    refuse();
    const { served, problems, managed } = replica();
    await quiet();
    expect(served).toHaveLength(1);
    expect(problems).toEqual([expect.stringMatching(/^caBundle of APIService .* cannot be written: no$/)]);
    expect(untrusted).toHaveLength(1);
    untrusted = [];
    await pass(60_000);
    expect([managed.state.problem, NAMES.map(bundleOf)]).toEqual([
      undefined,
      NAMES.map(() => dataOf()['ca.crt']),
    ]);
  });
});

describe('an APIService of another server', () => {
  const [ours = '', other = ''] = NAMES;
  const old = {
    service: { namespace: 'monitoring', name: 'old-adapter' },
    caBundle: Buffer.from('of the old one').toString('base64'),
    insecureSkipTLSVerify: false,
  };
  const writesTo = (name: string) =>
    server.seen.filter(({ method, path }) => method === 'PATCH' && path === `${SERVICES}/${name}`).length;

  it('is left alone, and told once; the certificate is for the own Service', async () => {
    server.put(SERVICES, apiService(other, old));
    const { served, problems, warnings, managed } = replica();
    await quiet();
    untrusted = untrusted.filter((each) => each !== other);
    expect([serviceOf(other), writesTo(other), bundleOf(ours)]).toEqual([old, 0, dataOf()['ca.crt']]);
    expect(problems).toEqual([]);
    expect(served.map(({ certificate }) => new X509Certificate(certificate).subjectAltName)).toEqual([
      expect.not.stringContaining('old-adapter'),
    ]);
    expect(managed.state.foreign).toEqual([
      `${other} leads to Service monitoring/old-adapter, not to Service monitoring/adapter: ` +
        'it is left alone until it does',
    ]);
    await pass(300_000);
    expect(warnings).toEqual([
      {
        message: 'an APIService leads to another server and is left alone',
        ...{ apiService: other, leadsTo: 'monitoring/old-adapter' },
      },
    ]);
  });

  it('is trusted as soon as it is switched', async () => {
    for (const name of NAMES) server.put(SERVICES, apiService(name, old));
    const { served, managed } = replica();
    await quiet();
    untrusted = [];
    expect([served.length, writesTo(ours), writesTo(other)]).toEqual([1, 0, 0]);
    await server.until(() => server.watching(SERVICES) === 2);
    server.put(SERVICES, apiService(other, { caBundle: old.caBundle }));
    await timers.until(() => timers.pending.includes(SETTLE_MS));
    await quiet();
    expect([bundleOf(other), serviceOf(ours)]).toEqual([dataOf()['ca.crt'], old]);
    expect(managed.state.foreign).toEqual([expect.stringContaining(ours)]);
  });

  it('is what the API server serves itself too', async () => {
    server.put(SERVICES, apiService(other, { service: null }));
    const { managed } = replica();
    await quiet();
    untrusted = untrusted.filter((each) => each !== other);
    expect(managed.state.foreign).toEqual([expect.stringContaining('leads to the API server itself')]);
    expect(writesTo(other)).toBe(0);
  });
});

describe('a certificate that cannot be shown', () => {
  it('is tried again', async () => {
    const { served, problems, managed } = replica([], () => {
      throw new Error('no memory');
    });
    await quiet();
    await pass(60_000);
    expect([served.length, problems, managed.state.problem]).toEqual([1, ['no memory'], undefined]);
  });
});

describe('a ConfigMap that others read', () => {
  const published = [{ namespace: 'observed', name: 'cert-ca' }];
  const data = () => {
    const stored = server.object(CONFIG_MAPS, 'cert-ca') as { data?: Record<string, string> } | undefined;
    return stored?.data;
  };

  it('gets the authorities that APIServices have, beside what else is in it', async () => {
    putConfigMap({ note: 'mine' });
    const { problems } = replica(published);
    await quiet();
    expect([data(), problems]).toEqual([{ note: 'mine', 'ca.crt': NAMES.map(bundleOf)[0] }, []]);
    expect(data()?.['ca.crt']).toMatch(/^-----BEGIN CERTIFICATE/);
  });

  it('is written once, whoever starts later', async () => {
    putConfigMap({});
    replica(published);
    await quiet();
    const { resourceVersion } = server.object(CONFIG_MAPS, 'cert-ca')?.metadata ?? {};
    replica(published);
    await quiet();
    expect(server.object(CONFIG_MAPS, 'cert-ca')?.metadata.resourceVersion).toBe(resourceVersion);
  });

  it('is filled again when somebody empties it', async () => {
    putConfigMap({});
    replica(published);
    await quiet();
    await server.until(() => server.watching(CONFIG_MAPS) === 1);
    putConfigMap({});
    await timers.until(() => timers.pending.includes(SETTLE_MS));
    await quiet();
    expect(data()?.['ca.crt']).toBe(dataOf()['ca.crt']);
  });

  it('that somebody changes meanwhile is read again', async () => {
    putConfigMap({});
    server.misbehave(({ method, path }, response) => {
      if (method !== 'PATCH' || !path.startsWith(CONFIG_MAPS)) return false;
      putConfigMap({ note: 'new' });
      return reply(response, 409, { code: 409, message: 'the object has been modified' });
    });
    const { problems } = replica(published);
    await quiet();
    expect([data(), problems]).toEqual([{ note: 'new', 'ca.crt': dataOf()['ca.crt'] }, []]);
  });

  it('that is missing is named, never made, and keeps neither the certificate nor its renewal', async () => {
    server.define(CONFIG_MAPS);
    const { served, problems } = replica(published);
    await quiet();
    expect(problems).toEqual([
      'ConfigMap observed/cert-ca cannot be read: it does not exist: create it without data; ' +
        'the adapter fills in ca.crt',
    ]);
    await pass(63 * DAY_MS);
    expect(served).toHaveLength(2);
    expect(server.seen.filter(({ method }) => method === 'POST')).toEqual([]);
    putConfigMap({});
    await pass(60_000);
    expect(data()?.['ca.crt']).toBe(dataOf()['ca.crt']);
  });

  it('that may not be written is named', async () => {
    putConfigMap({});
    server.misbehave(
      ({ method, path }, response) =>
        method === 'PATCH' && path.startsWith(CONFIG_MAPS) && reply(response, 403, { message: 'no' }),
    );
    const { served, problems } = replica(published);
    await quiet();
    expect([served.length, problems]).toEqual([
      1,
      ['ca.crt of ConfigMap observed/cert-ca cannot be written: no'],
    ]);
  });
});

describe('two replicas', () => {
  it('that start together agree on one certificate, whoever is faster', async () => {
    await end();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 24 }), async (delays) => {
        await begin();
        const left = [...delays];
        // Each request waits for some turns of the event loop, so that those of both come in any order.
        for (let count = 0; count < 2; count++) replica();
        server.slowDown(async () => {
          for (let turn = left.shift() ?? 0; turn > 0; turn--) {
            await new Promise((resolve) => setImmediate(resolve));
          }
        });
        await quiet(2);
        const last = { certificate: dataOf()['tls.crt'], key: dataOf()['tls.key'] };
        expect(replicas.map(({ served }) => served.at(-1))).toEqual([last, last]);
        expect(NAMES.map(bundleOf)).toEqual(NAMES.map(() => dataOf()['ca.crt']));
        await end();
      }),
      { numRuns: 25 },
    );
    await begin();
  }, 60_000);
});
