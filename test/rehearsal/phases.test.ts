import { defineScenario } from '../../core/model';
import { rehearse, type Phases, type ScrapePhase } from '../../rehearsal';
import { nodesOf } from '../../rehearsal/nodes';
import { deployment } from '../support/chain';
import { METRICS_SERVER } from '../support/metrics-server';
import { appProgram, autoscalerOf, client, parseYaml, PLAIN_CHAIN, PLAIN_CLUSTER, valuesOf } from './fixture';

const CHANGE_MS = 400_000;

const CPU_AUTOSCALER = `
apiVersion: v1
kind: Service
metadata: { name: app, namespace: shop }
spec: { selector: { app: app }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: app, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: app }
  maxReplicas: 1
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 90 } } }]`;

function play(phases?: Phases) {
  return rehearse({
    name: 'plain',
    objects: parseYaml(PLAIN_CHAIN),
    cluster: PLAIN_CLUSTER,
    scenario: defineScenario(
      {
        duration: '10m',
        noise: false,
        programs: [appProgram()],
        clients: [
          {
            ...client(5),
            steps: [
              { at: '0s', rate: 5 },
              { at: '400s', rate: 50 },
            ],
          },
        ],
      },
      'test',
    ),
    phases,
  });
}

/** Syncs every second around the change of the load. */
const EVERY_SECOND = Array.from({ length: 40 }, (_, second) => CHANGE_MS - 14_500 + second * 1000);

/** How long after the change of the load the first sync sees it. */
function seenAfter(scrapes: readonly ScrapePhase[], pods: Phases['pods'] = {}): number {
  const timeline = play({
    syncs: { 'shop/app': EVERY_SECOND },
    scrapes: { 'serviceMonitor/shop/app/0': scrapes },
    pods,
  });
  const values = valuesOf(timeline, 'app');
  const { atMs } = autoscalerOf(timeline, 'app').syncs;
  const index = atMs.findIndex((moment, sync) => moment > CHANGE_MS && (values[sync] ?? 0) > 5.5);
  return (atMs[index] ?? NaN) - CHANGE_MS;
}

test('syncs at the moments that are given, and every period after the last one', () => {
  const moments = [20_000, 31_500, 47_000];
  const { syncs } = autoscalerOf(play({ syncs: { 'shop/app': moments } }), 'app');
  expect(syncs.atMs.slice(0, 5)).toEqual([...moments, 62_000, 77_001]);
});

test('leaves autoscalers alone that are not named', () => {
  const syncs = (phases?: Phases) => autoscalerOf(play(phases), 'app').syncs.atMs;
  expect(syncs({ syncs: { 'shop/other': [1] } })).toEqual(syncs());
});

test('scrapes as much later than whole intervals as is said', () => {
  expect(seenAfter([{ phaseMs: 3000 }])).toBe(3500);
  expect(seenAfter([{ phaseMs: 8000 }])).toBe(8500);
});

test('has metrics-server ask kubelets as much later than whole intervals as is said', () => {
  const app = deployment(
    'shop',
    'app',
    `
containers:
  - name: app
    image: example.org/app:1
    ports: [{ name: http, containerPort: 8080 }]
    resources: { requests: { cpu: '1' } }`,
  );
  const seen = (resources: number) => {
    const timeline = rehearse({
      name: 'resources',
      objects: parseYaml(`${METRICS_SERVER}\n---\n${app}\n---\n${CPU_AUTOSCALER}`),
      cluster: PLAIN_CLUSTER,
      scenario: defineScenario(
        {
          ...{ duration: '10m', noise: false, programs: [{ image: 'example.org/app', startsIn: '2s' }] },
          usage: [{ workload: 'shop/app', cpu: { idle: '100m', perRequest: '10ms' }, memory: '20Mi' }],
          clients: [{ ...client(0), steps: [{ at: '400s', rate: 20 }] }],
        },
        'test',
      ),
      phases: { syncs: { 'shop/app': EVERY_SECOND }, resources },
    });
    const { atMs } = autoscalerOf(timeline, 'app').syncs;
    const values = valuesOf(timeline, 'app');
    return (
      (atMs[atMs.findIndex((moment, sync) => moment > CHANGE_MS && (values[sync] ?? 0) > 10)] ?? NaN) -
      CHANGE_MS
    );
  };
  // Whole minutes and this much: 6:50 is ten seconds after the change, 6:43 three.
  expect(seen(50_000)).toBe(10_500);
  expect(seen(43_000)).toBe(3500);
});

