import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backend } from '../../../../apps/adapter/service/backend';
import { ClusterClients } from '../../../../apps/adapter/service/cluster-clients';
import { parseAdapterArgs, type AdapterFlags } from '../../../../core/adapter';
import { parseAdapterConfig, type AdapterConfig } from '../../../../core/rules';
import { FakeApiServer } from '../../kube-api/fake-api-server';
import { Bench, type FakePrometheus } from '../sources/support';

const KUBECONFIGS = ['lister-kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];

/** A backend that was not started, before an API server and one Prometheus, which is its source `main`. */
export interface BackendBench {
  readonly flags: AdapterFlags;
  readonly clients: ClusterClients;
  readonly backend: Backend;
  readonly prometheus: FakePrometheus;
  readonly bench: Bench;
  end(): Promise<void>;
}

export async function backendBench(): Promise<BackendBench> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  const bench = new Bench();
  const server = await FakeApiServer.start();
  const prometheus = await bench.server();
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
  const backend = new Backend({
    ...{ flags, clients, logger, environment: {}, version: '1.2.3' },
    config: configOf({ main: prometheus.url }),
  });
  return {
    ...{ flags, clients, backend, prometheus, bench },
    async end() {
      await backend.close();
      clients.close();
      await server.stop();
      await bench.end();
      await rm(folder, { recursive: true });
    },
  };
}

/** A configuration with these sources, and no rule. */
export function configOf(urls: Readonly<Record<string, string>>): AdapterConfig {
  const sources = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url }]));
  return parseAdapterConfig(JSON.stringify({ plimsoll: { sources } }), 'test');
}
