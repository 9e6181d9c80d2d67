import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAdapterConfig, type AdapterConfig } from '../../../../core/rules';
import { UsageError } from '../../../../core/errors';
import { ConfigReload } from '../../../../apps/adapter/service/config-reload';

const RULES = 'externalRules: [{seriesQuery: queue_depth}]';

let folder: string;
let path: string;
let reload: ConfigReload;
let taken: AdapterConfig[];
let heard: (good: boolean) => void;
let unusable: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-reload-'));
  path = join(folder, 'config.yaml');
  taken = [];
  unusable = false;
  const log = () => undefined;
  reload = new ConfigReload(path, parseAdapterConfig, { debug: log, info: log, warn: log, error: log });
  reload.onChange((config) => {
    if (unusable) throw new UsageError('a source that cannot be');
    taken.push(config);
  });
  reload.onResult((good) => heard(good));
});
afterEach(async () => {
  reload.close();
  await rm(folder, { recursive: true, force: true });
});

/** Puts another file in the place of the one before. @returns whether it could be used */
async function replaced(text: string): Promise<boolean> {
  const result = new Promise<boolean>((resolve) => (heard = resolve));
  await writeFile(`${path}~`, text);
  await rename(`${path}~`, path);
  return result;
}

test('what cannot be used changes nothing and is told, until something can', async () => {
  await writeFile(path, RULES);
  expect((await reload.start()).externalRules).toHaveLength(1);
  for (const garbage of ['rules: 7', '{{', '', ' \n']) {
    expect(await replaced(garbage)).toBe(false);
    expect(reload.problem).toContain(path);
  }
  expect(taken).toEqual([]);
  expect(await replaced(RULES)).toBe(true);
  expect([reload.problem, taken.length]).toEqual([undefined, 1]);
});

test('what nobody can use is told too', async () => {
  await writeFile(path, RULES);
  await reload.start();
  unusable = true;
  expect(await replaced('rules: []')).toBe(false);
  expect(reload.problem).toBe('a source that cannot be');
});

test('a file that is gone is told, and that it is back as it was', async () => {
  await writeFile(path, RULES);
  await reload.start();
  const gone = new Promise<boolean>((resolve) => (heard = resolve));
  await rm(path);
  expect(await gone).toBe(false);
  expect(reload.problem).toContain('cannot be read');
  expect(await replaced(RULES)).toBe(true);
  expect(reload.problem).toBeUndefined();
});

test('it does not start with a file that cannot be used', async () => {
  await expect(reload.start()).rejects.toThrow(UsageError);
  await writeFile(path, 'rules: 7');
  await expect(reload.start()).rejects.toThrow(UsageError);
});
