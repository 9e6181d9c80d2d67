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
  type ServiceForward,
  type StackDefinition,
  type StackImage,
  type Stage,
} from '../core/model';
import { ENVOY_METRICS, PODINFO_METRICS } from '../core/workloads';
import {
  AdapterRules,
  App,
  AppDeployment,
  AppService,
  Autoscaler,
  Connection,
  CORE_DNS,
  EnvoyProxy,
  hey,
  INBOUND_CLUSTER,
  LoadRun,
  MetricsServer,
  PodMonitor,
  PrometheusHandle,
  PrometheusInstance,
  rate,
  ResourceMetric,
  type PodsMetric,
  type ServicePort,
} from '../constructs';
import { adapterStage, namespacesStage, operatorsStage } from './common-stages';
import { monitoringImages, monitoringOptions, operatorKinds } from './monitoring-options';
import { duration, image, metricTarget, registry, replicas, version } from './option-fields';
import { ownImage } from './own-images';
import { fallenMs, riseAndFall } from './rise-and-fall';

const CLUSTER = 'eks-fargate-hpa';
const DEMO = 'demo';
const MONITORING = 'monitoring-system';
/** The label by which the Fargate profile selects pods. */
const ON_FARGATE = { scheduler: 'fargate' };
const POD_START = '45s';
/** Port 10250 of a Fargate node is its kubelet's, so metrics-server can run there only on another. */
const METRICS_SERVER_PORT = 10251;
const RETENTION = '2h';

const PODINFO_PORTS = { http: 9898, 'http-metrics': 9797, grpc: 9999 };
const PROXY_PORTS = { proxy: 8080, stats: 9902 };
/** Requests a second to one pod of podinfo that are no client's: each of its two probes runs once in this time. */
const PROBE_PERIOD_SECONDS = 10;
const CPU_REQUEST_MILLIS = 100;

/** hey's load in the document: workers, requests a second of each, and for how long. */
const LOAD = { workers: 5, perWorker: 5, duration: '10m' } as const;
const REQUESTS_PER_SECOND = LOAD.workers * LOAD.perWorker;
/** What the rehearsal takes podinfo to use of a CPU, in thousandths: without clients, and for each request a second. */
const CPU_USE = { idleMillis: 2, perRequestMillis: 10 } as const;
/** The load starts once everything that runs without it has settled, at this time at the earliest. */
const LOAD_STARTS_MS = 5 * 60_000;