test('has prometheus-adapter list series as much later than whole intervals as is said', () => {
  const known = (listings: number) => {
    const timeline = play({
      syncs: { 'shop/app': Array.from({ length: 300 }, (_, second) => 500 + second * 1000) },
      listings,
    });
    const index = valuesOf(timeline, 'app').findIndex((value) => value !== null);
    return autoscalerOf(timeline, 'app').syncs.atMs[index];
  };
  // It lists every minute.
  expect(known(100_000)).toBe(40_500);
  expect(known(117_000)).toBe(57_500);
});

test('puts pods onto the nodes that are said, where each is scraped as is said', () => {
  const [first = '', second = ''] = nodesOf(PLAIN_CLUSTER)
    .filter(({ role }) => role === 'worker')
    .map(({ name }) => name);
  const scrapes = [
    { node: first, phaseMs: 3000 },
    { node: second, phaseMs: 8000 },
  ];
  expect(seenAfter(scrapes, { 'shop/app': [{ node: first }] })).toBe(3500);
  expect(seenAfter(scrapes, { 'shop/app': [{ node: second }] })).toBe(8500);
});

test('starts pods as fast as is said, one after another', () => {
  const readyAt = (phases?: Phases) => {
    const app = play(phases).workloads.find(({ name }) => name === 'app');
    return app?.atMs[app.ready.findIndex((count) => count > 0)] ?? NaN;
  };
  const [node = ''] = nodesOf(PLAIN_CLUSTER).map(({ name }) => name);
  const begin = (startMs: number) => readyAt({ pods: { 'shop/app': [{ node, startMs }] } });
  expect(begin(9000) - begin(1000)).toBe(8000);
});

test('has pods ready when it is said, whatever their probes make of it', () => {
  const [node = ''] = nodesOf(PLAIN_CLUSTER).map(({ name }) => name);
  const readyAt = (readyMs: number) => {
    const pods = { 'shop/app': [{ node, startMs: 1000, readyMs }] };
    const app = play({ pods }).workloads.find(({ name }) => name === 'app');
    return app?.atMs[app.ready.findIndex((count) => count > 0)] ?? NaN;
  };
  expect(readyAt(9300) - readyAt(2100)).toBe(7200);
  // Not before its containers run.
  expect(readyAt(300)).toBe(readyAt(1000));
});

test('scrapes a new pod from the next time on that its phase says, as it is noticed at once', () => {
  const everySecond = Array.from({ length: 60 }, (_, second) => CHANGE_MS - 14_500 + second * 1000);
  const timeline = play({
    syncs: { 'shop/app': everySecond },
    scrapes: { 'serviceMonitor/shop/app/0': [{ phaseMs: 3000 }, { phaseMs: 8000 }] },
  });
  const app = timeline.workloads.find(({ name }) => name === 'app');
  const madeMs = app?.atMs[app.pods.indexOf(2)] ?? NaN;
  expect(madeMs - CHANGE_MS).toBe(13_500);
  // It is scraped at 18 s and at 28 s, half a second before there is a rate that is far less than the first pod's.
  const values = valuesOf(timeline, 'app');
  const { atMs } = autoscalerOf(timeline, 'app').syncs;
  const fallsAt = atMs.findIndex(
    (moment, sync) => moment > madeMs && (values[sync] ?? 0) < (values[sync - 1] ?? 0),
  );
  expect((atMs[fallsAt] ?? NaN) - CHANGE_MS).toBe(28_500);
});
