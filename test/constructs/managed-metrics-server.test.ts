import { checkObjects } from '../../core/check';
import { findMetricsServer } from '../../core/chain';
import { Inventory } from '../../core/kube/inventory';
import { MANAGED_METRICS_SERVER } from '../../constructs';
import type { Origin } from '../../core/model';
import { TEST_CLUSTER } from '../support/cluster';

describe('the metrics-server of a managed cluster', () => {
  it('serves resource metrics: its API leads to it, and it may do what it has to', () => {
    const found = findMetricsServer(new Inventory(MANAGED_METRICS_SERVER));
    expect(found?.problems).toEqual([]);
    expect(found?.podPort).toBe(4443);
    expect(found?.flags).toMatchObject({ securePort: 4443, resolutionMs: 15_000 });
  });

  it('is found in order; that nobody signed its certificate is not for those to change who use it', () => {
    const checks = (origin: Origin) =>
      checkObjects(
        MANAGED_METRICS_SERVER.map((object) => ({ object, origin })),
        TEST_CLUSTER,
      ).map(({ check }) => check);
    expect(checks({ cluster: true })).toEqual([]);
    expect(checks({})).toEqual(['api-service-insecure']);
  });
});
