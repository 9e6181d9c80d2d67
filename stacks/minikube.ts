import { z } from 'zod';
import { formatDuration, parseGoDuration } from '../core/kube/duration';
import { parseImage } from '../core/kube/image';
import { Quantity } from '../core/kube/quantity';
import {
  apiServerPort,
  DEFAULT_AUTOSCALING,
  defineScenario,
  type ClusterDescriptor,
  type Scenario,
  type ScenarioInput,
  type StackDefinition,
  type StackImage,
  type Stage,
} from '../core/model';
import { SPORTSBOOK_HEALTH, SPORTSBOOK_METRICS, SPORTSBOOK_PATH } from '../core/workloads';
import {
  AdapterRules,
  App,
  AppDeployment,
  AppService,
  Autoscaler,
  Connection,
  CORE_DNS,
  hey,
  Keda,
  KedaConnections,
  LoadRun,
  observations,
  PrometheusHandle,
  PrometheusInstance,
  prometheusTrigger,
  rate,
  ScaledObject,
  ServiceMonitor,
  type ServicePort,
} from '../constructs';
import { adapterStage, namespacesStage, operatorsStage } from './common-stages';
import { monitoringImages, monitoringOptions, operatorKinds } from './monitoring-options';
import { count, duration, image, metricTarget, replicas, version } from './option-fields';
import { imageFor, OWN_IMAGES } from './own-images';

const PROFILE = 'sportsbook';
const NAMESPACES = {
  api: 'sportsbook',
  monitoring: 'monitoring',
  keda: 'keda',
  adapter: 'custom-metrics',
  load: 'load-test',
} as const;
/** The short load of the document, which is to scale nothing. */
const BURST = { requests: 200, workers: 2 } as const;
/** Requests a second of one worker that even slow answers leave room for. */
const MOST_PER_WORKER = 100;
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

