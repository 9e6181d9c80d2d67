import { formatDuration, parseGoDuration } from '../../core/kube/duration';
import { DEFAULT_AUTOSCALING, defineScenario, type Scenario } from '../../core/model';
import { POD_START } from './cluster';
import { LOAD, REQUESTS_PER_SECOND, type Loads } from './load';
import type { Options } from './options';
import { fallenMs, riseAndFall } from './rise-and-fall';
import { CPU_REQUEST_MILLIS, PROBE_PERIOD_SECONDS, type Workload } from './workload';

/** What the rehearsal takes podinfo to use of a CPU, in thousandths: without clients, and for each request a second. */
const CPU_USE = { idleMillis: 2, perRequestMillis: 10 } as const;
/** The load starts once everything that runs without it has settled, at this time at the earliest. */
const LOAD_STARTS_MS = 5 * 60_000;

/** The load, after everything that runs without it has settled, and what is left of it until the last pod is gone. */
export function scenarioOf(chosen: Options, { podinfo }: Workload, loads: Loads): Scenario {
  const { metric, min, max } = chosen;
  const { app } = metric === 'cpu' ? loads.tokens : loads.requests;
  const { knownMs, lagMs } = delays(chosen);
  const startsMs = Math.max(LOAD_STARTS_MS, knownMs + lagMs);
  const endsMs = startsMs + parseGoDuration(LOAD.duration);
  const times = { startsMs, endsMs, lagMs, autoscaling: DEFAULT_AUTOSCALING };
  const autoscaler = `${podinfo.namespace}/${podinfo.name}`;
  const expect = {
    ...riseAndFall({ autoscaler, min, max, ...times, ...amounts(chosen) }),
    ...known(chosen, startsMs),
  };
  return defineScenario(
    {
      duration: formatDuration(fallenMs(times) + 60_000),
      runs: [{ cronJob: `${app.namespace}/${app.name}`, at: formatDuration(startsMs) }],
      usage: metric === 'cpu' ? [usageOf(autoscaler)] : [],
      expect: [expect],
    },
    'scenario of stack eks-fargate',
  );
}

/** The two loads in the unit of their metric: requests a second, or thousandths of a CPU. */
function amounts({ metric, target, cpuTarget }: Options) {
  if (metric === 'cpu') {
    const { idleMillis, perRequestMillis } = CPU_USE;
    const load = REQUESTS_PER_SECOND * perRequestMillis;
    return { idle: idleMillis, load, target: (cpuTarget / 100) * CPU_REQUEST_MILLIS };
  }
  // Two probes ask podinfo, and go past Envoy.
  const idle = metric === 'requests' ? 2 / PROBE_PERIOD_SECONDS : 0;
  return { idle, load: REQUESTS_PER_SECOND, target };
}

/** What a pod of podinfo uses of CPU and memory. */
function usageOf(workload: string) {
  const { idleMillis, perRequestMillis } = CPU_USE;
  return {
    workload,
    cpu: { idle: `${idleMillis}m`, perRequest: `${perRequestMillis}ms` },
    memory: '24Mi',
  };
}

/**
 * How late the autoscaler is, at most and in milliseconds: to know its metric for the first time, and to see all of a
 * change.
 */
function delays({ metric, scrapeInterval, rateWindow, relistInterval }: Options) {
  const sync = parseGoDuration(DEFAULT_AUTOSCALING.syncPeriod);
  const scrape = parseGoDuration(scrapeInterval);
  const podReady = parseGoDuration(POD_START) + 10_000 + PROBE_PERIOD_SECONDS * 1000;
  if (metric === 'cpu') return { knownMs: podReady + 60_000, lagMs: 45_000 };
  return {
    knownMs: podReady + parseGoDuration(relistInterval) + 2 * scrape + sync,
    lagMs: parseGoDuration(rateWindow) + scrape + sync,
  };
}

/** Envoy has counted nothing before the load, everything else is known without. */
function known(chosen: Options, loadMs: number) {
  const { knownMs } = delays(chosen);
  if (chosen.metric !== 'envoy') return { metricKnownBetween: range(0, knownMs) };
  return { metricKnownBetween: range(loadMs, loadMs + knownMs), metricUnknownAt: [formatDuration(loadMs)] };
}

function range(fromMs: number, untilMs: number): [string, string] {
  return [formatDuration(fromMs), formatDuration(untilMs)];
}
