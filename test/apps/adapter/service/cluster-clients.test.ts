import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterClients } from '../../../../apps/adapter/service/cluster-clients';
import { parseAdapterArgs } from '../../../../core/adapter';
import { UsageError } from '../../../../core/errors';

let folder: string;
let kubeconfig: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  kubeconfig = join(folder, 'config');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'one',
      contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
      clusters: [{ name: 'one', cluster: { server: 'http://127.0.0.1:8001' } }],
      users: [{ name: 'one', user: {} }],
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const nothing = () => undefined;
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const FLAGS = ['lister-kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];

const created = (flags: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  ClusterClients.create(
    parseAdapterArgs(['--config=c', ...flags.map((flag) => `--${flag}=${kubeconfig}`)]),
    environment,
    logger,
  );

test.each(FLAGS)('outside a pod, %s is missed by its name', async (missing) => {
  const creating = created(FLAGS.filter((flag) => flag !== missing));
  await expect(creating).rejects.toThrow(UsageError);
  await expect(creating).rejects.toThrow(`--${missing} is not given, and this is no pod`);
});

test('outside a pod, with all of them, it needs no variable', async () => {
  const clients = await created(FLAGS);
  clients.close();
});

test.each([
  ['10.0.0.1', 'https'],
  ['10.0.0.1', '0'],
  ['10.0.0.1', '65536'],
  ['not a host', '443'],
])('the address %s and %s is refused in a sentence', async (host, port) => {
  const creating = created([], { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port });
  await expect(creating).rejects.toThrow(UsageError);
  await expect(creating).rejects.toThrow(
    `KUBERNETES_SERVICE_HOST="${host}" and KUBERNETES_SERVICE_PORT="${port}" are not the address of an API server`,
  );
});

test('the proxy of the environment is told once, and one that is not supported is refused', async () => {
  const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const told: unknown[] = [];
  const listening = { ...logger, info: (...line: unknown[]) => void told.push(line) };
  const create = (environment: Readonly<Record<string, string>>) =>
    ClusterClients.create(parseAdapterArgs(['--config=c']), { ...pod, ...environment }, listening);
  const HTTPS_PROXY = 'http://ada:secret@proxy:3128';
  (await create({ HTTPS_PROXY, NO_PROXY: '10.0.0.0/8' })).close();
  expect(told).toEqual([]);
  (await create({ HTTPS_PROXY })).close();
  expect(told).toEqual([
    ['the API server is asked through the proxy of HTTPS_PROXY', { proxy: 'proxy:3128' }],
  ]);
  await expect(create({ HTTPS_PROXY: 'socks5://proxy' })).rejects.toThrow('not supported: HTTPS_PROXY');
});
