import { formatDuration, parseGoDuration } from '../core/kube/duration';
import {
  DEFAULT_AUTOSCALING,
  defineScenario,
  minorVersion,
  type Scenario,
  type ScenarioInput,
} from '../core/model';
import { ALLOCATABLE_CORES, bareMetalOptions, type BareMetalOptions } from './bare-metal-options';

/** Requests of the document's loop, and the pause after each. */
export const LOOP = { requests: 3000, pauseMs: 100 } as const;
/** Seconds between two probes of the same kind of the sample app, where it counts them. */
export const PROBE_SECONDS = 5;
/** Pods of the other tenants of the cluster, half a core each. */
export const TENANT_PODS = 41;
/** Pods that the worker's loop `value` adds or takes in {@link VALUE_PERIOD_SECONDS}. */
export const VALUE_STEP = 5;
export const VALUE_PERIOD_SECONDS = 15;

/** Cores that all but the worker and the sample app request, rounded up: tenants, and the stack's own needs. */
const OTHER_CORES = 22;
/** From a request to its answer: with it the loop sends 8.8 requests a second, at which 17 pods are within the tolerance. */
const LATENCY_MS = 9;
/** The loop's pause, the start of curl as the rehearsal counts it, and the answer. */
const TURN_MS = LOOP.pauseMs + 5 + LATENCY_MS;
const LOAD_PER_SECOND = 1000 / TURN_MS;
/** When it has ended the averages have not fallen yet. */
const LOAD_MS = LOOP.requests * TURN_MS;

const { tolerance: TOLERANCE } = DEFAULT_AUTOSCALING;
const MINUTE_MS = 60_000;
/** From applying everything until every metric has a value, generously. */
const START_MS = 2 * MINUTE_MS;
/** From one step down of the sample app to the next, at most: its stabilization, and the age of the metric. */
const STEP_DOWN_MS = 60_000;
/** From one step of the loop `value` to the next: the first sync after its period, of 10 seconds each. */
const VALUE_STEP_MS = 20_000;
/** Least changes of direction of a loop that never settles. */
const OSCILLATION = 10;

/** Whether an autoscaler may have a tolerance of its own: KEP-4951, on by default since Kubernetes 1.35. */
export function canSetTolerance(kubernetes: string): boolean {
  return Number(minorVersion(kubernetes).split('.')[1]) >= 35;
}

/** `namespace/name` of what the scenario speaks of. */
interface Names {
  readonly sampleApp: string;
  readonly worker: string;
  readonly load: string;
}

/** A number of pods. */
interface Range {
  readonly atLeast: number;
  readonly atMost: number;
}

/** Sizes before the load, at its height, and long after it. */
interface Sizes {
  readonly before: Range;
  readonly height: Range;
  readonly end: Range;
}

type Moments = Readonly<Record<keyof Sizes, string>>;
type Expectation = NonNullable<ScenarioInput['expect']>[number];

/** The document's loop against a cluster at rest, and what is expected before it, at its height and after it. */
export function bareMetalScenario(chosen: BareMetalOptions, names: Names): Scenario {
  const app = appSizes(chosen);
  const worker = workerSizes(chosen, app);
  const loadMs = roundedUp(START_MS + 3 * MINUTE_MS + settlingMs(chosen, worker.before));
  const endMs = roundedUp(loadMs + LOAD_MS + coolingMs(chosen, app.height) + settlingMs(chosen, worker.end));
  const moments = {
    before: formatDuration(loadMs),
    height: formatDuration(loadMs + LOAD_MS),
    end: formatDuration(endMs),
  };
  const expect: Expectation[] = [
    { autoscaler: names.sampleApp, ...at(moments, app), directionChangesAtMost: 1 },
    { autoscaler: names.worker, ...expectedOfWorker(chosen, moments, worker) },
  ];
  return defineScenario(
    {
      duration: moments.end,
      // The sizes on the way depend on the averages to the hundredth, which connections spread at random would blur.
      noise: false,
      runs: [{ cronJob: names.load, at: moments.before }],
      latencies: [{ workload: names.sampleApp, latency: `${LATENCY_MS}ms` }],
      expect,
    },
    'scenario of stack bare-metal',
  );
}

function at(moments: Moments, { before, height, end }: Sizes): Pick<Expectation, 'replicasAt'> {
  return {
    replicasAt: {
      [moments.before]: size(before),
      [moments.height]: size(height),
      [moments.end]: size(end),
    },
  };
}

function size({ atLeast, atMost }: Range): number | Range {
  return atLeast === atMost ? atLeast : { atLeast, atMost };
}

/** Requests a second that a pod of the sample app counts while nobody wants anything of it. */
function idleRate({ counter, scrapeInterval }: BareMetalOptions): number {
  return counter === 'app' ? 0 : 2 / PROBE_SECONDS + 1000 / parseGoDuration(scrapeInterval);
}

function appSizes(chosen: BareMetalOptions): Sizes {
  const { appMin } = chosen;
  const before = restingSizes(chosen, appMin).at(-1) ?? appMin;
  const height = sizeUnderLoad(chosen, before);
  const after = (from: number) => restingSizes(chosen, from).at(-1) ?? from;
  return {
    before: { atLeast: before, atMost: before },
    height,
    end: { atLeast: after(height.atLeast), atMost: after(height.atMost) },
  };
}

