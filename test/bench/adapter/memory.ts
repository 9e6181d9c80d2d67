import { setTimeout as sleep } from 'node:timers/promises';
import { defaultRules } from '../../../core/rules';
import type { ControlPlane } from '../../control-plane/control-plane';
import { Prometheus } from '../../control-plane/prometheus';
import type { Contestant } from './contestants';
import { cpuMs, memoryOf } from './usage';
import { type Layout, seriesOf } from './world';

/** What discovery by the default rules takes. */
export interface DiscoveryCost {
  readonly series: number;
  /** Bytes, once the first listing is done, and at the most after some more. */
  readonly memory: number;
  readonly peak: number;
  readonly cpuSecondsARelist: number;
}

const RATE_INTERVAL_MS = 300_000;
const RELIST_SECONDS = 10;
const RELISTS = 3;
const QUIET_MS = 1500;
const QUIET_CPU_MS = 60;
const AHEAD_MS = 600_000;

/** @param podSeries how many series each of the layout's pods has besides the first */
export async function withSeries<Result>(
  layout: Layout,
  podSeries: number,
  use: (prometheus: Prometheus) => Promise<Result>,
): Promise<Result> {
  const prometheus = await Prometheus.start({ data: seriesOf(layout, Date.now(), AHEAD_MS, podSeries) });
  try {
    return await use(prometheus);
  } finally {
    await prometheus.stop();
  }
}

/** Starts a contestant with the default rules over all series of a Prometheus, and lets it list them a few times. */
export async function measureDiscovery(
  contestant: Contestant,
  plane: ControlPlane,
  prometheus: Prometheus,
): Promise<DiscoveryCost> {
  const rules = defaultRules({ labelPrefix: '', rateIntervalMs: RATE_INTERVAL_MS, upstreamOnly: true });
  const interval = `--metrics-relist-interval=${RELIST_SECONDS}s`;
  const server = await contestant.start(plane, prometheus, rules, [interval]);
  try {
    await server.discovered(undefined, (names) => names.length > 100);
    await quiet(server.pid);
    const memory = memoryOf(server.pid).now;
    const [cpuBefore, began, listings] = [
      cpuMs(server.pid),
      performance.now(),
      await discoveryRequests(prometheus),
    ];
    await sleep(RELISTS * RELIST_SECONDS * 1000);
    await quiet(server.pid);
    const seconds = (performance.now() - began) / 1000;
    const more = (await discoveryRequests(prometheus)) - listings;
    if (more === 0) throw new Error(`${contestant.name} lists nothing in ${seconds.toFixed(0)} s`);
    return {
      series: await headSeries(prometheus),
      memory,
      peak: memoryOf(server.pid).peak,
      cpuSecondsARelist: (cpuMs(server.pid) - cpuBefore) / 1000 / RELISTS,
    };
  } finally {
    await server.stop();
  }
}

async function headSeries(prometheus: Prometheus): Promise<number> {
  const text = await (await fetch(`${prometheus.url}/metrics`)).text();
  return Number(/^prometheus_tsdb_head_series (\S+)$/m.exec(text)?.[1] ?? Number.NaN);
}

/** How often names of series, or of their labels, were asked for. */
async function discoveryRequests(prometheus: Prometheus): Promise<number> {
  const requests = await prometheus.requests();
  return ['/api/v1/series', '/api/v1/labels', '/api/v1/label/:name/values']
    .map((path) => requests.get(path) ?? 0)
    .reduce((sum, count) => sum + count, 0);
}

/** Waits until a process has nothing to do for a while. */
async function quiet(pid: number): Promise<void> {
  for (let last = Number.NEGATIVE_INFINITY; ;) {
    const used = cpuMs(pid);
    if (used - last < QUIET_CPU_MS) return;
    last = used;
    await sleep(QUIET_MS);
  }
}
