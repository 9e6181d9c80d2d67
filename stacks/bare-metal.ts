import { parseImage } from '../core/kube/image';
import { Quantity } from '../core/kube/quantity';
import {
  apiServerPort,
  DEFAULT_AUTOSCALING,
  minorVersion,
  type ClusterDescriptor,
  type ServiceForward,
  type Stage,
  type StackDefinition,
  type StackImage,
} from '../core/model';
import { SAMPLE_APP_METRICS, SAMPLE_APP_PATH } from '../core/workloads';
import {
  AdapterRules,
  App,
  AppDeployment,
  AppService,
  Autoscaler,
  ClusterMetrics,
  ClusterMetricsHandle,
  Connection,
  CORE_DNS,
  Grafana,
  KubeStateMetrics,
  LoadRun,
  MANAGED_METRICS_SERVER,
  MetricsServer,
  NodeExporter,
  OpportunisticWorker,
  Priority,
  PriorityClass,
  PrivilegedNamespace,
  PrometheusHandle,
  PrometheusInstance,
  rate,
  ServiceMonitor,
  value,
  type PodsMetric,
  type ScalingBehavior,
  type ServicePort,
} from '../constructs';
import { bareMetalDashboard } from './bare-metal-dashboard';
import { bareMetalOptions, NODES, type BareMetalOptions } from './bare-metal-options';
import {
  bareMetalScenario,
  canSetTolerance,
  LOOP,
  PROBE_SECONDS,
  TENANT_PODS,
  VALUE_PERIOD_SECONDS,
  VALUE_STEP,
} from './bare-metal-scenario';
import { adapterStage, namespacesStage, operatorsStage } from './common-stages';
import { monitoringImages, operatorKinds } from './monitoring-options';
import { ownImage } from './own-images';
import { otherTenants } from './tenants';

const NAMESPACES = {
  app: 'demo',
  opportunistic: 'opportunistic',
  load: 'load-test',
  adapter: 'custom-metrics',
  monitoring: 'monitoring',
  metricsServer: 'metrics-server',
} as const;
/** Of the node exporters alone, which look into their nodes. */
const NODES_NAMESPACE = 'monitoring-nodes';
const NODES_REASON = 'the node exporter reads /proc and /sys of its node';
const WORKER_CORES = 1;

/**
 * A cluster that is rented out: an app that pays, scaled on its requests, and a worker that takes the cores which
 * nobody requests and gives them back. 184 cores, 30 of them kept free: 124 workers at rest, 64 at the app's height.
 */
