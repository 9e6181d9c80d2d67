import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { CUSTOM_METRICS } from '../control-plane/aggregation';
import { ControlPlane } from '../control-plane/control-plane';
import { Exporter } from '../control-plane/exporter';
import type { HttpsClient } from '../control-plane/https-client';
import { Prometheus } from '../control-plane/prometheus';
import { type Contestant, contestants } from './adapter/contestants';
import { type Freshness, measureFreshness, prepareFreshness } from './adapter/freshness';
import { type DiscoveryCost, measureDiscovery, withSeries } from './adapter/memory';
import { type Cost, measureRounds } from './adapter/rounds';
import { megabytes, number, table, times } from './adapter/table';
import { discoveryTargets, roundTargets } from './adapter/targets';
import { createPods, type Layout, metricPath, rateOf, seriesOf, TARGETED_CONFIG } from './adapter/world';

const USAGE = `npm run bench:adapter [-- --quick] [--only NAME] [--part rounds|discovery|crowd]

The adapter beside prometheus-adapter and beside a server of a constant, behind the same kube-apiserver, on the same
Prometheus, in the same run. Prints Markdown. --quick takes some minutes; the whole takes about an hour.`;

const AUTOSCALERS = 1000;
const PODS_EACH = 5;
const WORKERS = 5;
/** Longer than answers are kept for reuse, shorter than the controller's fifteen seconds. */
const PAUSE_MS = 8000;
/** Rounds before those that count: V8 compiles what runs often, and goes on doing so for some thousand requests. */
const WARM_UP = 5;
/** How many requests show what a throttled client does. */
const THROTTLED_SAMPLE = 60;
const CROWD = 10_000;
const HPA = 'system:serviceaccount:kube-system:horizontal-pod-autoscaler';

interface Run {
  readonly quick: boolean;
  readonly chosen: readonly Contestant[];
}

