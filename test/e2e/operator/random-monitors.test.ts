import { setTimeout as sleep } from 'node:timers/promises';
import { Inventory } from '../../../core/kube/inventory';
import type { KubeObject } from '../../../core/kube/object';
import type { DiscoveryState } from '../../../core/operator';
import { Random } from '../../../rehearsal/random';
import { stateOf } from './cluster-state';
import { compareJobs, ownJobs, report } from './compare-jobs';
import { inParallel, OperatedCluster } from './operated-cluster';
import { randomCluster, type RandomPod } from './random-cluster';
import { randomMonitor } from './random-monitors';
import { randomPrometheus } from './random-prometheus';
import { NAMESPACES, Words } from './random-words';
import { targetDifferences } from './real-targets';

/** Another one in the variable gives other objects. */
const SEED = Number(process.env['OPERATOR_SEED'] ?? 1);
const PROMETHEUSES = 20;
const MONITORS_OF_EACH = 50;
/** Prometheus servers that run at once. */
const SERVERS = 4;
/** So long nothing may change before a cluster counts as settled. */
const QUIET_MS = 1500;

interface Draft {
  readonly prometheus: KubeObject;
  readonly monitors: readonly KubeObject[];
}

const words = new Words(new Random(SEED));
const cluster = randomCluster(words);
const drafts: readonly Draft[] = Array.from({ length: PROMETHEUSES }, (_, index) => ({
  prometheus: randomPrometheus(words, `p${index}`, `set-${index}`),
  monitors: Array.from({ length: MONITORS_OF_EACH }, (_unused, number) =>
    randomMonitor(words, `monitor-${index * MONITORS_OF_EACH + number}`, `set-${index}`),
  ),
}));
const monitors = drafts.flatMap((draft) => draft.monitors);
const inventory = new Inventory([
  ...cluster.objects,
  ...drafts.map(({ prometheus }) => prometheus),
  ...monitors,
]);

let operated: OperatedCluster;

beforeAll(async () => {
  operated = await OperatedCluster.start();
  await operated.apply([...cluster.objects, ...monitors, ...drafts.map(({ prometheus }) => prometheus)]);
  for (const namespace of Object.keys(NAMESPACES)) await accountIn(namespace);
  await inParallel(cluster.pods, placePod);
  await operated.startOperator();
});

afterAll(async () => {
  await operated?.stop();
});

it('writes the scrape configuration that the operator writes, for 1,000 random monitors', async () => {
  const found = await Promise.all(
    drafts.map(({ prometheus }) => compareJobs(operated, prometheus, inventory)),
  );
  const taken = new Set(
    found.flatMap(({ jobs }) => jobs.map(({ source }) => `${source.kind} ${source.name}`)),
  );
  report(`${monitors.length} monitors compared (seed ${SEED})`);
  report(`${taken.size} taken by both, ${monitors.length - taken.size} left out by both`);
  report(`${found.flatMap(({ jobs }) => jobs).length} scrape configurations compared`);
  expect(found.flatMap(({ differences }) => differences)).toEqual([]);
});

it('finds the targets that a real Prometheus with that configuration finds', async () => {
  const state = await settledState();
  const differences: string[] = [];
  const withTargets = new Set<string>();
  let targets = 0;
  const queue = [...drafts];
  const compare = async (): Promise<void> => {
    for (let draft = queue.shift(); draft; draft = queue.shift()) {
      const { configuration = '' } = await operated.answerOn(draft.prometheus);
      const result = await targetDifferences(
        operated.plane,
        configuration,
        ownJobs(draft.prometheus, inventory),
        state,
      );
      differences.push(...result.differences);
      targets += result.targets;
      for (const name of result.jobsWithTargets) withTargets.add(name.replace(/\/\d+$/, ''));
    }
  };
  await Promise.all(Array.from({ length: SERVERS }, compare));
  report(`${targets} targets of ${withTargets.size} monitors compared`);
  expect(differences).toEqual([]);
  expect(withTargets.size).toBeGreaterThan(MONITORS_OF_EACH);
});

/** No pod can be created before its account is there. */
async function accountIn(namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
  while ((await operated.plane.request(path)).status !== 200) await sleep(100);
}

/** Creates a pod and says of it what a node would. */
async function placePod({ object, status, leaving }: RandomPod): Promise<void> {
  const { namespace = '', name } = object.metadata;
  await operated.apply([object]);
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const { status: code, text } = await operated.plane.request(`${path}/status`, {
    method: 'PATCH',
    contentType: 'application/strategic-merge-patch+json',
    body: { status },
  });
  if (code !== 200) throw new Error(`status of pod ${namespace}/${name}: ${code} ${text}`);
  if (leaving) {
    await operated.plane.request(path, { method: 'DELETE', body: { gracePeriodSeconds: 3600 } });
  }
}

/** The cluster's state once the controllers have nothing to do any more. */
async function settledState(): Promise<DiscoveryState> {
  let state = await stateOf(operated.plane);
  for (;;) {
    await sleep(QUIET_MS);
    const next = await stateOf(operated.plane);
    if (JSON.stringify(next) === JSON.stringify(state)) return next;
    state = next;
  }
}
