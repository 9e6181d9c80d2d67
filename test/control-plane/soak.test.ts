import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startOurAdapter } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { CUSTOM_METRICS, until } from './aggregation';
import { ControlPlane } from './control-plane';
import { Exporter } from './exporter';
import { HEAP_METER_FLAGS, heapMiB } from './heap-meter';
import type { HttpsClient } from './https-client';
import { Prometheus } from './prometheus';

/** Requests of all kinds; after the first half the heap is measured, and again after the second. */
const REQUESTS = Number(process.env['PLIMSOLL_SOAK_REQUESTS'] ?? 20_000);
/** Requests that are made once, before: more than all that is remembered of requests has room for. */
const FILLING = 8000;
const CONNECTIONS = 16;
/** Until nothing is left of results that are not fresh any more. */
const SWEPT_MS = 12_000;
/** What the heap may differ by, however many requests there were: who asked within the last minute is remembered. */
const ASKED_LATELY_MIB = 4;
/** What the filling must take at the least: else what follows is no proof of any bound. */
const FILLED_MIB = 16;

const CONFIG = JSON.stringify({
  rules: [
    {
      seriesQuery: 'http_requests_total',
      resources: { overrides: { namespace: { resource: 'namespace' }, service: { resource: 'service' } } },
      name: { matches: '^(.*)_total$' },
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    },
  ],
  externalRules: [
    {
      seriesQuery: 'queue_depth',
      resources: { overrides: { namespace: { resource: 'namespace' } } },
      metricsQuery: 'max(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    },
  ],
  plimsoll: { freshness: '1s' },
});
const SERVICES = 20;
const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta1';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1/namespaces/default';

type Kind = (index: number) => readonly [path: string, status: number];

/** Selects everything, by a text that is another one each time. */
const selector = (index: number, values: number) => {
  const others = Array.from({ length: values }, (_, each) => `${'v'.repeat(40)}-${index}-${each}`);
  return encodeURIComponent(`run notin (${others.join(',')})`);
};

/** Requests that are made only once; long ones, so that it does not take long until all memory for them is used up. */
const NEW: readonly Kind[] = [
  // So long that its route is just remembered.
  (index) => [`${EXTERNAL}/queue_depth?labelSelector=${selector(index, 15)}`, 200],
  (index) => [`${EXTERNAL}/queue_depth?labelSelector=${selector(index, 80)}`, 200],
  (index) => [`${CUSTOM}/namespaces/default/services/web-1/unknown_${'u'.repeat(4000)}_${index}`, 404],
  (index) => [`${CUSTOM}/namespaces/default/services/none-${index}/http_requests`, 404],
];

/** What a request may look like: most are answered, some fail, each in another way. */
const ALL: readonly Kind[] = [
  ...NEW,
  (index) => [`${CUSTOM}/namespaces/default/services/web-${index % SERVICES}/http_requests`, 200],
  () => [`${CUSTOM}/namespaces/default/services/*/http_requests`, 200],
  (index) => [
    `${CUSTOM}/namespaces/default/services/*/http_requests?labelSelector=app%3Dweb-${index % SERVICES}`,
    200,
  ],
  () => [CUSTOM, 200],
  () => ['/apis', 200],
  () => ['/readyz?verbose', 200],
  (index) => [`/nowhere/${index}`, 404],
];

let plane: ControlPlane;
let exporter: Exporter;
let prometheus: Prometheus;
let adapter: AggregatedServer;

beforeAll(async () => {
  plane = await ControlPlane.start();
  exporter = await Exporter.start();
  for (let index = 0; index < SERVICES; index += 1) {
    const name = `web-${index}`;
    exporter.set('http_requests_total', { namespace: 'default', service: name }, index);
    await plane.create('/api/v1/namespaces/default/services', {
      metadata: { name, labels: { app: name } },
      spec: { ports: [{ port: 80 }] },
    });
  }
  exporter.set('queue_depth', { namespace: 'default', queue: 'orders' }, 1);
  prometheus = await Prometheus.start({ targets: { app: { port: exporter.port } } });
  await until('the target is scraped', async () => (await prometheus.query('queue_depth')).length > 0);
  adapter = await startOurAdapter(plane, prometheus, {
    config: CONFIG,
    flags: ['--metrics-relist-interval=2s', '--metrics-max-age=1m'],
    // Small enough that a leak of a few hundred bytes a request ends the adapter.
    nodeFlags: [...HEAP_METER_FLAGS, '--max-old-space-size=128', '--max-semi-space-size=4'],
  });
  await adapter.discovered(CUSTOM_METRICS);
});

afterAll(async () => {
  await adapter?.stop();
  await prometheus?.stop();
  await exporter?.stop();
  await plane?.stop();
});

test(`${REQUESTS} requests leave nothing behind`, async () => {
  const load = new Load(adapter.frontClient(CONNECTIONS));
  const began = performance.now();
  await load.run(NEW, SERVICES);
  const first = await state();
  await load.run(NEW, FILLING);
  const full = await state();
  await load.run(ALL, REQUESTS / 2);
  const early = await state();
  await load.run(ALL, REQUESTS / 2);
  const late = await state();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stderr.write(
    `soak: ${FILLING} and ${REQUESTS} requests in ${seconds} s\n  first ${shown(first)}\n  full  ${shown(full)}\n` +
      `  early ${shown(early)}\n  late  ${shown(late)}\n`,
  );
  expect([...load.wrong]).toEqual([]);
  load.close();
  expect(full.heapMiB).toBeGreaterThan(first.heapMiB + FILLED_MIB);
  for (const later of [early, late]) {
    expect(later.heapMiB).toBeLessThan(full.heapMiB + ASKED_LATELY_MIB);
    expect(later.resources).toBeLessThanOrEqual(full.resources + 16);
    expect(later.descriptors).toBeLessThanOrEqual(full.descriptors + 16);
  }
  expect(late.heapMiB).toBeLessThan(early.heapMiB + ASKED_LATELY_MIB);
  expect(late.externalMiB).toBeLessThan(early.externalMiB + ASKED_LATELY_MIB);
  // Each kind of request has its labels by now: more would be labels that clients choose.
  expect(late.series).toBe(early.series);
  await until('connections and requests are gone', async () => {
    const { descriptors, inFlight } = await counts();
    return inFlight <= 1 && descriptors <= early.descriptors - CONNECTIONS + 8;
  });
  expect(adapter.log()).not.toMatch(/MaxListenersExceeded|unhandled|heap out of memory/i);
});

/** Requests over a number of connections at a time, and what was answered otherwise than it should be. */
class Load {
  readonly wrong = new Map<string, number>();
  private sent = 0;

  constructor(private readonly client: HttpsClient) {}

  async run(kinds: readonly Kind[], requests: number): Promise<void> {
    const end = this.sent + requests;
    const worker = async () => {
      while (this.sent < end) await this.send(kinds, this.sent++);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  }

  close(): void {
    this.client.close();
  }

  private async send(kinds: readonly Kind[], index: number): Promise<void> {
    const [path, status] = kinds[index % kinds.length]?.(index) ?? ['/', 200];
    const reply = await this.client.request(path, { headers: HEADERS });
    if (reply.status === status) return;
    const what = `${path.replaceAll(/\d+/g, 'N').slice(0, 200)}: ${reply.status}`;
    this.wrong.set(what, (this.wrong.get(what) ?? 0) + 1);
  }
}

const HEADERS = { 'x-remote-user': 'admin', 'x-remote-group': ['system:masters', 'system:authenticated'] };

const countsShape = z.object({
  externalMiB: z.number(),
  /** Timers, sockets and all else that libuv holds for the program. */
  resources: z.number(),
  descriptors: z.number(),
  inFlight: z.number(),
  /** Of its own metrics. */
  series: z.number(),
});
type Counts = z.infer<typeof countsShape>;
interface State extends Counts {
  /** Without garbage. */
  readonly heapMiB: number;
}

/** How the adapter is once nothing is fresh any more. */
async function state(): Promise<State> {
  await sleep(SWEPT_MS);
  return { heapMiB: await heapMiB(adapter), ...(await counts()) };
}

/** What the adapter says about itself. */
async function counts(): Promise<Counts> {
  const { text } = await adapter.direct('/metrics');
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]
      .map(([, value]) => Number(value))
      .reduce((total, value) => total + value, 0);
  return countsShape.parse({
    externalMiB: sum('nodejs_external_memory_bytes') / 2 ** 20,
    resources: sum('nodejs_active_resources'),
    descriptors: sum('process_open_fds'),
    inFlight: sum('plimsoll_adapter_requests_in_flight'),
    series: [...text.matchAll(/^plimsoll_adapter_/gm)].length,
  });
}

function shown(counts: State): string {
  return Object.entries<number>({ ...counts })
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(', ');
}
