import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kubeconfigs } from '../../../../apps/adapter/service/kubeconfigs';

const kubeconfig = (token: string) => `current-context: c
clusters: [{name: k, cluster: {server: 'https://k.test'}}]
users: [{name: u, user: {token: ${token}}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
`;

let folder: string;
let path: string;
let nowMs: number;
let warnings: unknown[];
let kubeconfigs: Kubeconfigs;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfigs-'));
  path = join(folder, 'config');
  nowMs = 0;
  warnings = [];
  const ignore = () => undefined;
  const warn = (message: string, fields?: object) => void warnings.push({ message, ...fields });
  const now = () => nowMs;
  kubeconfigs = new Kubeconfigs({ debug: ignore, info: ignore, error: ignore, warn }, now, now);
});
afterEach(() => rm(folder, { recursive: true }));

const credentials = () => kubeconfigs.access(path).credentials();

test('credentials are those of before while the file cannot be read, which is told once', async () => {
  await writeFile(path, kubeconfig('first'));
  expect(await credentials()).toEqual({ token: 'first' });
  await writeFile(path, 'garbage');
  nowMs += 20_000;
  expect(await credentials()).toEqual({ token: 'first' });
  nowMs += 20_000;
  expect(await credentials()).toEqual({ token: 'first' });
  expect(warnings).toEqual([
    {
      message: 'kubeconfig cannot be read again',
      cause: expect.stringMatching(/not a kubeconfig.*what it said before stays$/) as string,
    },
  ]);
  await writeFile(path, kubeconfig('second'));
  nowMs += 20_000;
  expect(await credentials()).toEqual({ token: 'second' });
});

test('a file that was never there is looked for again', async () => {
  await expect(credentials()).rejects.toThrow(/config: cannot be read: /);
  await writeFile(path, kubeconfig('late'));
  expect(await credentials()).toEqual({ token: 'late' });
});