interface Entry {
  readonly contestant: Contestant;
  readonly cost: Cost;
  readonly fresh: Freshness | undefined;
  /** How long one waited for what is fresh. */
  readonly waitMs: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      part: { type: 'string', multiple: true, default: ['rounds', 'discovery', 'crowd'] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const { quick, only } = values;
  const chosen = contestants().filter(({ name, constant }) => constant || !only || name.includes(only));
  const run: Run = { quick, chosen };
  print(`Node ${process.version}, ${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'})\n`);
  if (values.part.includes('rounds')) {
    for (const namespaces of quick ? [1] : [1, 100]) await benchRounds(run, namespaces);
  }
  if (values.part.includes('discovery')) await benchDiscovery(run);
  if (values.part.includes('crowd') && !quick) await benchCrowd(run);
}

/** A thousand autoscalers, spread over namespaces. */
async function benchRounds(run: Run, namespaces: number): Promise<void> {
  const layout: Layout = { namespaces, autoscalers: AUTOSCALERS, podsEach: PODS_EACH };
  await withWorld(layout, run.quick ? 15 : 40, async (plane, prometheus, exporter) => {
    const identities: [string, HttpsClient][] = [
      ['as the autoscaler’s service account', plane.client(HPA, ['system:serviceaccounts'], WORKERS)],
    ];
    if (!run.quick) {
      identities.push(['as an administrator', plane.client('admin', ['system:masters'], WORKERS)]);
    }
    for (const [who, client] of identities) {
      const first = client === identities[0]?.[1];
      const entries: Entry[] = [];
      for (const contestant of run.chosen) {
        if (contestant.throttled && !(first && namespaces === 1)) continue;
        entries.push(await roundsOf(run, contestant, layout, { plane, prometheus, exporter, client, first }));
      }
      client.close();
      const spread = namespaces === 1 ? 'in one namespace' : `in ${namespaces} namespaces`;
      print(`\n### ${AUTOSCALERS} autoscalers of ${PODS_EACH} pods ${spread}, ${who}\n`);
      print(roundsTable(entries));
      printTargets(entries);
    }
  });
}

async function roundsOf(
  run: Run,
  contestant: Contestant,
  layout: Layout,
  world: {
    readonly plane: ControlPlane;
    readonly prometheus: Prometheus;
    readonly exporter: Exporter;
    readonly client: HttpsClient;
    readonly first: boolean;
  },
): Promise<Entry> {
  const { plane, prometheus, exporter, client, first } = world;
  progress(`${contestant.name}: start`);
  const server = await contestant.start(plane, prometheus, TARGETED_CONFIG);
  try {
    await server.discovered();
    await server.register(CUSTOM_METRICS);
    const sample = contestant.throttled && run.quick;
    const paths = Array.from({ length: sample ? THROTTLED_SAMPLE : AUTOSCALERS }, (_, index) =>
      metricPath(layout, index),
    );
    const processes = { adapter: server.pid, apiServer: plane.apiServer.pid, prometheus };
    const check = contestant.constant ? checkStatus : checkValues;
    const options = { client, paths, workers: WORKERS, pauseMs: contestant.constant ? 0 : PAUSE_MS, check };
    // Connections, compiled code and caches of kube-apiserver are warm in a cluster that runs.
    if (!contestant.throttled) await measureRounds(processes, { ...options, rounds: WARM_UP, pauseMs: 0 });
    const rounds = contestant.throttled ? 1 : run.quick ? 3 : 5;
    progress(`${contestant.name}: ${rounds} rounds`);
    const cost = await measureRounds(processes, { ...options, rounds });
    const waitMs = contestant.name.startsWith('prometheus') && run.quick ? 5000 : 90_000;
    const fresh =
      first && !contestant.constant && !contestant.throttled
        ? await measureFreshness(plane, server, exporter, waitMs)
        : undefined;
    return { contestant, cost, fresh, waitMs };
  } finally {
    await server.stop();
  }
}

function roundsTable(entries: readonly Entry[]): string {
  const floor = entries.find(({ contestant }) => contestant.constant)?.cost;
  const rows = entries.map(({ contestant, cost, fresh, waitMs }) => [
    contestant.name,
    times(cost.roundSeconds, floor?.roundSeconds ?? 0),
    times(cost.p50Ms, floor?.p50Ms ?? 0),
    times(cost.p99Ms, floor?.p99Ms ?? 0),
    times(cost.adapterCpuMs, floor?.adapterCpuMs ?? 0),
    times(cost.apiServerCpuMs, floor?.apiServerCpuMs ?? 0),
    number(cost.prometheusCpuMs),
    number(cost.queries),
    megabytes(cost.memory),
    ...(fresh ? [fresh.newPod, fresh.newMetric].map((value) => seconds(value, waitMs)) : ['', '']),
  ]);
  const head = [
    ...['', 'round of 1,000, s', 'p50, ms', 'p99, ms', 'own CPU a request, ms', 'kube-apiserver CPU, ms'],
    ...['Prometheus CPU, ms', 'queries a request', 'memory', 'new pod after scrape, s', 'new metric, s'],
  ];
  return table(head, rows);
}

function printTargets(entries: readonly Entry[]): void {
  const find = (is: (contestant: Contestant) => boolean) =>
    entries.find(({ contestant }) => is(contestant))?.cost;
  const ours = find(({ ours: own }) => own);
  if (!ours) return;
  const tuned = find(({ constant, ours: own, throttled }) => !constant && !own && !throttled);
  print(
    `\n${roundTargets(
      ours,
      find(({ constant }) => constant),
      tuned,
    )}`,
  );
}

function seconds(value: number | undefined, waitMs: number): string {
  return value === undefined ? `over ${waitMs / 1000}` : number(value);
}

/** Memory and time of discovery by the default rules. */
async function benchDiscovery(run: Run): Promise<void> {
  const plane = await ControlPlane.start();
  const costs: (readonly [Contestant, DiscoveryCost])[] = [];
  try {
    const layout: Layout = { namespaces: 20, autoscalers: AUTOSCALERS, podsEach: PODS_EACH };
    for (const podSeries of run.quick ? [19] : [19, 199]) {
      progress(`discovery of ${(podSeries + 1) * AUTOSCALERS * PODS_EACH} series: start`);
      await withSeries(layout, podSeries, async (prometheus) => {
        for (const contestant of run.chosen) {
          if (contestant.constant || contestant.throttled) continue;
          progress(`discovery: ${contestant.name}`);
          costs.push([contestant, await measureDiscovery(contestant, plane, prometheus)]);
        }
      });
    }
  } finally {
    await plane.stop();
  }
  print('\n### Discovery by the default rules\n');
  const rows = costs.map(([contestant, cost]) => discoveryRow(contestant, cost));
  print(table(['', 'series', 'memory after the first', 'at the most', 'CPU a relist, s'], rows));
  const of = (ours: boolean) =>
    costs.filter(([contestant]) => contestant.ours === ours).map(([, cost]) => cost);
  print(`\n${discoveryTargets(of(true), of(false))}`);
}

function discoveryRow({ name }: Contestant, cost: DiscoveryCost): string[] {
  const count = cost.series.toLocaleString('en');
  return [name, count, megabytes(cost.memory), megabytes(cost.peak), number(cost.cpuSecondsARelist)];
}

/** Ten thousand pods of one autoscaler. */
async function benchCrowd(run: Run): Promise<void> {
  const layout: Layout = { namespaces: 1, autoscalers: 1, podsEach: CROWD };
  await withWorld(layout, 15, async (plane, prometheus) => {
    const client = plane.client(HPA, ['system:serviceaccounts'], 1);
    const rows: string[][] = [];
    for (const contestant of run.chosen) {
      if (contestant.constant || contestant.throttled) continue;
      progress(`${CROWD} pods: ${contestant.name}`);
      const server = await contestant.start(plane, prometheus, TARGETED_CONFIG);
      try {
        await server.discovered();
        await server.register(CUSTOM_METRICS);
        const processes = { adapter: server.pid, apiServer: plane.apiServer.pid, prometheus };
        const check = (_: number, status: number, text: string): void => {
          const items = text.split('"describedObject"').length - 1;
          if (status !== 200 || items !== CROWD) {
            throw new Error(
              `${contestant.name}: ${status}, ${items} of ${CROWD} pods: ${text.slice(0, 300)}`,
            );
          }
        };
        const cost = await measureRounds(processes, {
          ...{ client, paths: [metricPath(layout, 0)], workers: 1, rounds: 5, pauseMs: PAUSE_MS, check },
        });
        const cells = [
          cost.p50Ms,
          cost.adapterCpuMs,
          cost.apiServerCpuMs,
          cost.prometheusCpuMs,
          cost.queries,
        ];
        rows.push([contestant.name, ...cells.map(number), megabytes(cost.memory)]);
      } finally {
        await server.stop();
      }
    }
    client.close();
    print(`\n### ${CROWD.toLocaleString('en')} pods of one autoscaler\n`);
    const head = [
      '',
      'p50, ms',
      'own CPU, ms',
      'kube-apiserver CPU, ms',
      'Prometheus CPU, ms',
      'queries',
      'memory',
    ];
    print(table(head, rows));
  });
}

/** A control plane with the pods, and a Prometheus with their series for some minutes. */
async function withWorld(
  layout: Layout,
  minutes: number,
  use: (plane: ControlPlane, prometheus: Prometheus, exporter: Exporter) => Promise<void>,
): Promise<void> {
  const plane = await ControlPlane.start();
  const exporter = await Exporter.start();
  let prometheus: Prometheus | undefined;
  try {
    progress(`creating ${layout.autoscalers * layout.podsEach} pods`);
    await createPods(plane, layout);
    await prepareFreshness(plane, exporter);
    progress('writing series');
    const data = seriesOf(layout, Date.now(), minutes * 60_000);
    prometheus = await Prometheus.start({ data, targets: { fresh: { port: exporter.port } } });
    progress('series are there');
    await use(plane, prometheus, exporter);
  } finally {
    await prometheus?.stop();
    await exporter.stop();
    await plane.stop();
  }
}

function checkStatus(_: number, status: number, text: string): void {
  if (status !== 200) throw new Error(`${status} ${text}`);
}

/** All pods of the autoscaler, and the rate that its counters have. */
function checkValues(index: number, status: number, text: string): void {
  checkStatus(index, status, text);
  const values = [...text.matchAll(/"value":"(\d+)(m?)"/g)].map(
    ([, digits, milli]) => Number(digits) / (milli === 'm' ? 1000 : 1),
  );
  const right = values.every((value) => Math.abs(value - rateOf(index)) < 0.01);
  if (values.length !== PODS_EACH || !right) {
    throw new Error(`autoscaler ${index}: not ${PODS_EACH} values of ${rateOf(index)}: ${text}`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function progress(text: string): void {
  process.stderr.write(`[${(performance.now() / 1000).toFixed(0).padStart(4)} s] ${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
