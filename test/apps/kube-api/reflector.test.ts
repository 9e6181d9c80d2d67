import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiClient,
  inClusterAccess,
  proxiedAccess,
  Reflector,
  type ApiAccess,
  type Patience,
} from '../../../apps/kube-api';
import { FakeApiServer, reply } from './fake-api-server';

const PODS = '/api/v1/pods';
const QUICK: Patience = {
  listMs: 5000,
  silenceMs: 60_000,
  watchMs: 300_000,
  retryMs: { first: 1, most: 4 },
};

let server: FakeApiServer;
let end: AbortController;
let runs: Promise<void>;

beforeEach(async () => {
  server = await FakeApiServer.start();
  end = new AbortController();
  runs = Promise.resolve();
});
afterEach(async () => {
  end.abort();
  await runs;
  await server.stop();
});

interface Followed {
  readonly reflector: Reflector<string>;
  readonly problems: { readonly message: string; readonly retryInMs: number | undefined }[];
  /** Resolves when the copy holds these objects. */
  readonly holds: (...names: readonly string[]) => Promise<void>;
}

/** A reflector that runs, and keeps `name=size` of each object. */
function follow(
  patience: Partial<Patience> = {},
  access: ApiAccess = proxiedAccess(server.url),
  read = readSized,
): Followed {
  const problems: Followed['problems'] = [];
  let clock = 0;
  const reflector = new Reflector({
    client: new ApiClient(access),
    path: PODS,
    fieldSelector: 'status.phase!=Failed',
    read,
    patience: { ...QUICK, ...patience },
    now: () => (clock += 1),
    random: () => 0.5,
    onProblem: (message, { retryInMs }) => {
      problems.push({ message, retryInMs });
      server.poke();
    },
    onHeard: () => server.poke(),
  });
  runs = reflector.run(end.signal);
  const holds = (...names: readonly string[]) =>
    server.until(() => reflector.values?.toSorted().join() === names.join());
  return { reflector, problems, holds };
}

function readSized(object: unknown): string {
  const { metadata, size } = object as { metadata: { name: string }; size?: number };
  if (size === undefined) throw new Error('no size');
  return `${metadata.name}=${size}`;
}

function pod(name: string, size?: number) {
  return { metadata: { name, namespace: 'shop' }, ...(size === undefined ? {} : { size }) };
}

function watches() {
  return server.seen.filter(({ query }) => query.has('watch'));
}
function lists() {
  return server.seen.filter(({ query }) => !query.has('watch'));
}