/** The sizes that an idle sample app goes through from one of them, until it stays. */
function restingSizes(chosen: BareMetalOptions, from: number): readonly number[] {
  const { appMin, appMax, appTarget } = chosen;
  const ratio = idleRate(chosen) / appTarget;
  const sizes = [from];
  if (ratio > 0 && Math.abs(ratio - 1) <= TOLERANCE) return sizes;
  for (let pods = from; ;) {
    const next = Math.min(appMax, Math.max(appMin, Math.ceil(pods * ratio)));
    if (next === pods) return sizes;
    sizes.push(next);
    pods = next;
  }
}

/**
 * Where the sample app goes under the load: between the size at which the average is within the tolerance and the one at
 * which it is the target, one pod more or less, depending on the steps that lead there. With the document's settings it
 * is 17. Where idle pods are counted as well, the average of new ones is still growing when the load ends.
 */
function sizeUnderLoad(chosen: BareMetalOptions, from: number): Range {
  const { appTarget, appMax } = chosen;
  // The window may be longer than the load, whose average then never gets that high.
  const load = LOAD_PER_SECOND * Math.min(1, LOAD_MS / parseGoDuration(chosen.rateWindow));
  const idle = idleRate(chosen);
  const within = (pods: number) => Math.min(appMax, Math.max(from, pods));
  if (isDocumented(chosen)) return { atLeast: within(17), atMost: within(17) };
  const tolerated = Math.ceil(load / (appTarget * (1 + TOLERANCE)));
  const most = appTarget > idle ? Math.ceil(load / (appTarget - idle)) : appMax;
  return { atLeast: within(tolerated - 1), atMost: within(most + 1) };
}

/**
 * Whether nothing was chosen otherwise than in the document. Any choice gives pods and monitors other names or times,
 * by which scrapes have other offsets.
 */
function isDocumented(chosen: BareMetalOptions): boolean {
  return JSON.stringify(chosen) === JSON.stringify(bareMetalOptions.parse({}));
}

function workerSizes(chosen: BareMetalOptions, { before, height, end }: Sizes): Sizes {
  const rest = (app: Range) => workerSize(chosen, app);
  return { before: rest(before), height: rest(height), end: rest(end) };
}

/** The pods that take what the sample app leaves. */
function workerSize(chosen: BareMetalOptions, app: Range): Range {
  const { appCores, reserve, workerMin, workerMax } = chosen;
  const within = (pods: number) => Math.min(workerMax, Math.max(workerMin, pods));
  const free = (pods: number) => ALLOCATABLE_CORES - OTHER_CORES - pods * appCores - reserve;
  const { below, above } = leftAlone(chosen);
  return {
    atLeast: within(Math.ceil(below(free(app.atMost)))),
    atMost: within(Math.floor(above(free(app.atLeast)))),
  };
}

/** How far the size may be from the free cores: the autoscaler's tolerance, of what it compares. */
function leftAlone({ worker, reserve, kubernetes }: BareMetalOptions) {
  const exact = (free: number) => free;
  if (worker === 'slots' && canSetTolerance(kubernetes)) return { below: exact, above: exact };
  if (worker === 'slots') {
    return {
      below: (free: number) => free / (1 + TOLERANCE),
      above: (free: number) => free / (1 - TOLERANCE),
    };
  }
  const band = reserve * TOLERANCE;
  // The others' cores are rounded up, by less than one.
  return { below: (free: number) => free - band, above: (free: number) => free + band + 1 };
}

function expectedOfWorker(
  chosen: BareMetalOptions,
  moments: Moments,
  sizes: Sizes,
): Omit<Expectation, 'autoscaler'> {
  const { worker, workerMax, workerMin, reserve, appMin, appCores } = chosen;
  const bounds = { neverAbove: workerMax };
  switch (worker) {
    case 'slots':
      return { ...at(moments, sizes), directionChangesAtMost: 2 };
    case 'value':
      // A step that is wider than the band of the tolerance jumps over it.
      return VALUE_STEP <= 2 * TOLERANCE * reserve
        ? { ...at(moments, sizes), directionChangesAtMost: 2 }
        : bounds;
    case 'document': {
      // N' = N (R - N) / reserve has a slope of 2 - R / reserve where it settles: beyond -1 it does not.
      const room = ALLOCATABLE_CORES - OTHER_CORES - appMin * appCores;
      const settles = room <= 3 * reserve || workerMin === workerMax;
      return settles ? bounds : { ...bounds, directionChangesAtLeast: OSCILLATION };
    }
  }
}

/** How long the worker takes from its least pods to a size. */
function settlingMs({ worker, workerMin }: BareMetalOptions, { atMost }: Range): number {
  return worker === 'value' ? Math.ceil((atMost - workerMin) / VALUE_STEP) * VALUE_STEP_MS : 0;
}

/** From the end of the load until the sample app has come to rest. */
function coolingMs(chosen: BareMetalOptions, { atMost }: Range): number {
  const steps = restingSizes(chosen, atMost).length;
  return parseGoDuration(chosen.rateWindow) + steps * STEP_DOWN_MS + 2 * MINUTE_MS;
}

function roundedUp(ms: number): number {
  return Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
}
