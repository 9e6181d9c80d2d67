import { connect } from 'node:net';
import {
  httpSettings,
  text,
  type App,
  type HttpSettings,
  type Lifecycle,
  type Logger,
  type Service,
} from '../../../apps/runtime';
import { ask, start, stopAll } from '../running';

afterEach(stopAll);

/** Answers when told to: each request waits for `release`. */
function slowApp() {
  let arrive: () => void = () => undefined;
  let release: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  let closed = false;
  const app: App<HttpSettings> = {
    name: 'slow',
    settings: httpSettings,
    create: (_settings, _logger: Logger, lifecycle: Lifecycle) => ({
      async handle({ path }) {
        if (path === '/readyz') return text(lifecycle.ready ? 200 : 503, '');
        arrive();
        await released;
        return text(200, 'done');
      },
      close: () => void (closed = true),
    }),
  };
  return { app, arrived, release: () => release(), isClosed: () => closed };
}

const FAULTY: Service = {
  handle() {
    throw new Error('secret of the house');
  },
};

describe('a program that is told to stop', () => {
  it('finishes what is in flight, and accepts no more', async () => {
    const { app, arrived, release, isClosed } = slowApp();
    const { url, app: running } = await start(app);
    const answer = fetch(`${url}/work`);
    await arrived;
    const stopped = running.stop();
    await refused(running.port);
    expect(isClosed()).toBe(false);
    release();
    const response = await answer;
    expect([response.status, response.headers.get('connection'), await response.text()]).toEqual([
      200,
      'close',
      'done\n',
    ]);
    expect(await stopped).toBe(0);
    expect(isClosed()).toBe(true);
  });

  it('is not ready, yet still serves, until its delay is over', async () => {
    const { app } = slowApp();
    const { url, app: running } = await start(app, { SHUTDOWN_DELAY: '300ms' });
    expect((await ask(`${url}/readyz`)).status).toBe(200);
    const stopped = running.stop();
    const late = await fetch(`${url}/readyz`);
    expect([late.status, late.headers.get('connection')]).toEqual([503, 'close']);
    expect(await stopped).toBe(0);
  });

  it('cuts off what takes longer than its grace, and says how much that was', async () => {
    const { app, arrived } = slowApp();
    const { url, app: running, log } = await start(app, { SHUTDOWN_GRACE: '1ms' });
    const answer = fetch(`${url}/work`).then(
      () => 'answered',
      () => 'cut off',
    );
    await arrived;
    expect(await running.stop()).toBe(1);
    expect(await answer).toBe('cut off');
    expect(log).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'requests were cut off', requests: 1 }),
    );
  });

  it('does not wait for connections on which nothing was asked', async () => {
    const { app } = slowApp();
    const { app: running } = await start(app);
    const socket = connect(running.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    expect(await running.stop()).toBe(0);
    await ended;
  });
});

describe('a client that asks for more before it is answered, and leaves', () => {
  it('leaves nothing behind that a stop would wait for', async () => {
    const { app, arrived, release } = slowApp();
    const { app: running } = await start(app, { SHUTDOWN_GRACE: '1s' });
    const socket = connect(running.port, '127.0.0.1');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET /work HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));
    await arrived;
    socket.destroy();
    await ended;
    release();
    expect(await running.stop()).toBe(0);
  });
});

describe('a program that is asked', () => {
  it('keeps what went wrong to its log', async () => {
    const { url, log } = await start({ name: 'faulty', settings: httpSettings, create: () => FAULTY });
    expect(await ask(`${url}/x`)).toMatchObject({ status: 500, body: 'internal error\n' });
    const entry = log.find(({ msg }) => msg === 'request failed');
    expect(entry).toMatchObject({ level: 'error', path: '/x' });
    expect(entry?.['error']).toMatch(/secret of the house[^]*at /);
  });

  it('takes bodies up to a mebibyte', async () => {
    const { app, release } = slowApp();
    release();
    const { url } = await start(app);
    const post = (bytes: number) => ask(url, { method: 'POST', body: 'x'.repeat(bytes) });
    expect((await post(1024 * 1024)).status).toBe(200);
    expect(await post(1024 * 1024 + 1)).toMatchObject({
      status: 413,
      body: 'a body has at most 1048576 bytes\n',
    });
  });

  it('survives clients that do not speak HTTP, or leave', async () => {
    const { app, release } = slowApp();
    release();
    const { url, app: running } = await start(app);
    expect(await raw(running.port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(
      await raw(running.port, 'GET http://other/readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 200 OK/);
    const socket = connect(running.port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect((await ask(`${url}/readyz`)).status).toBe(200);
  });
});

function raw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
}

/** Connects until that is refused. */
async function refused(port: number): Promise<void> {
  const outcome = await new Promise<string | undefined>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve('accepted');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  if (outcome !== 'ECONNREFUSED') await refused(port);
}