const options = z
  .strictObject({
    metric: z
      .enum(['requests', 'cpu', 'envoy'])
      .default('requests')
      .describe(
        'what podinfo is scaled on: requests that it counts, CPU, or requests that Envoy counts in front of it',
      ),
    target: metricTarget(10, 'requests a second wanted per pod, with metric requests or envoy'),
    cpuTarget: z
      .int('write a whole number')
      .min(1, 'must be at least 1')
      .default(90)
      .describe('percent of the CPU request wanted per pod, with metric cpu'),
    min: replicas(1, 'least pods of podinfo'),
    max: replicas(10, 'most pods of podinfo'),
    scrapeInterval: duration('5s', 'time between two scrapes'),
    rateWindow: duration('1m', 'range over which request rates are averaged'),
    relistInterval: duration('30s', "time between two of the adapter's listings of series"),
    registry: registry(),
    kubernetes: version('1.35.2', 'version of the EKS cluster; only its minor version is compared with it'),
    podinfoImage: image('ghcr.io/stefanprodan/podinfo:6.15.0', 'image of podinfo'),
    envoyImage: image('docker.io/envoyproxy/envoy:v1.39.0', 'image of Envoy'),
    loadtesterImage: image('ghcr.io/fluxcd/flagger-loadtester:0.38.0', 'image that holds hey'),
    metricsServerImage: image(
      'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
      'image of metrics-server',
    ),
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' });
type Options = z.infer<typeof options>;

/**
 * podinfo on Fargate, scaled on the requests per pod, on CPU, or on what an Envoy in front of it counts: 25 requests a
 * second, wanted 10 per pod, settle at 3 pods, and without them at 1.
 */
export const eksFargate: StackDefinition<typeof options> = {
  name: 'eks-fargate',
  summary: 'EKS with Fargate: podinfo scaled on requests, CPU, or what Envoy counts',
  options,
  define(chosen) {
    const parts = partsOf(chosen);
    return {
      name: eksFargate.name,
      summary: eksFargate.summary,
      cluster: cluster(chosen),
      provided: CORE_DNS,
      releases: [operatorKinds(chosen, MONITORING)],
      stages: stages(parts),
      images: images(chosen),
      scenario: scenario(parts),
      forwards: [
        forward('Prometheus', parts.prometheus.service, 9090),
        forward('podinfo', parts.service, 9898),
      ],
    };
  },
};

function forward(
  title: string,
  { namespace, service, number }: ServicePort,
  localPort: number,
): ServiceForward {
  return { title, namespace, service, port: number, localPort };
}

type PodinfoPort = keyof typeof PODINFO_PORTS;
type ProxiedPort = PodinfoPort | keyof typeof PROXY_PORTS;

/** A load test, and the words that start it. */
interface Load {
  readonly app: App;
  readonly words: ReturnType<typeof hey>;
}

/** What the stages refer to: identities and handles, no objects yet. */
interface Parts {
  readonly chosen: Options;
  readonly podinfo: App<PodinfoPort, 'autoscaled'>;
  /** podinfo with Envoy in its pods. */
  readonly proxied: App<ProxiedPort, 'autoscaled'>;
  readonly service: ServicePort;
  readonly loads: { readonly requests: Load; readonly tokens: Load };
  readonly prometheus: PrometheusHandle;
  readonly rules: AdapterRules;
  readonly requestRate: PodsMetric;
  readonly envoyRate: PodsMetric;
}

function partsOf(chosen: Options): Parts {
  const { metric, rateWindow } = chosen;
  const identity = {
    namespace: DEMO,
    name: 'podinfo',
    replicas: 'autoscaled',
    podLabels: { 'app.kubernetes.io/name': 'podinfo', ...ON_FARGATE },
  } as const;
  const podinfo = new App({ ...identity, ports: PODINFO_PORTS });
  const proxied = new App({ ...identity, ports: { ...PODINFO_PORTS, ...PROXY_PORTS } });
  const service =
    metric === 'envoy' ? proxied.service('proxy', { number: 80 }) : podinfo.service('http', { number: 80 });
  const rules = new AdapterRules();
  const requestRate = rules.pods({
    as: 'http_requests_per_second',
    reading: rate(podinfo.exports(PODINFO_METRICS).series('requests'), rateWindow),
    namespace: 'namespace',
    pod: 'pod',
  });
  const envoyRate = rules.pods({
    as: 'envoy_requests_per_second',
    // The other cluster counts scrapes and probes of Envoy itself.
    reading: rate(proxied.exports(ENVOY_METRICS).series('byCode'), rateWindow, {
      envoy_cluster_name: INBOUND_CLUSTER,
    }),
    namespace: 'namespace',
    pod: 'pod',
  });
  return {
    chosen,
    podinfo,
    proxied,
    service,
    loads: loadsOn(service),
    prometheus: new PrometheusHandle(MONITORING, 'demo', { prometheus: 'demo' }),
    rules,
    requestRate,
    envoyRate,
  };
}

/** Without the label of the Fargate profile, so load tests run on the EC2 nodes. */
function loadsOn({ url }: ServicePort): Parts['loads'] {
  const load = { ...LOAD, keepAlive: false };
  return {
    requests: { app: new App({ namespace: DEMO, name: 'load-requests' }), words: hey({ ...load, url }) },
    tokens: {
      app: new App({ namespace: DEMO, name: 'load-tokens' }),
      words: hey({ ...load, url: `${url}/token`, method: 'POST', body: 'test' }),
    },
  };
}

/**
 * Two m5.large, allocatable as EKS leaves it, and Fargate. NetworkPolicies hold nowhere: the VPC CNI enforces them only
 * if it is told to, and on Fargate never.
 */
function cluster({ kubernetes }: Pick<Options, 'kubernetes'>): ClusterDescriptor {
  return {
    provider: 'eks',
    name: CLUSTER,
    kubernetes,
    nodes: [{ role: 'worker', count: 2, cpu: '1930m', memory: '7Gi', pods: 29 }],
    cni: 'other',
    networkPolicyEnforced: false,
    kubeProxy: true,
    serviceBalancing: 'connection',
    daemonSets: true,
    fargate: {
      profiles: [{ name: 'demo', namespace: DEMO, labels: ON_FARGATE }],
      podStart: POD_START,
    },
    autoscaling: DEFAULT_AUTOSCALING,
  };
}

function stages(parts: Parts): Stage[] {
  const { chosen, prometheus, rules } = parts;
  const described = cluster(chosen);
  return [
    namespacesStage(described, [DEMO, MONITORING], [DEMO, MONITORING]),
    operatorsStage(described, MONITORING, chosen),
    monitoringStage(parts, described),
    resourceMetricsStage(chosen, described),
    adapterStage(described, {
      namespace: MONITORING,
      image: adapterImage(chosen).reference,
      rules,
      prometheus,
      relistInterval: chosen.relistInterval,
    }),
    workloadStage(parts),
    autoscalingStage(parts),
    loadStage(parts),
  ];
}

function monitoringStage(parts: Parts, described: ClusterDescriptor): Stage {
  const { chosen, podinfo, proxied, prometheus } = parts;
  const { scrapeInterval, prometheusImage } = chosen;
  return {
    name: 'monitoring',
    summary: 'Prometheus on the EC2 nodes, and its monitors',
    fill(chart) {
      new PrometheusInstance(chart, 'prometheus', {
        prometheus,
        image: prometheusImage,
        version: parseImage(prometheusImage).tag ?? '',
        scrapeInterval,
        retention: RETENTION,
        discovers: [DEMO],
        apiServerPort: apiServerPort(described),
      });
      const monitor = {
        namespace: prometheus.namespace,
        labels: prometheus.monitorLabels,
        interval: scrapeInterval,
      };
      const exporters = [
        { name: 'podinfo', exporter: podinfo.exports(PODINFO_METRICS) },
        ...(chosen.metric === 'envoy' ? [{ name: 'envoy', exporter: proxied.exports(ENVOY_METRICS) }] : []),
      ];
      for (const { name, exporter } of exporters) {
        new PodMonitor(chart, name, { ...monitor, name, exporter });
        new Connection(chart, `prometheus-to-${name}`, { from: prometheus.app, to: exporter.port });
      }
    },
    readyWhen: [{ kind: 'StatefulSet', namespace: prometheus.namespace, name: prometheus.app.name }],
  };
}

function resourceMetricsStage({ metricsServerImage }: Options, described: ClusterDescriptor): Stage {
  return {
    name: 'resource-metrics',
    summary: 'metrics-server, on a port that Fargate leaves free',
    fill(chart) {
      new MetricsServer(chart, 'metrics-server', {
        namespace: MONITORING,
        image: metricsServerImage,
        apiServerPort: apiServerPort(described),
        port: METRICS_SERVER_PORT,
      });
    },
  };
}

function workloadStage({ chosen, podinfo, proxied, service, loads }: Parts): Stage {
  return {
    name: 'workload',
    summary: 'podinfo on Fargate',
    fill(chart) {
      const container = podinfoContainer(chosen);
      if (chosen.metric === 'envoy') {
        const { sidecar } = new EnvoyProxy(chart, 'envoy', {
          app: proxied,
          image: chosen.envoyImage,
          listener: 'proxy',
          to: 'http',
          stats: 'stats',
        });
        new AppDeployment(chart, 'podinfo', { app: proxied, ...container, sidecars: [sidecar] });
      } else {
        new AppDeployment(chart, 'podinfo', { app: podinfo, ...container });
      }
      new AppService(chart, 'service', { port: service });
      for (const { app } of Object.values(loads)) {
        new Connection(chart, `${app.name}-to-podinfo`, { from: app, to: service.pod });
      }
    },
  };
}

/** The container of podinfo's pods; its probes run a command in it, which sends a request to podinfo. */
function podinfoContainer({ podinfoImage }: Options) {
  const { http, 'http-metrics': metrics, grpc } = PODINFO_PORTS;
  const probe = (path: string) => ['podcli', 'check', 'http', `localhost:${http}${path}`];
  return {
    image: podinfoImage,
    command: [
      './podinfo',
      `--port=${http}`,
      `--port-metrics=${metrics}`,
      `--grpc-port=${grpc}`,
      '--grpc-service-name=podinfo',
      '--level=info',
    ],
    user: 100,
    // Fargate gives a pod of this request a quarter of a vCPU, so it gets no more in any case.
    resources: { cpu: { request: `${CPU_REQUEST_MILLIS}m`, limit: '250m' }, memory: '64Mi' },
    health: { ready: probe('/readyz'), live: probe('/healthz'), periodSeconds: PROBE_PERIOD_SECONDS },
    mounts: [{ name: 'data', path: '/data' }],
  };
}

function autoscalingStage(parts: Parts): Stage {
  const { min, max } = parts.chosen;
  return {
    name: 'autoscaling',
    summary: 'the autoscaler of podinfo',
    fill(chart) {
      new Autoscaler(chart, 'podinfo', { target: parts.podinfo, min, max, metrics: [wanted(parts)] });
    },
  };
}

/** The metric of the autoscaler, with its target. */
function wanted({ chosen: { metric, target, cpuTarget }, requestRate, envoyRate }: Parts) {
  if (metric === 'cpu') return ResourceMetric.cpu.utilization(cpuTarget);
  // To the thousandth, which is as exact as the metrics API is.
  const perPod = Quantity.milli(Math.round(target * 1000)).toString();
  return (metric === 'envoy' ? envoyRate : requestRate).average(perPod);
}

function loadStage({ chosen, loads }: Parts): Stage {
  return {
    name: 'load',
    summary: 'load tests to start on demand, on the EC2 nodes',
    fill(chart) {
      for (const { app, words } of Object.values(loads)) {
        new LoadRun(chart, app.name, { app, image: chosen.loadtesterImage, words });
      }
    },
  };
}

function adapterImage(chosen: Options): StackImage {
  return ownImage('adapter', chosen.registry);
}

function images(chosen: Options): StackImage[] {
  return [
    adapterImage(chosen),
    { name: 'podinfo', reference: chosen.podinfoImage },
    ...(chosen.metric === 'envoy' ? [{ name: 'envoy', reference: chosen.envoyImage }] : []),
    { name: 'loadtester', reference: chosen.loadtesterImage },
    { name: 'metrics-server', reference: chosen.metricsServerImage },
    ...monitoringImages(chosen),
  ];
}

/** The load, after everything that runs without it has settled, and what is left of it until the last pod is gone. */
function scenario(parts: Parts): Scenario {
  const { chosen, loads } = parts;
  const { metric, min, max } = chosen;
  const { app } = metric === 'cpu' ? loads.tokens : loads.requests;
  const { knownMs, lagMs } = delays(chosen);
  const startsMs = Math.max(LOAD_STARTS_MS, knownMs + lagMs);
  const endsMs = startsMs + parseGoDuration(LOAD.duration);
  const times = { startsMs, endsMs, lagMs, autoscaling: DEFAULT_AUTOSCALING };
  const autoscaler = `${DEMO}/podinfo`;
  const expect = {
    ...riseAndFall({ autoscaler, min, max, ...times, ...amounts(chosen) }),
    ...known(chosen, startsMs),
  };
  return defineScenario(
    {
      duration: formatDuration(fallenMs(times) + 60_000),
      runs: [{ cronJob: `${app.namespace}/${app.name}`, at: formatDuration(startsMs) }],
      usage: metric === 'cpu' ? [podinfoUsage()] : [],
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

function podinfoUsage() {
  const { idleMillis, perRequestMillis } = CPU_USE;
  return {
    workload: `${DEMO}/podinfo`,
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
