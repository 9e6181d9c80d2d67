import { formatDuration, parseGoDuration } from '../../core/kube/duration';
import { DEFAULT_AUTOSCALING, defineScenario, type ExpectationInput, type Scenario } from '../../core/model';
import type { App } from '../../constructs';
import { VALUE_STEP } from './behavior';
import { ALLOCATABLE_CORES } from './cluster';
import { LATENCY_MS, LOAD_MS } from './load';
import type { Options } from './options';
import { appSizes, OTHER_CORES, restingSizes, workerSizes, type Range, type Sizes } from './sizes';

const MINUTE_MS = 60_000;
/** From applying everything until every metric has a value, generously. */
const START_MS = 2 * MINUTE_MS;
/** From one step down of the sample app to the next, at most: its stabilization, and the age of the metric. */
const STEP_DOWN_MS = 60_000;
/** From one step of the loop `value` to the next: the first sync after its period, of 10 seconds each. */
const VALUE_STEP_MS = 20_000;
/** Least changes of direction of a loop that never settles. */
const OSCILLATION = 10;

/** What the scenario speaks of. */
interface Subjects {
  readonly sampleApp: App;
  readonly worker: App;
  readonly load: App;
}

type Moments = Readonly<Record<keyof Sizes, string>>;

/** The document's loop against a cluster at rest, and what is expected before it, at its height and after it. */
export function scenarioOf(chosen: Options, subjects: Subjects): Scenario {
  const app = appSizes(chosen);
  const worker = workerSizes(chosen, app);
  const loadMs = roundedUp(START_MS + 3 * MINUTE_MS + settlingMs(chosen, worker.before));
  const endMs = roundedUp(loadMs + LOAD_MS + coolingMs(chosen, app.height) + settlingMs(chosen, worker.end));
  const moments = {
    before: formatDuration(loadMs),
    height: formatDuration(loadMs + LOAD_MS),
    end: formatDuration(endMs),
  };
  const expect: ExpectationInput[] = [
    { autoscaler: nameOf(subjects.sampleApp), ...at(moments, app), directionChangesAtMost: 1 },
    { autoscaler: nameOf(subjects.worker), ...expectedOfWorker(chosen, moments, worker) },
  ];
  return defineScenario(
    {
      duration: moments.end,
      // The sizes on the way depend on the averages to the hundredth, which connections spread at random would blur.
      noise: false,
      runs: [{ cronJob: nameOf(subjects.load), at: moments.before }],
      latencies: [{ workload: nameOf(subjects.sampleApp), latency: `${LATENCY_MS}ms` }],
      expect,
    },
    'scenario of stack bare-metal',
  );
}

function nameOf({ namespace, name }: App): string {
  return `${namespace}/${name}`;
}

function at(moments: Moments, { before, height, end }: Sizes): Pick<ExpectationInput, 'replicasAt'> {
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

function expectedOfWorker(
  chosen: Options,
  moments: Moments,
  sizes: Sizes,
): Omit<ExpectationInput, 'autoscaler'> {
  const { worker, workerMax, workerMin, reserve, appMin, appCores } = chosen;
  const bounds = { neverAbove: workerMax };
  switch (worker) {
    case 'slots':
      return { ...at(moments, sizes), directionChangesAtMost: 2 };
    case 'value':
      // A step that is wider than the band of the tolerance jumps over it.
      return VALUE_STEP <= 2 * DEFAULT_AUTOSCALING.tolerance * reserve
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
function settlingMs({ worker, workerMin }: Options, { atMost }: Range): number {
  return worker === 'value' ? Math.ceil((atMost - workerMin) / VALUE_STEP) * VALUE_STEP_MS : 0;
}

/** From the end of the load until the sample app has come to rest. */
function coolingMs(chosen: Options, { atMost }: Range): number {
  const steps = restingSizes(chosen, atMost).length;
  return parseGoDuration(chosen.rateWindow) + steps * STEP_DOWN_MS + 2 * MINUTE_MS;
}

function roundedUp(ms: number): number {
  return Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
}
