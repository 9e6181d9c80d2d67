import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { bundle } from '../bundle';

jest.setTimeout(60_000);

const children = new Set<ChildProcess>();
let bundled: ReturnType<typeof bundle>;

beforeAll(() => {
  bundled = bundle('sample-app');
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => bundled.remove());

type Line = Readonly<Record<string, unknown>>;

/** The sample app as a process of its own. */
function run(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [bundled.file('sample-app')], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const lines: Line[] = [];
  let rest = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Line));
    waiting.forEach((check) => check());
  });
  const exit = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const logged = (msg: string) =>
    new Promise<Line>((resolve) => {
      const check = () => {
        const found = lines.find((line) => line['msg'] === msg);
        if (found) resolve(found);
      };
      waiting.add(check);
      check();
    });
  return { child, lines, exit, logged };
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

  it('ends at once with a second signal', async () => {
    const { child, exit, logged } = run({ PORT: '0', SHUTDOWN_DELAY: '10m' });
    await logged('listening');
    child.kill('SIGTERM');
    await logged('stopping');
    child.kill('SIGTERM');
    expect(await exit).toBe(128 + 15);
  });

  it('ends with 1 if it cannot listen', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { exit, lines } = run({ PORT: String(port) });
    expect(await exit).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', msg: 'sample-app did not start' });
    expect(lines.at(-1)?.['error']).toContain('EADDRINUSE');
    await new Promise((resolve) => other.close(resolve));
  });
});
