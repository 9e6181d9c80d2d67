import { z } from 'zod';
import { startOurAdapter } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { CUSTOM_METRICS, until } from './aggregation';
import { ControlPlane } from './control-plane';
import { Exporter } from './exporter';
import { Prometheus } from './prometheus';

/** Requests in all; the first fifth is what is compared with. */
const REQUESTS = Number(process.env['PLIMSOLL_SOAK_REQUESTS'] ?? 20_000);
const CONNECTIONS = 16;

/** How many requests the adapter remembers at the most, and about what one takes: it is there to be used. */
const REMEMBERED = { most: 20_000, mebibytes: 3 / 1024 };
/** Of all requests those that are asked only once and remembered. */
const NEW_ONES = 0.4;

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

/** What a request may look like: most are answered, some fail, each in another way; many are asked only once. */
const KINDS: readonly ((index: number) => readonly [path: string, status: number])[] = [
  (index) => [`${CUSTOM}/namespaces/default/services/web-${index % SERVICES}/http_requests`, 200],
  () => [`${CUSTOM}/namespaces/default/services/*/http_requests`, 200],
  (index) => [
    `${CUSTOM}/namespaces/default/services/*/http_requests?labelSelector=app%3Dweb-${index % SERVICES}`,
    200,
  ],
  (index) => [`${EXTERNAL}/queue_depth?labelSelector=run%21%3D${index}`, 200],
  (index) => [`${CUSTOM}/namespaces/default/services/none-${index}/http_requests`, 404],
  (index) => [`${CUSTOM}/namespaces/default/services/web-1/unknown_${index}`, 404],
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
    flags: ['--metrics-relist-interval=2s'],
    // Small enough that garbage does not look like a leak.
    nodeFlags: ['--max-old-space-size=96', '--max-semi-space-size=4'],
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
  const client = adapter.frontClient(CONNECTIONS);
  const headers = { 'x-remote-user': 'admin', 'x-remote-group': ['system:masters', 'system:authenticated'] };
  let sent = 0;
  const wrong = new Map<string, number>();
  const run = async (until: number) => {
    const worker = async () => {
      while (sent < until) {
        const index = sent++;
        const kind = KINDS[index % KINDS.length];
        if (!kind) continue;
        const [path, status] = kind(index);
        const reply = await client.request(path, { headers });
        if (reply.status === status) continue;
        const what = `${path.replaceAll(/\d+/g, 'N')}: ${reply.status}`;
        wrong.set(what, (wrong.get(what) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  };
  const began = performance.now();
  await run(REQUESTS / 5);
  const early = await state();
  await run(REQUESTS);
  const late = await state();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stderr.write(
    `soak: ${REQUESTS} requests in ${seconds} s\n  early ${shown(early)}\n  late  ${shown(late)}\n`,
  );
  expect([...wrong]).toEqual([]);
  client.close();
  const remembered = rememberedMiB(REQUESTS) - rememberedMiB(REQUESTS / 5);
  expect(late.residentMiB).toBeLessThan(early.residentMiB * 1.25 + 16 + remembered);
  expect(late.heapMiB).toBeLessThan(early.heapMiB * 1.25 + 8 + remembered);
  expect(late.resources).toBeLessThanOrEqual(early.resources + 16);
  expect(late.descriptors).toBeLessThanOrEqual(early.descriptors + 16);
  await until('connections and requests are gone', async () => {
    const { descriptors, inFlight } = await state();
    return inFlight <= 1 && descriptors <= early.descriptors - CONNECTIONS + 8;
  });
  expect(adapter.log()).not.toMatch(/MaxListenersExceeded|unhandled|heap out of memory/i);
});

const countsShape = z.object({
  residentMiB: z.number(),
  heapMiB: z.number(),
  /** Timers, sockets and all else that libuv holds for the program. */
  resources: z.number(),
  descriptors: z.number(),
  inFlight: z.number(),
});
type State = z.infer<typeof countsShape>;

/** What the adapter says about itself; the least of several looks, since garbage comes and goes. */
async function state(): Promise<State> {
  const looks: State[] = [];
  for (let look = 0; look < 10; look += 1) {
    const { text } = await adapter.direct('/metrics');
    const sum = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]
        .map(([, value]) => Number(value))
        .reduce((total, value) => total + value, 0);
    looks.push(
      countsShape.parse({
        residentMiB: sum('process_resident_memory_bytes') / 2 ** 20,
        heapMiB: sum('nodejs_heap_size_used_bytes') / 2 ** 20,
        resources: sum('nodejs_active_resources'),
        descriptors: sum('process_open_fds'),
        inFlight: sum('plimsoll_adapter_requests_in_flight'),
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const least = (key: keyof State) => Math.min(...looks.map((look) => look[key]));
  return {
    residentMiB: least('residentMiB'),
    heapMiB: least('heapMiB'),
    resources: least('resources'),
    descriptors: least('descriptors'),
    inFlight: least('inFlight'),
  };
}

function rememberedMiB(requests: number): number {
  return Math.min(requests * NEW_ONES, REMEMBERED.most) * REMEMBERED.mebibytes;
}

function shown(counts: State): string {
  return Object.entries(counts)
    .map(([name, value]) => `${name} ${value.toFixed(0)}`)
    .join(', ');
}
