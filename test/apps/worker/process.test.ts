import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tallyOf } from '../../../apps/worker/collatz';
import { progressSchema, type Progress } from '../../../apps/worker/progress';
import { bundle } from '../bundle';
import { killProcesses, startProcess } from '../process';
import { ask } from '../running';

jest.setTimeout(60_000);

let bundled: ReturnType<typeof bundle>;
let folder: string;

beforeAll(() => {
  bundled = bundle('worker');
});
afterAll(() => bundled.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
});
afterEach(async () => {
  await killProcesses();
  await rm(folder, { recursive: true });
});

/** A worker that listens; small chunks, so that there is progress soon. */
async function run(environment: Readonly<Record<string, string>> = {}) {
  const worker = startProcess(bundled.file('worker'), {
    ...{ PORT: '0', CHUNK_SIZE: '500', FIRST_NUMBER: '1', CPU_MILLICORES: '500' },
    ...{ CHECKPOINT_DIR: folder, CHECKPOINT_PERIOD: '1h' },
    ...environment,
  });
  const { port } = await worker.logged('listening');
  return { ...worker, url: `http://127.0.0.1:${String(port)}` };
}

interface Status {
  readonly progress: Progress;
  readonly chunks: number;
  readonly checkpoints: number;
  readonly threads: number;
}

/** Asks for the status until it is as wanted; the worker answers while it works. */
async function statusWhen(url: string, wanted: (status: Status) => boolean): Promise<Status> {
  for (;;) {
    const status = JSON.parse((await ask(`${url}/api/status`)).body) as Status;
    if (wanted(status)) return status;
  }
}

async function checkpoint(): Promise<Progress> {
  return progressSchema.parse(JSON.parse(await readFile(join(folder, 'progress.json'), 'utf8')));
}

/** What the numbers up to the checkpoint really add up to. */
function verified({ first, next }: Progress) {
  return tallyOf(first, next - first);
}

describe('the worker', () => {
  it('stops with SIGTERM, keeps what it did, and goes on from there', async () => {
    const first = await run();
    await statusWhen(first.url, ({ chunks }) => chunks >= 3);
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    const kept = await checkpoint();
    expect(kept.chunks).toBeGreaterThanOrEqual(3);
    expect(kept).toMatchObject({ first: 1, next: 1 + 500 * kept.chunks, ...verified(kept) });
    expect(await readdir(folder)).toEqual(['progress.json']);

    const second = await run();
    expect(await second.logged('resuming')).toMatchObject({ next: kept.next, chunks: kept.chunks });
    const { progress, chunks } = await statusWhen(second.url, (status) => status.chunks >= 1);
    expect(progress.chunks).toBe(kept.chunks + chunks);
    second.child.kill('SIGTERM');
    expect(await second.exit).toBe(0);
    const last = await checkpoint();
    expect(last.next).toBeGreaterThan(kept.next);
    expect(last).toMatchObject(verified(last));
  });

  it('writes checkpoints as it works, so that a kill loses little', async () => {
    const { child, url, exit } = await run({ CHECKPOINT_PERIOD: '1s' });
    await statusWhen(url, ({ checkpoints }) => checkpoints >= 1);
    child.kill('SIGKILL');
    expect(await exit).toBe('SIGKILL');
    const kept = await checkpoint();
    expect(kept).toMatchObject(verified(kept));
  });

  it('has a thread for each core that it begins to use, and loses no chunk between them', async () => {
    const { child, url, exit } = await run({ CPU_MILLICORES: '2100' });
    expect((await statusWhen(url, ({ chunks }) => chunks >= 12)).threads).toBe(3);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    const kept = await checkpoint();
    expect(kept).toMatchObject(verified(kept));
  });

  it('uses no more CPU than it is told to', async () => {
    const { url } = await run({ CPU_MILLICORES: '100', CHUNK_SIZE: '1000' });
    const cpuSeconds = async () =>
      Number(/^worker_cpu_seconds_total (\S+)$/m.exec((await ask(`${url}/metrics`)).body)?.[1]);
    await statusWhen(url, ({ chunks }) => chunks >= 1);
    const [used, began] = [await cpuSeconds(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const cores = ((await cpuSeconds()) - used) / ((performance.now() - began) / 1000);
    expect(cores).toBeGreaterThan(0);
    // Half as much again: a slice of work may just have been done. Without its rests it would have a whole core.
    expect(cores).toBeLessThan(0.15);
  });

  it('exports what it did', async () => {
    const { url } = await run();
    await statusWhen(url, ({ chunks }) => chunks >= 1);
    const { type, body } = await ask(`${url}/metrics`);
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const values = Object.fromEntries(
      [...body.matchAll(/^(worker_\w+) (\S+)$/gm)].map(([, name = '', value]) => [name, Number(value)]),
    );
    expect(Object.keys(values)).toEqual([
      'worker_chunks_total',
      'worker_checkpoints_total',
      'worker_cpu_seconds_total',
      'worker_steps_total',
    ]);
    expect(values['worker_chunks_total']).toBeGreaterThanOrEqual(1);
    expect(values['worker_cpu_seconds_total']).toBeGreaterThan(0);
    expect(values['worker_steps_total']).toBeGreaterThan(0);
  });

  it('shows a page of itself', async () => {
    const { url } = await run({ HOSTNAME: 'worker-<1>' });
    await statusWhen(url, ({ chunks }) => chunks >= 1);
    const { status, body } = await ask(`${url}/`);
    expect(status).toBe(200);
    expect(body).toContain('worker-&lt;1&gt;');
    expect(body).toMatch(/0\.5 cores wanted, 1\s+thread\s*</);
  });
});

describe('a checkpoint', () => {
  const reasonToBegin = async (environment: Readonly<Record<string, string>> = {}) =>
    (await (await run(environment)).logged('beginning'))['reason'];

  it('that is none is not taken for one', async () => {
    await writeFile(join(folder, 'progress.json'), '{"version":1,"first"');
    expect(await reasonToBegin()).toBe('the checkpoint cannot be read');
    await writeFile(join(folder, 'progress.json'), '{"version":2}');
    expect(await reasonToBegin()).toBe('the checkpoint cannot be read');
  });

  it('of other numbers is not gone on with', async () => {
    const { child, exit, url } = await run();
    await statusWhen(url, ({ chunks }) => chunks >= 1);
    child.kill('SIGTERM');
    await exit;
    expect(await reasonToBegin({ FIRST_NUMBER: '1000' })).toBe('it is of other numbers');
  });

  it('is not kept without a folder', async () => {
    expect(await reasonToBegin({ CHECKPOINT_DIR: '' })).toBe('CHECKPOINT_DIR is not set');
  });

  it('needs a folder that can be one', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { exit, lines } = startProcess(bundled.file('worker'), { PORT: '0', CHECKPOINT_DIR: file });
    expect(await exit).toBe(2);
    expect(lines[0]?.['msg']).toMatch(/^CHECKPOINT_DIR=.*file: EEXIST/);
  });

  it('needs a folder that can be written to, before there is work to lose', async () => {
    // Root may write to any folder, but not to a folder in the place of the file.
    await mkdir(join(folder, 'progress.json.new'));
    const { exit, lines } = startProcess(bundled.file('worker'), { PORT: '0', CHECKPOINT_DIR: folder });
    expect(await exit).toBe(2);
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^CHECKPOINT_DIR=.*: EISDIR: .*; name a folder that it can write to$/),
    ]);
  });
});
