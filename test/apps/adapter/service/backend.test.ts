import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backend } from '../../../../apps/adapter/service/backend';
import { ClusterClients } from '../../../../apps/adapter/service/cluster-clients';
import { parseAdapterArgs } from '../../../../core/adapter';
import { parseAdapterConfig } from '../../../../core/rules';
import { FakeApiServer } from '../../kube-api/fake-api-server';
import { Bench, text, type FakePrometheus } from '../sources/support';

const KUBECONFIGS = ['lister-kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
const wanted = { source: 'main', text: 'up', rule: 'externalRules[0]', freshnessMs: 0 };

let folder: string;
let bench: Bench;
let server: FakeApiServer;
let prometheus: FakePrometheus;
let backend: Backend;
let end: () => Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backend-'));
  bench = new Bench();
  server = await FakeApiServer.start();
  prometheus = await bench.server();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'one',
      contexts: [{ name: 'one', context: { cluster: 'one' } }],
      clusters: [{ name: 'one', cluster: { server: server.url } }],
    }),
  );
  const flags = parseAdapterArgs(['--config=c', ...KUBECONFIGS.map((flag) => `--${flag}=${kubeconfig}`)]);
  const { logger } = bench;
  const clients = await ClusterClients.create(flags, {}, logger);
  backend = new Backend({
    ...{ flags, clients, logger, environment: {}, version: '1.2.3' },
    config: configOf({ main: prometheus.url }),
  });
  end = async () => {
    await backend.close();
    clients.close();
    await server.stop();
    await bench.end();
    await rm(folder, { recursive: true });
  };
});
afterEach(() => end());

/** A configuration with these sources, and no rule. */
function configOf(urls: Readonly<Record<string, string>>) {
  const sources = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url }]));
  return parseAdapterConfig(JSON.stringify({ plimsoll: { sources } }), 'test');
}

async function lines(metric: string): Promise<readonly string[]> {
  const { body } = await backend.exposition();
  return body.split('\n').filter((line) => line.startsWith(`plimsoll_adapter_${metric}`));
}

const problem = (name: string) =>
  backend
    .checks()
    .find((check) => check.name === name)
    ?.state();

/** Has a query sent. @returns what has it fail, and ends when that was heard */
async function asked(): Promise<() => Promise<unknown>> {
  let fail = (): void => undefined;
  prometheus.answer = (...call) => (fail = () => text(404, 'no', 'text/plain')(...call));
  const outcome = backend.queries.single(wanted);
  await prometheus.until(1);
  return () => {
    fail();
    return Promise.resolve(outcome);
  };
}

test('what a source says is told', async () => {
  await (
    await asked()
  )();
  expect(await lines('source_up')).toEqual(['plimsoll_adapter_source_up{source="main"} 0']);
  expect(problem('source-main')).toMatch(/404/);
  expect(bench.logged('warn')).toEqual(['a source does not answer']);
});

test.each([
  ['taken out', {}],
  ['replaced', { main: 'http://127.0.0.1:1' }],
])('what a source says after it was %s counts as nothing', async (_what, sources) => {
  const fail = await asked();
  backend.setConfig(configOf(sources));
  await fail();
  expect(await lines('source_up')).toEqual([]);
  expect(await lines('source_queries_total')).toHaveLength(1);
  expect(problem('source-main')).toBeUndefined();
  expect(bench.logged('warn')).toEqual([]);
});

test('a query that the end of the adapter ends says nothing of its source', async () => {
  await asked();
  await backend.close();
  expect(bench.logged('warn')).toEqual([]);
});

test('a configuration that is refused while the adapter starts is told', async () => {
  expect(await lines('config_last_reload_successful')).toEqual([
    'plimsoll_adapter_config_last_reload_successful 1',
  ]);
  backend.countReload(false);
  backend.start();
  expect(await lines('config_last_reload_successful')).toEqual([
    'plimsoll_adapter_config_last_reload_successful 0',
  ]);
});
