import { messageOf, UsageError } from '../../../../core/errors';
import { prepare, type SeriesStore } from '../../../../core/promql';
import { DATA_START_MS, storeOf } from '../../../conformance/prometheus/data';
import { clusterData, CLUSTER_DATA_MS } from './cluster-data';
import { compareSharing, type Evaluated, type Evaluator, Sharing } from './sharing';

/** Other rules over other data: `SEED=7 COUNT=20000 npx jest sharing`. */
const SEED = Number(process.env['SEED'] ?? 1);
const COUNT = Number(process.env['COUNT'] ?? 600);

function evaluatorOf(store: SeriesStore, atMs: number): Evaluator {
  const evaluate = (query: string): Evaluated => {
    try {
      const result = prepare(query, { experimentalFunctions: true }).evaluate(store, atMs);
      return result.type === 'vector' ? result : { error: `a ${result.type}` };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { error: messageOf(error) };
    }
  };
  return { evaluate: (query) => Promise.resolve(evaluate(query)), ordered: true };
}

describe('requests of random rules, answered one by one and from fused queries', () => {
  it(`have the same answers: ${COUNT} rules, seed ${SEED}`, async () => {
    const sharing = new Sharing();
    const atMs = DATA_START_MS + CLUSTER_DATA_MS - 60_000;
    const stores = Array.from({ length: 10 }, (_, index) => storeOf(clusterData(SEED * 1000 + index)));
    for (let index = 0; index < COUNT; index++) {
      const store = stores[index % stores.length];
      if (!store) throw new Error('no data');
      await compareSharing(SEED * 2 ** 24 + index, evaluatorOf(store, atMs), sharing);
    }
    expect(sharing.differences.slice(0, 3)).toEqual([]);
    expect(sharing.rounded).toBe(0);
    // A comparison of nothing with nothing proves little.
    expect(sharing.found).toBeGreaterThan(COUNT);
    expect(sharing.shared).toBeGreaterThan(COUNT / 4);
    expect(sharing.refused).toBeGreaterThan(COUNT);
  });
});
