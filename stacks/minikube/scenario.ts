import { formatDuration, parseGoDuration } from '../../core/kube/duration';
import { DEFAULT_AUTOSCALING, defineScenario, type ExpectationInput, type Scenario } from '../../core/model';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/** When the loads of the scenario begin. */
const STARTS = { burst: '2m', hammer: '4m' } as const;
/** From the start of a Job until its container sends (`pods` of the scenario). */
const JOB_START_MS = 4000;
/** By when the whole chain runs. */
const START_UP = '1m30s';
/** What a rate that is extrapolated to the ends of its window may be off by. */
const RATE_ERROR = 0.001;
const MINUTE_MS = 60_000;
const SYNCS_MS = 2 * parseGoDuration(DEFAULT_AUTOSCALING.syncPeriod);
/** From the end of the load until fewer pods are possible: what was wanted just before it holds for so long. */
const BACK_AT_EARLIEST_MS = parseGoDuration(DEFAULT_AUTOSCALING.downscaleStabilization) - SYNCS_MS;

/** When things happen in the scenario, in milliseconds. */
interface Times {
  readonly loadEnds: number;
  readonly end: number;
  /** Whether the load lasts until a window, and the autoscaler after it, has seen nothing else. */
  readonly seenInFull: boolean;
}

/** The burst, then the load test, then as much time as going back takes. */
export function scenarioOf(chosen: Options): Scenario {
  const times = timesOf(chosen);
  const name = chosen.path === 'keda' ? 'sb-api-scaler' : 'sb-api';
  return defineScenario(
    {
      duration: formatDuration(times.end),
      runs: Object.entries(STARTS).map(([load, at]) => ({ cronJob: `${NAMESPACES.load}/${load}`, at })),
      expect: [
        {
          autoscaler: `${NAMESPACES.api}/${name}`,
          ...reaction(chosen, times),
          ...knowledge(chosen),
          conditionAtEnd: { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound' },
        },
      ],
    },
    'scenario of stack minikube',
  );
}

function timesOf({ workers, perWorker, requests, rateWindow, scrapeInterval }: Options): Times {
  const { downscaleStabilization } = DEFAULT_AUTOSCALING;
  const memory = parseGoDuration(rateWindow) + parseGoDuration(scrapeInterval) + SYNCS_MS;
  const sending = (requests / (workers * perWorker)) * 1000;
  const loadEnds = Math.ceil(parseGoDuration(STARTS.hammer) + JOB_START_MS + sending);
  const end = loadEnds + memory + parseGoDuration(downscaleStabilization);
  return { loadEnds, end: Math.ceil(end / MINUTE_MS) * MINUTE_MS, seenInFull: sending >= memory };
}

/** The least pods at first; as many as share the load at its end; the least again five minutes after it. */
function reaction(chosen: Options, { loadEnds, end, seenInFull }: Times): Partial<ExpectationInput> {
  const { min } = chosen;
  const { atLeast, atMost } = sizes(chosen);
  return {
    replicasAt: {
      [STARTS.hammer]: min,
      [formatDuration(loadEnds)]: { atLeast: seenInFull ? atLeast : min, atMost },
      [formatDuration(end)]: min,
    },
    neverAbove: atMost,
    directionChangesAtMost: 1,
    ...(seenInFull && atLeast > min
      ? { noScaleDownBefore: formatDuration(loadEnds + BACK_AT_EARLIEST_MS) }
      : {}),
  };
}

/** How many pods a load makes of the least: none more while it is within the tolerance of them. */
function sizes({ threshold, min, max, workers, perWorker }: Options) {
  const load = workers * perWorker;
  const within = (pods: number) => Math.min(max, Math.max(min, Math.ceil(pods)));
  const tolerated = threshold * (1 + DEFAULT_AUTOSCALING.tolerance);
  const most = load * (1 + RATE_ERROR);
  return {
    atLeast: within((load * (1 - RATE_ERROR)) / tolerated),
    atMost: most <= min * tolerated ? min : within(most / threshold),
  };
}

/** KEDA counts nothing as 0; everybody else waits for the first requests, and the adapter for a listing at the most. */
function knowledge({
  path,
  emptyIsZero,
  scrapeInterval,
  relistInterval,
}: Options): Partial<ExpectationInput> {
  const scrapes = 2 * parseGoDuration(scrapeInterval);
  if (path === 'keda' && emptyIsZero) return { metricKnownBetween: ['0s', START_UP] };
  const listing = path === 'adapter' ? parseGoDuration(relistInterval) : 0;
  const latest = parseGoDuration(STARTS.burst) + JOB_START_MS + scrapes + listing + SYNCS_MS;
  return { metricUnknownAt: [STARTS.burst], metricKnownBetween: [STARTS.burst, formatDuration(latest)] };
}