describe('a copy of a collection', () => {
  it('is unknown until it was listed, then follows each change', async () => {
    server.put(PODS, pod('a', 1));
    const { reflector, holds } = follow();
    expect([reflector.values, reflector.heardMs]).toEqual([undefined, undefined]);
    await holds('a=1');
    await server.until(() => server.watching(PODS) === 1);
    server.put(PODS, pod('b', 1));
    await holds('a=1', 'b=1');
    server.put(PODS, pod('a', 2));
    await holds('a=2', 'b=1');
    server.remove(PODS, pod('a', 2));
    await holds('b=1');
    expect(lists()).toHaveLength(1);
  });

  it('asks for what it wants: narrowed, from the version of the list, with bookmarks and an end', async () => {
    server.put(PODS, pod('a', 1));
    follow();
    await server.until(() => server.watching(PODS) === 1);
    expect(Object.fromEntries(watches()[0]?.query ?? [])).toEqual({
      fieldSelector: 'status.phase!=Failed',
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '101',
      timeoutSeconds: '450',
    });
    expect(lists()[0]?.query.get('fieldSelector')).toBe('status.phase!=Failed');
  });

  it('understands events that arrive in pieces, or many at once', async () => {
    const { holds } = follow();
    await server.until(() => server.watching(PODS) === 1);
    const [first, second] = [pod('größe', 1), pod('b', 2)].map(
      (object) =>
        `${JSON.stringify({ type: 'ADDED', object: { ...object, metadata: { ...object.metadata, resourceVersion: '7' } } })}\n`,
    );
    const bytes = Buffer.from(`${first}${second}`);
    // The first piece ends within a letter of two bytes.
    const cut = bytes.indexOf(0xc3) + 1;
    server.sendRaw(PODS, bytes.subarray(0, cut));
    // Sent at once, they would arrive at once.
    await new Promise((resolve) => setTimeout(resolve, 50));
    server.sendRaw(PODS, bytes.subarray(cut));
    await holds('b=2', 'größe=1');
  });

  it('is put together from all pages of a list', async () => {
    for (let index = 0; index < 1203; index++) server.putSilently(PODS, pod(`p${index}`, 1));
    const { reflector } = follow();
    await server.until(() => server.watching(PODS) === 1);
    expect(reflector.values).toHaveLength(1203);
    expect(lists().map(({ query }) => query.get('continue'))).toEqual([null, '500', '1000']);
  });

  it('keeps of each page what is needed before it asks for the next', async () => {
    for (let index = 0; index < 1203; index++) server.putSilently(PODS, pod(`p${index}`, 1));
    const read = jest.fn(readSized);
    const readBefore: number[] = [];
    server.slowDown(() => {
      readBefore.push(read.mock.calls.length);
      return Promise.resolve();
    });
    const { reflector } = follow({}, proxiedAccess(server.url), read);
    await server.until(() => server.watching(PODS) === 1);
    expect(readBefore).toEqual([0, 500, 1000, 1203]);
    expect(reflector.values).toHaveLength(1203);
  });

  it('is the one of before until the last page of a list has come, and has nothing of one that broke off', async () => {
    server.put(PODS, pod('before', 1));
    const { reflector, holds } = follow();
    await server.until(() => server.watching(PODS) === 1);
    server.remove(PODS, pod('before', 1));
    await holds();
    for (let index = 0; index < 501; index++) server.putSilently(PODS, pod(`p${index}`, 1));
    const seen: (number | undefined)[] = [];
    server.misbehave(({ query }, response) => {
      if (!query.has('continue')) return false;
      seen.push(reflector.values?.length);
      for (let index = 0; index < 501; index++) server.remove(PODS, pod(`p${index}`, 1));
      return reply(response, 500, { message: 'no etcd' });
    });
    server.compact();
    server.endWatches(PODS);
    await server.until(() => server.watching(PODS) === 1 && seen.length === 1);
    expect([seen, reflector.values]).toEqual([[0], []]);
  });

  it('leaves out what cannot be read, and says so', async () => {
    server.put(PODS, pod('a', 1));
    server.put(PODS, pod('odd'));
    const { problems, holds } = follow();
    await holds('a=1');
    await server.until(() => server.watching(PODS) === 1);
    server.put(PODS, pod('a'));
    await holds();
    expect(problems.map(({ message }) => message)).toEqual([
      'shop/odd cannot be read and does not count: no size',
      'shop/a cannot be read and does not count: no size',
    ]);
  });
});

