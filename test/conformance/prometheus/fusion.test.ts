import { SERVER_FEATURES } from '../../../core/promqltest';
import { clusterData, CLUSTER_DATA_MS } from '../../core/adapter/fusion/cluster-data';
import { compareSharing, type Evaluated, type Evaluator, Sharing } from '../../core/adapter/fusion/sharing';
import { DATA_START_MS } from './data';
import { prometheusVersion } from './module';
import { type Answer, PrometheusServer } from './server';

/** Other rules over other data: `SEED=7 COUNT=20000 npm run test:conformance -- fusion`. */
const SEED = Number(process.env['SEED'] ?? 1);
const COUNT = Number(process.env['COUNT'] ?? 4000);
const TIMEOUT_MS = 10 * 60_000 + COUNT * 100;
const AT_ONCE = 8;
const AT_MS = DATA_START_MS + CLUSTER_DATA_MS - 60_000;

function evaluatorOf(server: PrometheusServer): Evaluator {
  const evaluate = async (expression: string): Promise<Evaluated> =>
    evaluated(await server.ask({ expression, kind: 'instant', atMs: AT_MS }));
  return { evaluate, ordered: false };
}

function evaluated(answer: Answer): Evaluated {
  if (answer.kind === 'error') return { error: answer.message };
  const { value } = answer;
  if (value.type !== 'vector') return { error: `a ${value.type}` };
  return {
    samples: value.series.map(({ labels, points }) => ({ labels, value: points[0]?.value ?? Number.NaN })),
  };
}

async function compareAll(): Promise<Sharing> {
  const server = await PrometheusServer.start(clusterData(SEED), SERVER_FEATURES);
  try {
    const sharing = new Sharing();
    const evaluator = evaluatorOf(server);
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < COUNT; index = next++) {
        await compareSharing(SEED * 2 ** 24 + 2 ** 23 + index, evaluator, sharing);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return sharing;
  } finally {
    await server.stop();
  }
}

describe(`requests of random rules to Prometheus ${prometheusVersion()}, seed ${SEED}`, () => {
  it(
    `have the same answers one by one and from fused queries: ${COUNT} rules with 5 requests each`,
    async () => {
      const sharing = await compareAll();
      process.stdout.write(sharing.summary());
      expect(sharing.differences).toEqual([]);
      // A comparison of nothing with nothing proves little.
      expect(sharing.found / COUNT).toBeGreaterThan(1);
      expect(sharing.shared / COUNT).toBeGreaterThan(0.3);
      expect(sharing.rounded / sharing.values).toBeLessThan(0.001);
    },
    TIMEOUT_MS,
  );
});
