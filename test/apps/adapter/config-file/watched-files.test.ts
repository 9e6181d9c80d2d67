import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigFile } from '../../../../apps/adapter/config-file';
import { ManualTimers } from '../manual-timers';

let folder: string;
let path: string;
let timers: ManualTimers;
let file: ConfigFile;
let heard: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
  path = join(folder, 'config.yaml');
  timers = new ManualTimers();
  heard = [];
  file = new ConfigFile({
    path,
    timers,
    onText: (text) => {
      heard.push(text);
      timers.poke();
    },
    onProblem: (message) => {
      heard.push(`problem: ${message}`);
      timers.poke();
    },
  });
});
afterEach(async () => {
  file.close();
  await rm(folder, { recursive: true, force: true });
});

const POLL_MS = 10_000;
/** Until the look at the files that goes on is over. */
const looked = () => timers.until(() => timers.pending.some((ms) => ms > 200));
/** Until the system has noticed a change, and what settles then is read. */
async function noticed(): Promise<void> {
  await timers.until(() => timers.pending.includes(200));
  timers.advance(200);
  await looked();
}

async function started(text = 'first'): Promise<void> {
  await writeFile(path, text);
  expect(await file.start()).toBe(text);
  await looked();
}

describe('a configuration file', () => {
  it('is read again when it is written', async () => {
    await started();
    await writeFile(path, 'second');
    await noticed();
    expect(heard).toEqual(['second']);
  });

  it('is read again when an editor puts another in its place', async () => {
    await started();
    for (const text of ['second', 'third']) {
      await writeFile(`${path}~`, text);
      await rename(`${path}~`, path);
      await noticed();
    }
    expect(heard).toEqual(['second', 'third']);
  });

  it('is read again when the volume of a ConfigMap is replaced', async () => {
    const version = async (name: string, text: string) => {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'config.yaml'), text);
      await symlink(name, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await version('..1', 'first');
    await symlink('..data/config.yaml', path);
    expect(await file.start()).toBe('first');
    await looked();
    await version('..2', 'second');
    await noticed();
    await rm(join(folder, '..1'), { recursive: true });
    expect(heard).toEqual(['second']);
  });

  it('is the same while what is in it is', async () => {
    await started();
    await writeFile(path, 'first');
    await noticed();
    expect(heard).toEqual([]);
  });

  it('that is gone is said once, and read when it is back', async () => {
    await started();
    await unlink(path);
    await noticed();
    expect(heard).toEqual([]);
    for (let i = 0; i < 3; i++) {
      timers.advance(POLL_MS);
      await looked();
    }
    expect(heard).toEqual([expect.stringMatching(/^problem: .*config\.yaml: cannot be read: .*ENOENT/)]);
    await writeFile(path, 'second');
    await noticed();
    expect(heard.slice(1)).toEqual(['second']);
  });

  it('is looked at now and then, in a folder that was replaced too', async () => {
    await started();
    await rename(folder, `${folder}-old`);
    await mkdir(folder);
    await writeFile(path, 'second');
    timers.advance(POLL_MS);
    await timers.until(() => heard.length > 0);
    await looked();
    await writeFile(path, 'third');
    await noticed();
    expect(heard).toEqual(['second', 'third']);
    await rm(`${folder}-old`, { recursive: true });
  });

  it('that cannot be read at first is an error', async () => {
    await expect(file.start()).rejects.toThrow(/config\.yaml: cannot be read/);
  });

  it('leaves no alarm behind', async () => {
    await started();
    file.close();
    expect(timers.pending).toEqual([]);
  });
});