const options = z
  .strictObject({
    path: z
      .enum(['keda', 'adapter'])
      .default('keda')
      .describe("what hands the metric to the autoscaler: KEDA, or this project's metrics adapter"),
    threshold: metricTarget(100, 'requests a second wanted per pod'),
    min: replicas(2, 'least pods of the API'),
    max: replicas(10, 'most pods of the API'),
    scrapeInterval: duration('30s', 'time between two scrapes'),
    rateWindow: duration('2m', 'range over which the request rate is averaged'),
    emptyIsZero: z
      .boolean()
      .default(true)
      .describe(
        "with KEDA: whether an empty answer of Prometheus counts as 0 (ignoreNullValues); the adapter's never does",
      ),
    relistInterval: duration('1m', 'with the adapter: time between two of its listings of series'),
    workers: count(10, 'workers of the load test'),
    perWorker: count(25, 'requests a second of each worker'),
    requests: count(45_000, 'requests of the load test in all, a multiple of its workers'),
    networkPolicies: z
      .boolean()
      .default(false)
      .describe('start the profile with Calico, which enforces the network policies'),
    kubernetes: version('1.35.1', 'version of Kubernetes'),
    keda: version('2.20.2', 'version of KEDA and its chart'),
    apiImage: image(OWN_IMAGES['sportsbook-api'].reference, 'image of the API'),
    loadTestImage: image(OWN_IMAGES['load-test'].reference, 'image of the load tests'),
    adapterImage: image(OWN_IMAGES.adapter.reference, 'image of the metrics adapter'),
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' })
  .refine(({ perWorker }) => perWorker <= MOST_PER_WORKER, {
    path: ['perWorker'],
    message: `must not be above ${MOST_PER_WORKER}: a worker waits for its answers; have more workers`,
  })
  .refine(({ requests, workers }) => requests % workers === 0, {
    path: ['requests'],
    message: 'must be a multiple of workers: hey leaves out what does not divide',
  });
type Options = z.infer<typeof options>;

/**
 * An API that counts its own requests, scaled on all of them together: 250 a second, wanted 100 per pod, make 2 pods 3.
 * KEDA hands the sum to the autoscaler, or the metrics adapter does.
 */
export const minikube: StackDefinition<typeof options> = {
  name: 'minikube',
  summary: 'minikube and KEDA, or the adapter instead: an API scaled on the requests it counts',
  options,
  define(chosen) {
    const parts = partsOf(chosen);
    const { keda, prometheus } = parts;
    return {
      name: minikube.name,
      summary: minikube.summary,
      cluster: cluster(chosen),
      provided: CORE_DNS,
      releases: [
        operatorKinds(chosen, NAMESPACES.monitoring),
        ...(chosen.path === 'keda' ? [keda.release] : []),
      ],
      stages: stages(parts),
      images: images(chosen),
      scenario: scenario(chosen),
      forwards: [
        {
          title: 'Prometheus',
          namespace: prometheus.namespace,
          service: prometheus.service.service,
          port: prometheus.service.number,
          localPort: 9090,
        },
      ],
    };
  },
};

/** What the stages refer to: identities and handles, no objects yet. */
interface Parts {
  readonly chosen: Options;
  readonly api: App<'http', 'autoscaled'>;
  readonly service: ServicePort;
  readonly burst: App;
  readonly hammer: App;
  readonly prometheus: PrometheusHandle;
  readonly keda: Keda;
}

function partsOf(chosen: Options): Parts {
  const api = new App({
    namespace: NAMESPACES.api,
    name: 'sb-api',
    ports: { http: 8080 },
    replicas: 'autoscaled',
  });
  return {
    chosen,
    api,
    service: api.service('http'),
    burst: new App({ namespace: NAMESPACES.load, name: 'burst' }),
    hammer: new App({ namespace: NAMESPACES.load, name: 'hammer' }),
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'sportsbook', { group: 'sportsbook' }),
    keda: new Keda({
      namespace: NAMESPACES.keda,
      version: chosen.keda,
      before: 'autoscaling',
      watches: [NAMESPACES.api],
    }),
  };
}

function cluster({ kubernetes, networkPolicies }: Options): ClusterDescriptor {
  return {
    provider: 'minikube',
    name: PROFILE,
    kubernetes,
    nodes: [{ role: 'control-plane', count: 1, cpu: '3', memory: '5Gi', pods: 110 }],
    cni: 'other',
    networkPolicyEnforced: networkPolicies,
    kubeProxy: true,
    serviceBalancing: 'connection',
    daemonSets: true,
    autoscaling: DEFAULT_AUTOSCALING,
  };
}

function stages(parts: Parts): Stage[] {
  const { chosen } = parts;
  const described = cluster(chosen);
  const server = NAMESPACES[chosen.path];
  return [
    namespacesStage(
      described,
      [NAMESPACES.api, NAMESPACES.monitoring, server, NAMESPACES.load],
      [NAMESPACES.monitoring, server, NAMESPACES.load],
    ),
    operatorsStage(described, NAMESPACES.monitoring, chosen),
    monitoringStage(parts),
    workloadStage(parts),
    ...(chosen.path === 'keda' ? kedaStages(parts) : adapterStages(parts)),
    loadStage(parts),
  ];
}

function monitoringStage({ chosen, api, service, prometheus }: Parts): Stage {
  const { scrapeInterval, prometheusImage } = chosen;
  return {
    name: 'monitoring',
    summary: 'Prometheus and the monitor of the API',
    fill(chart) {
      new PrometheusInstance(chart, 'prometheus', {
        prometheus,
        image: prometheusImage,
        version: parseImage(prometheusImage).tag ?? '',
        scrapeInterval,
        discovers: [NAMESPACES.api],
        apiServerPort: apiServerPort(cluster(chosen)),
      });
      new ServiceMonitor(chart, 'sb-api', {
        name: api.name,
        namespace: prometheus.namespace,
        labels: prometheus.monitorLabels,
        interval: scrapeInterval,
        exporter: api.exportsThrough(service, SPORTSBOOK_METRICS),
      });
      new Connection(chart, 'prometheus-to-sb-api', { from: prometheus.app, to: api.port('http') });
    },
    readyWhen: [{ kind: 'StatefulSet', namespace: prometheus.namespace, name: prometheus.app.name }],
  };
}

function workloadStage({ chosen, api, service, burst, hammer }: Parts): Stage {
  return {
    name: 'workload',
    summary: 'the API',
    fill(chart) {
      new AppDeployment(chart, 'sb-api', {
        app: api,
        image: chosen.apiImage,
        user: 10001,
        resources: { cpu: { request: '100m', limit: '500m' }, memory: '128Mi' },
        health: { port: 'http', ready: SPORTSBOOK_HEALTH.ready, live: SPORTSBOOK_HEALTH.live },
      });
      new AppService(chart, 'sb-api-service', { port: service });
      for (const caller of [burst, hammer]) {
        new Connection(chart, `${caller.name}-to-sb-api`, { from: caller, to: api.port('http') });
      }
    },
  };
}

/** Requests a second of customers: probes and scrapes have paths of their own. */
function requestRate({ chosen, api, service }: Parts) {
  const requests = api.exportsThrough(service, SPORTSBOOK_METRICS).series('requests');
  return rate(observations(requests), chosen.rateWindow, { uri: SPORTSBOOK_PATH });
}

function kedaStages(parts: Parts): Stage[] {
  const { chosen, api, keda, prometheus } = parts;
  const { threshold, min, max, emptyIsZero } = chosen;
  return [
    {
      name: 'keda',
      summary: 'what KEDA may connect to',
      fill(chart) {
        new KedaConnections(chart, 'keda', {
          keda,
          prometheus: prometheus.service,
          apiServerPort: apiServerPort(cluster(chosen)),
        });
      },
    },
    {
      name: 'autoscaling',
      summary: 'the ScaledObject, of which KEDA makes an autoscaler',
      fill(chart) {
        const trigger = prometheusTrigger({
          prometheus: prometheus.service,
          reading: requestRate(parts),
          threshold,
          emptyIsZero,
        });
        new ScaledObject(chart, 'sb-api', {
          target: api,
          name: 'sb-api-scaler',
          min,
          max,
          triggers: [trigger],
        });
      },
    },
  ];
}

/** The same sum per pod as KEDA's, which is an external metric too. */
function adapterStages(parts: Parts): Stage[] {
  const { chosen, api, prometheus } = parts;
  const { adapterImage, relistInterval, threshold, min, max } = chosen;
  const rules = new AdapterRules();
  const frequency = rules.external({
    as: 'access_frequency',
    reading: requestRate(parts),
    namespace: 'namespace',
  });
  return [
    adapterStage(cluster(chosen), {
      namespace: NAMESPACES.adapter,
      image: adapterImage,
      rules,
      prometheus,
      relistInterval,
    }),
    {
      name: 'autoscaling',
      summary: 'the autoscaler of the API',
      fill(chart) {
        const wanted = Quantity.milli(Math.round(threshold * 1000)).toString();
        new Autoscaler(chart, 'sb-api', { target: api, min, max, metrics: [frequency.average(wanted)] });
      },
    },
  ];
}

function loadStage({ chosen, service, burst, hammer }: Parts): Stage {
  const { loadTestImage, workers, perWorker, requests } = chosen;
  const url = `${service.url}${SPORTSBOOK_PATH}`;
  return {
    name: 'load',
    summary: 'the load tests, which wait for somebody to start them',
    fill(chart) {
      new LoadRun(chart, 'burst', { app: burst, image: loadTestImage, words: hey({ url, ...BURST }) });
      new LoadRun(chart, 'hammer', {
        app: hammer,
        image: loadTestImage,
        words: hey({ url, workers, perWorker, requests }),
      });
    },
  };
}

function images(chosen: Options): StackImage[] {
  return [
    imageFor('sportsbook-api', chosen.apiImage),
    imageFor('load-test', chosen.loadTestImage),
    ...(chosen.path === 'adapter' ? [imageFor('adapter', chosen.adapterImage)] : []),
    ...monitoringImages(chosen),
  ];
}

/** When things happen in the scenario, in milliseconds. */
interface Times {
  readonly loadEnds: number;
  readonly end: number;
  /** Whether the load lasts until a window, and the autoscaler after it, has seen nothing else. */
  readonly seenInFull: boolean;
}

/** The burst, then the load test, then as much time as going back takes. */
function scenario(chosen: Options): Scenario {
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

type Expected = NonNullable<ScenarioInput['expect']>[number];

/** The least pods at first; as many as share the load at its end; the least again five minutes after it. */
function reaction(chosen: Options, { loadEnds, end, seenInFull }: Times): Partial<Expected> {
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

/** KEDA counts nothing as 0; everybody else waits for the first requests, and the adapter for its listing besides. */
function knowledge({ path, emptyIsZero, scrapeInterval, relistInterval }: Options): Partial<Expected> {
  const scrapes = 2 * parseGoDuration(scrapeInterval);
  if (path === 'keda' && emptyIsZero) return { metricKnownBetween: ['0s', START_UP] };
  const listing = path === 'adapter' ? parseGoDuration(relistInterval) : 0;
  const latest = parseGoDuration(STARTS.burst) + JOB_START_MS + scrapes + listing + SYNCS_MS;
  return { metricUnknownAt: [STARTS.burst], metricKnownBetween: [STARTS.burst, formatDuration(latest)] };
}