export const bareMetal: StackDefinition<typeof bareMetalOptions> = {
  name: 'bare-metal',
  summary: 'an existing cluster: an app scaled on its requests, and a worker on what is left of the CPU',
  options: bareMetalOptions,
  define(chosen) {
    const parts = partsOf(chosen);
    const { sampleApp, worker, load, prometheus } = parts;
    return {
      name: bareMetal.name,
      summary: bareMetal.summary,
      cluster: cluster(chosen),
      provided: [
        ...CORE_DNS,
        ...(chosen.metricsServer === 'cluster' ? MANAGED_METRICS_SERVER : []),
        ...otherTenants(TENANT_PODS),
      ],
      releases: [operatorKinds(chosen, NAMESPACES.monitoring)],
      stages: stages(parts),
      images: images(chosen),
      scenario: bareMetalScenario(chosen, {
        sampleApp: nameOf(sampleApp),
        worker: nameOf(worker),
        load: nameOf(load),
      }),
      forwards: [
        forward('Grafana', Grafana.service(NAMESPACES.monitoring), 3000),
        forward('Capacity of the cluster', parts.capacity.service, 5050),
        forward('A worker', parts.workerService, 8080),
        forward('Prometheus', prometheus.service, 9090),
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

function nameOf({ namespace, name }: App): string {
  return `${namespace}/${name}`;
}

/** What the stages refer to: identities and handles, no objects yet. */
interface Parts {
  readonly chosen: BareMetalOptions;
  readonly sampleApp: App<'http', 'autoscaled'>;
  readonly sampleService: ServicePort;
  readonly worker: App<'http', 'autoscaled'>;
  readonly workerService: ServicePort;
  readonly load: App;
  readonly capacity: ClusterMetricsHandle;
  readonly prometheus: PrometheusHandle;
  readonly metrics: Metrics;
}
type Metrics = ReturnType<typeof metricsOf>;

function partsOf(chosen: BareMetalOptions): Parts {
  const sampleApp = autoscaledApp(NAMESPACES.app, 'sample-metrics-app');
  const worker = autoscaledApp(NAMESPACES.opportunistic, 'worker');
  const sampleService = sampleApp.service('http', { number: 80 });
  const capacity = new ClusterMetricsHandle(NAMESPACES.opportunistic);
  return {
    chosen,
    sampleApp,
    sampleService,
    worker,
    workerService: worker.service('http', { number: 80 }),
    load: new App({ namespace: NAMESPACES.load, name: 'shell-demo' }),
    capacity,
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'main', { demo: 'autoscaling' }),
    metrics: metricsOf(chosen, sampleExporter({ sampleApp, sampleService }), capacity),
  };
}

function autoscaledApp(namespace: string, name: string): App<'http', 'autoscaled'> {
  return new App({ namespace, name, ports: { http: 8080 }, replicas: 'autoscaled' });
}

type SampleExporter = ReturnType<typeof sampleExporter>;

function sampleExporter({ sampleApp, sampleService }: Pick<Parts, 'sampleApp' | 'sampleService'>) {
  return sampleApp.exportsThrough(sampleService, SAMPLE_APP_METRICS);
}

/** The rules of the adapter, and the metrics that they make. */
function metricsOf({ rateWindow }: BareMetalOptions, sample: SampleExporter, capacity: ClusterMetricsHandle) {
  const rules = new AdapterRules();
  const requests: PodsMetric = rules.pods({
    as: 'http_requests',
    reading: rate(sample.series('requests'), rateWindow),
    namespace: 'namespace',
    pod: 'pod',
  });
  const ofCluster = (as: 'opportunistic_slots' | 'cpu_capacity_remaining', key: 'slots' | 'cpuRemaining') =>
    rules.object({
      as,
      reading: value(capacity.exporter.series(key)),
      namespace: 'namespace',
      object: { apiVersion: 'v1', kind: 'Service', label: 'service' },
    });
  return {
    rules,
    requests,
    slots: ofCluster('opportunistic_slots', 'slots'),
    remaining: ofCluster('cpu_capacity_remaining', 'cpuRemaining'),
  };
}

function cluster({ kubernetes }: BareMetalOptions): ClusterDescriptor {
  return {
    provider: 'existing',
    name: 'bare-metal',
    kubernetes,
    nodes: NODES.map(({ cpu, ...shape }) => ({ ...shape, cpu: String(cpu) })),
    cni: 'other',
    networkPolicyEnforced: true,
    kubeProxy: true,
    serviceBalancing: 'connection',
    daemonSets: true,
    // The document's, as far as there are flags for it today; its delay before scaling up is in the autoscalers.
    autoscaling: { ...DEFAULT_AUTOSCALING, syncPeriod: '10s', downscaleStabilization: '30s' },
  };
}

function stages(parts: Parts): Stage[] {
  const { chosen, metrics, prometheus } = parts;
  const described = cluster(chosen);
  return [
    namespaces(chosen),
    ...(chosen.metricsServer === 'stack' ? [metricsServerStage(chosen)] : []),
    operatorsStage(described, NAMESPACES.monitoring, chosen),
    monitoringStage(parts),
    adapterStage(described, {
      namespace: NAMESPACES.adapter,
      image: ownImage('adapter', chosen.registry).reference,
      rules: metrics.rules,
      prometheus,
      relistInterval: chosen.relistInterval,
    }),
    workloadStage(parts),
    autoscalingStage(parts),
    loadStage(parts),
  ];
}

function namespaces(chosen: BareMetalOptions): Stage {
  const described = cluster(chosen);
  const { metricsServer, ...always } = NAMESPACES;
  const closed = namespacesStage(
    described,
    [...Object.values(always), ...(chosen.metricsServer === 'stack' ? [metricsServer] : [])],
    [NAMESPACES.load, NAMESPACES.adapter, NAMESPACES.monitoring],
    // Canonical Kubernetes labels its DNS pods otherwise than kubeadm does.
    'any-of-kube-system',
  );
  return {
    ...closed,
    summary: `${closed.summary}, and one for the node exporters`,
    fill(chart) {
      closed.fill(chart);
      new PrivilegedNamespace(chart, NODES_NAMESPACE, {
        name: NODES_NAMESPACE,
        podSecurity: minorVersion(described.kubernetes),
        reason: NODES_REASON,
      });
    },
  };
}

function metricsServerStage(chosen: BareMetalOptions): Stage {
  return {
    name: 'metrics-server',
    summary: 'what pods and nodes use of CPU and memory',
    fill(chart) {
      new MetricsServer(chart, 'metrics-server', {
        namespace: NAMESPACES.metricsServer,
        image: chosen.metricsServerImage,
        apiServerPort: apiServerPort(cluster(chosen)),
        kubeletCertificates: chosen.kubeletCertificates,
      });
    },
  };
}

function monitoringStage(parts: Parts): Stage {
  const { chosen, prometheus } = parts;
  const namespace = NAMESPACES.monitoring;
  const port = apiServerPort(cluster(chosen));
  return {
    name: 'monitoring',
    summary: 'Prometheus with what it scrapes, and Grafana',
    fill(chart) {
      new PrometheusInstance(chart, 'prometheus', {
        prometheus,
        image: chosen.prometheusImage,
        version: parseImage(chosen.prometheusImage).tag ?? '',
        scrapeInterval: chosen.scrapeInterval,
        discovers: [NAMESPACES.app, NAMESPACES.opportunistic, namespace, NODES_NAMESPACE],
        apiServerPort: port,
      });
      new KubeStateMetrics(chart, 'kube-state-metrics', {
        namespace,
        image: chosen.kubeStateMetricsImage,
        apiServerPort: port,
      });
      new NodeExporter(chart, 'node-exporter', {
        namespace: NODES_NAMESPACE,
        image: chosen.nodeExporterImage,
      });
      for (const { name, exporter, interval } of scraped(parts)) {
        const { monitorLabels: labels } = prometheus;
        new ServiceMonitor(chart, `${name}-monitor`, { namespace, name, labels, exporter, interval });
        new Connection(chart, `prometheus-to-${name}`, { from: prometheus.app, to: exporter.port.pod });
      }
      new Grafana(chart, 'grafana', {
        namespace,
        image: chosen.grafanaImage,
        prometheus: prometheus.service,
        scrapeInterval: chosen.capacityInterval,
        dashboards: [bareMetalDashboard({ ...parts, monitoring: namespace, nodes: NODES_NAMESPACE })],
      });
    },
    readyWhen: [{ kind: 'StatefulSet', namespace, name: prometheus.app.name }],
  };
}

function scraped(parts: Parts) {
  const { scrapeInterval, capacityInterval } = parts.chosen;
  return [
    { name: 'sample-metrics-app', exporter: sampleExporter(parts), interval: scrapeInterval },
    { name: 'cluster-metrics', exporter: parts.capacity.exporter, interval: capacityInterval },
    {
      name: 'kube-state-metrics',
      exporter: KubeStateMetrics.exporter(NAMESPACES.monitoring),
      interval: scrapeInterval,
    },
    { name: 'node-exporter', exporter: NodeExporter.exporter(NODES_NAMESPACE), interval: scrapeInterval },
  ];
}

function workloadStage({
  chosen,
  sampleApp,
  sampleService,
  worker,
  workerService,
  load,
  capacity,
}: Parts): Stage {
  const image = (name: Parameters<typeof ownImage>[0]) => ownImage(name, chosen.registry).reference;
  const cpu = String(WORKER_CORES);
  return {
    name: 'workload',
    summary: 'the sample app, the exporter of cluster capacity, and the worker',
    fill(chart) {
      sampleDeployment(chart, chosen, sampleApp);
      new AppService(chart, 'sample-service', { port: sampleService });
      new Connection(chart, 'load-to-sample', { from: load, to: sampleApp.port('http') });
      new ClusterMetrics(chart, 'cluster-metrics', {
        handle: capacity,
        image: image('cluster-metrics'),
        opportunistic: { app: worker, cpu },
        reserveCpu: String(chosen.reserve),
        apiServerPort: apiServerPort(cluster(chosen)),
      });
      const priority = Priority.opportunistic();
      new PriorityClass(chart, 'priority', { priority });
      new OpportunisticWorker(chart, 'worker', { app: worker, image: image('worker'), priority, cpu });
      new AppService(chart, 'worker-service', { port: workerService });
    },
  };
}

type Scope = Parameters<Stage['fill']>[0];

/** Counting all requests it is probed as in the document, so that they are as many. */
function sampleDeployment(scope: Scope, chosen: BareMetalOptions, app: App<'http', 'autoscaled'>): void {
  const { counter, appCores, registry } = chosen;
  const cores = String(appCores);
  new AppDeployment(scope, 'sample-app', {
    app,
    image: ownImage('sample-app', registry).reference,
    env: { COUNT: counter },
    user: 10001,
    resources: { cpu: { request: cores, limit: cores }, memory: '128Mi' },
    health:
      counter === 'all'
        ? { port: 'http', ready: SAMPLE_APP_PATH, live: SAMPLE_APP_PATH, livePeriod: PROBE_SECONDS }
        : { port: 'http', ready: '/readyz', live: '/healthz' },
  });
}

function autoscalingStage({ chosen, sampleApp, worker, capacity, metrics }: Parts): Stage {
  const { object } = capacity.service;
  const reserve = Quantity.milli(chosen.reserve * 1_000_000).toString();
  return {
    name: 'autoscaling',
    summary: 'the sample app on its requests, the worker on what is left of the CPU',
    fill(chart) {
      new Autoscaler(chart, 'sample-app', {
        target: sampleApp,
        min: chosen.appMin,
        max: chosen.appMax,
        metrics: [metrics.requests.average(Quantity.milli(Math.round(chosen.appTarget * 1000)).toString())],
        behavior: APP_BEHAVIOR,
      });
      new Autoscaler(chart, 'worker', {
        target: worker,
        min: chosen.workerMin,
        max: chosen.workerMax,
        metrics: [
          chosen.worker === 'slots'
            ? metrics.slots.average(object, String(WORKER_CORES))
            : metrics.remaining.value(object, reserve),
        ],
        behavior: workerBehavior(chosen),
      });
    },
  };
}

/** Twice the pods or four more, every 30 seconds: the document's delay before scaling up again. */
const DOUBLE_OR_FOUR = {
  selectPolicy: 'Max',
  policies: [
    { type: 'Percent', value: 100, periodSeconds: 30 },
    { type: 'Pods', value: 4, periodSeconds: 30 },
  ],
} as const;
const ALL_AT_ONCE = [{ type: 'Percent', value: 100, periodSeconds: 30 }] as const;

const APP_BEHAVIOR: ScalingBehavior = {
  scaleUp: DOUBLE_OR_FOUR,
  scaleDown: { stabilizationWindowSeconds: 30, policies: ALL_AT_ONCE },
};

/** The worker waits for nothing before it gives cores back. */
function workerBehavior({ worker, kubernetes }: BareMetalOptions): ScalingBehavior {
  switch (worker) {
    case 'slots': {
      // Free slots are counted, not measured: there is no noise to leave alone.
      const exactly = canSetTolerance(kubernetes) ? { tolerance: '0' } : {};
      return { scaleUp: exactly, scaleDown: { stabilizationWindowSeconds: 0, ...exactly } };
    }
    case 'value':
      return { scaleUp: STEPWISE, scaleDown: { stabilizationWindowSeconds: 0, ...STEPWISE } };
    case 'document':
      return { scaleUp: DOUBLE_OR_FOUR, scaleDown: { stabilizationWindowSeconds: 0, policies: ALL_AT_ONCE } };
  }
}

const STEPWISE = {
  policies: [{ type: 'Pods', value: VALUE_STEP, periodSeconds: VALUE_PERIOD_SECONDS }],
} as const;

/** The document's shell: one request after the other, each on a connection of its own. */
function loadStage({ chosen, load, sampleService }: Parts): Stage {
  const { requests, pauseMs } = LOOP;
  const loop = `for i in $(seq 1 1 ${requests}); do curl -sL ${sampleService.url}; sleep ${pauseMs / 1000}; done`;
  return {
    name: 'load',
    summary: 'the loop of requests, which load.sh starts',
    fill(chart) {
      new LoadRun(chart, 'shell-demo', {
        app: load,
        image: ownImage('load-test', chosen.registry).reference,
        words: ['sh', '-c', loop],
      });
    },
  };
}

function images(chosen: BareMetalOptions): StackImage[] {
  const own = (['adapter', 'sample-app', 'cluster-metrics', 'worker', 'load-test'] as const).map((name) =>
    ownImage(name, chosen.registry),
  );
  return [
    ...own,
    ...(chosen.metricsServer === 'stack'
      ? [{ name: 'metrics-server', reference: chosen.metricsServerImage }]
      : []),
    ...monitoringImages(chosen),
    { name: 'kube-state-metrics', reference: chosen.kubeStateMetricsImage },
    { name: 'node-exporter', reference: chosen.nodeExporterImage },
    { name: 'grafana', reference: chosen.grafanaImage },
  ];
}