describe('a watch that ends', () => {
  it('goes on where it was, at the newest version it heard of', async () => {
    server.put(PODS, pod('a', 1));
    const { holds, problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    server.bookmark(PODS);
    server.endWatches(PODS);
    await server.until(() => watches().length === 2);
    server.put(PODS, pod('b', 1));
    await holds('a=1', 'b=1');
    expect(watches().map(({ query }) => query.get('resourceVersion'))).toEqual(['101', '102']);
    expect([lists().length, problems]).toEqual([1, []]);
  });

  it('misses nothing that happened in between', async () => {
    const { holds } = follow();
    await server.until(() => server.watching(PODS) === 1);
    server.cutWatches(PODS);
    server.putSilently(PODS, pod('late', 1));
    await holds('late=1');
    expect(lists()).toHaveLength(1);
  });

  it('at once and without an event is not repeated without a pause', async () => {
    const { problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    server.endWatches(PODS);
    await server.until(() => problems.length === 1);
    expect(problems).toEqual([{ message: 'the watch ended without an event', retryInMs: 1 }]);
    await server.until(() => server.watching(PODS) === 1);
  });

  it('does not end while something is heard now and then', async () => {
    const { problems } = follow({ silenceMs: 1000 });
    await server.until(() => server.watching(PODS) === 1);
    for (let quarter = 0; quarter < 6; quarter++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      server.bookmark(PODS);
    }
    expect([watches().length, problems]).toEqual([1, []]);
  });

  it('because it fell silent is replaced', async () => {
    const { problems, holds } = follow({ silenceMs: 30 });
    await server.until(() => watches().length >= 2);
    expect(problems[0]?.message).toMatch(/^\/api\/v1\/pods\?.*: nothing heard for 30 ms$/);
    server.putSilently(PODS, pod('a', 1));
    await holds('a=1');
  });
});

describe('history that the server no longer has', () => {
  it('is listed again after an event of code 410, without what went away', async () => {
    server.put(PODS, pod('gone', 1));
    const { holds, problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    server.remove(PODS, pod('gone', 1));
    await holds();
    server.putSilently(PODS, pod('a', 1));
    server.compact();
    server.endWatches(PODS);
    await holds('a=1');
    expect(lists()).toHaveLength(2);
    expect(problems[0]?.message).toBe('too old resource version: 102 (103)');
  });

  it('is listed again after an event that says of anything else that it went wrong', async () => {
    const { holds, problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    server.putSilently(PODS, pod('a', 1));
    server.fail(PODS, 500, 'etcd is lost');
    await holds('a=1');
    expect([lists().length, problems[0]?.message]).toEqual([2, 'etcd is lost']);
  });

  it('is listed again after status 410', async () => {
    server.putSilently(PODS, pod('a', 1));
    server.misbehave(
      ({ query }, response) =>
        query.has('watch') && reply(response, 410, { code: 410, message: 'expired', reason: 'Expired' }),
    );
    const { problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    expect([lists().length, problems.map(({ message }) => message)]).toEqual([2, ['expired']]);
  });

  it('is listed soon, however long the server was away before; again and again ever more slowly', async () => {
    const fail = (code: number) =>
      server.misbehave((_, response) => reply(response, code, { code, message: 'no' }));
    for (const code of [503, 503, 503, 410, 410, 410]) fail(code);
    const { problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    expect(problems.map(({ retryInMs }) => retryInMs)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('is listed from the beginning when a page is too old', async () => {
    for (let index = 0; index < 501; index++) server.putSilently(PODS, pod(`p${index}`, 1));
    server.misbehave(
      ({ query }, response) =>
        query.has('continue') && reply(response, 410, { code: 410, message: 'old page' }),
    );
    const { reflector } = follow();
    await server.until(() => server.watching(PODS) === 1);
    expect(reflector.values).toHaveLength(501);
    expect(lists().map(({ query }) => query.get('continue'))).toEqual([null, '500', null, '500']);
  });
});

describe('a server in trouble', () => {
  it('is asked again, ever more slowly, until it answers', async () => {
    for (let index = 0; index < 4; index++) {
      server.misbehave((_, response) => reply(response, 503, { message: 'no etcd' }));
    }
    const { problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    expect(problems).toEqual([1, 2, 3, 3].map((retryInMs) => ({ message: 'no etcd', retryInMs })));
  });

  it('is asked as soon as at first once it has answered', async () => {
    const fail = () => server.misbehave((_, response) => reply(response, 503, { message: 'no etcd' }));
    fail();
    fail();
    const { problems, holds } = follow();
    await server.until(() => server.watching(PODS) === 1);
    server.put(PODS, pod('a', 1));
    await holds('a=1');
    fail();
    server.endWatches(PODS);
    await server.until(() => problems.length === 3);
    expect(problems.map(({ retryInMs }) => retryInMs)).toEqual([1, 2, 1]);
  });

  it('is left alone for as long as it asks', async () => {
    server.misbehave((_, response) => reply(response, 429, { message: 'slow down' }, { 'retry-after': '1' }));
    const { problems } = follow();
    await server.until(() => problems.length === 1);
    expect(problems).toEqual([{ message: 'slow down', retryInMs: 1000 }]);
  });

  it.each(['86400', '9999999999'])(
    'is left alone for a minute at most, if it asks for %s s',
    async (seconds) => {
      server.misbehave((_, response) => reply(response, 429, { message: 'no' }, { 'retry-after': seconds }));
      const { problems } = follow();
      await server.until(() => problems.length === 1);
      expect(problems).toEqual([{ message: 'no', retryInMs: 60_000 }]);
    },
  );

  it('may answer something that is no list, or break off', async () => {
    server.misbehave((_, response) => {
      response.writeHead(200).write('{"metadata"');
      response.destroy();
      return true;
    });
    server.misbehave((_, response) => reply(response, 200, { items: 3 }));
    server.misbehave((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      return true;
    });
    const { problems } = follow();
    await server.until(() => server.watching(PODS) === 1);
    expect(problems).toHaveLength(3);
    expect(problems[2]?.message).toBe('<h1>Bad gateway</h1>');
  });

  it('does not hold up the end', async () => {
    server.misbehave(() => true);
    follow();
    await server.until(() => server.seen.length === 1);
    end.abort();
    await expect(runs).resolves.toBeUndefined();
  });
});

describe('credentials', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'account-'));
    await writeFile(join(folder, 'ca.crt'), 'authority 1\n');
    await writeFile(join(folder, 'token'), 'first\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read again after a while, so that renewed ones are used', async () => {
    let clock = 0;
    const files = inClusterAccess({ host: '127.0.0.1', port: 1 }, folder, () => clock);
    follow(
      {},
      {
        url: new URL(server.url),
        async credentials() {
          const { token } = await files.credentials();
          return token === undefined ? {} : { token };
        },
      },
    );
    await server.until(() => server.watching(PODS) === 1);
    await writeFile(join(folder, 'token'), 'second');
    clock = 10_000;
    server.cutWatches(PODS);
    await server.until(() => watches().length === 2);
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer first',
      'Bearer first',
      'Bearer second',
    ]);
  });

  it('come with the authorities that the kubelet writes', async () => {
    const access = inClusterAccess({ host: 'fd00::1', port: 443 }, folder);
    expect(access.url.href).toBe('https://[fd00::1]/');
    await writeFile(join(folder, 'ca.crt'), 'authority 2\n');
    expect(await access.credentials()).toEqual({ token: 'first', ca: 'authority 2\n' });
  });

  it('of before count while the files cannot be read again; without any, each request looks', async () => {
    let clock = 0;
    const access = inClusterAccess({ host: '127.0.0.1', port: 443 }, folder, () => clock);
    await rm(join(folder, 'token'));
    const missing = await Promise.allSettled([access.credentials(), access.credentials()]);
    expect(missing.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await writeFile(join(folder, 'token'), 'second\n');
    expect(await access.credentials()).toMatchObject({ token: 'second' });
    await rm(join(folder, 'token'));
    clock += 10_000;
    const still = await Promise.all([access.credentials(), access.credentials()]);
    expect(still.map(({ token }) => token)).toEqual(['second', 'second']);
    await writeFile(join(folder, 'token'), 'third\n');
    clock += 10_000;
    expect(await access.credentials()).toMatchObject({ token: 'third' });
  });

  it('are not there outside a pod', () => {
    expect(() => inClusterAccess({ host: undefined, port: 443 })).toThrow(
      'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: run in a pod, or set KUBERNETES_API_URL',
    );
  });
});
