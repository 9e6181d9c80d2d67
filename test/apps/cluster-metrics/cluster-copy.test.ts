import { ClusterCopy } from '../../../apps/cluster-metrics/cluster-copy';
import { ApiClient, PATIENCE, proxiedAccess } from '../../../apps/kube-api';
import { createLogger } from '../../../apps/runtime/logger';
import { FakeApiServer } from '../kube-api/fake-api-server';

const NODES = '/api/v1/nodes';
const PODS = '/api/v1/pods';

describe('a copy of the cluster', () => {
  it.each([
    [NODES, PODS],
    [PODS, NODES],
  ])('is not known while nothing is heard of %s, whatever is heard of %s', async (silent, heard) => {
    const server = await FakeApiServer.start();
    let clock = 0;
    const copy = new ClusterCopy({
      client: new ApiClient(proxiedAccess(server.url)),
      patience: PATIENCE,
      staleMs: 1000,
      logger: createLogger({ level: 'error', write: () => undefined, now: () => new Date(0) }),
      now: () => clock,
      random: () => 0.5,
    });
    copy.start();
    await server.until(() => server.watching(NODES) === 1 && server.watching(PODS) === 1);
    clock = 1001;
    server.put(heard, { metadata: { name: 'late', namespace: 'shop' } });
    // Events arrive in their own time.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(copy.knowledge).toEqual({ unknown: 'nothing heard of the API server for 1 s' });
    server.put(silent, { metadata: { name: 'late', namespace: 'shop' } });
    while ('unknown' in copy.knowledge) await new Promise((resolve) => setTimeout(resolve, 5));
    await copy.stop();
    await server.stop();
  });
});
