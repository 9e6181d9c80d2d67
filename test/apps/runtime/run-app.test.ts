import { connect, createServer } from 'node:net';
import { bundle } from '../bundle';
import { killProcesses, startProcess } from '../process';

jest.setTimeout(60_000);

let bundled: ReturnType<typeof bundle>;

beforeAll(() => {
  bundled = bundle('sample-app');
});
afterEach(killProcesses);
afterAll(() => bundled.remove());

/** The sample app as a process of its own. */
function run(environment: Readonly<Record<string, string>>) {
  return startProcess(bundled.file('sample-app'), environment);
}

describe('the process of a program', () => {
  it('ends with 2 and a line for each setting that is wrong', async () => {
    const { exit, lines } = run({ PORT: 'http', COUNT: 'some' });
    expect(await exit).toBe(2);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['error', 'PORT="http": must be a whole number from 0 to 65535'],
      ['error', 'COUNT="some": must be one of: app, all'],
    ]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 after %s', async (signal) => {
    const { child, exit, logged } = run({ PORT: '0', SHUTDOWN_DELAY: '0s' });
    const { port } = await logged('listening');
    expect((await fetch(`http://127.0.0.1:${String(port)}/healthz`)).status).toBe(200);
    child.kill(signal);
    expect(await exit).toBe(0);
  });

  it('ends with 1 if a request was cut off', async () => {
    const { child, exit, logged } = run({
      ...{ PORT: '0', LOG_LEVEL: 'debug', SHUTDOWN_DELAY: '0s', SHUTDOWN_GRACE: '50ms' },
    });
    const { port } = await logged('listening');
    const socket = connect(Number(port), '127.0.0.1');
    // Its second half never comes. The answer to the first request says that the server has both.
    socket.write(
      'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf',
    );
    await logged('answered');
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
    expect(await logged('requests were cut off')).toMatchObject({ level: 'warn', requests: 1 });
    socket.destroy();
  });

  it('ends at once with a second signal', async () => {
    const { child, exit, logged } = run({ PORT: '0', SHUTDOWN_DELAY: '10m' });
    await logged('listening');
    child.kill('SIGTERM');
    await logged('stopping');
    child.kill('SIGTERM');
    expect(await exit).toBe(128 + 15);
  });

  it('ends with 2 if another program has its port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { exit, lines } = run({ PORT: String(port) });
    expect(await exit).toBe(2);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        msg: `PORT="${String(port)}": another program listens there; choose another`,
      }),
    ]);
    await new Promise((resolve) => other.close(resolve));
  });
});
