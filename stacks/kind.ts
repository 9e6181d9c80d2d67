import { z } from 'zod';
import { parseGoDuration } from '../core/kube/duration';
import { parseImage } from '../core/kube/image';
import { Quantity } from '../core/kube/quantity';
import {
  DEFAULT_AUTOSCALING,
  defineScenario,
  type ClusterDescriptor,
  type Scenario,
  type ServiceForward,
  type StackDefinition,
  type StackImage,
  type Stage,
} from '../core/model';
import { BACKEND_METRICS, HEALTH } from '../core/workloads';
import {
  AdapterRules,
  App,
  AppDeployment,
  AppService,
  Autoscaler,
  Cilium,
  Connection,
  CORE_DNS,
  Entity,
  Grafana,
  LoadTest,
  PodMonitor,
  PrometheusHandle,
  PrometheusInstance,
  rate,
  requestDashboard,
  ServiceMonitor,
  type Dashboard,
  type PodsMetric,
  type ServicePort,
} from '../constructs';
import { duration, image, metricTarget, replicas, requestRate, version } from './option-fields';
import { adapterStage, namespacesStage, operatorsStage } from './common-stages';
import { monitoringImages, monitoringOptions, operatorKinds } from './monitoring-options';
import { imageFor, OWN_IMAGES } from './own-images';
import { settling } from './settling';

const CLUSTER = 'plimsoll';
const API_SERVER_PORT = 6443;
const NODE_PORTS = { prometheus: 30090, grafana: 30030 } as const;
const NAMESPACES = {
  backend: 'backend',
  load: 'load-test',
  adapter: 'custom-metrics',
  monitoring: 'cilium-monitoring',
} as const;

const options = z
  .strictObject({
    load1: requestRate(50, 'requests a second to backend-1'),
    load2: requestRate(50, 'requests a second to backend-2'),
    target1: metricTarget(25, 'requests a second wanted per pod of backend-1'),
    target2: metricTarget(10, 'requests a second wanted per pod of backend-2'),
    min: replicas(1, 'least pods of a backend'),
    max: replicas(10, 'most pods of a backend'),
    scrapeInterval: duration('10s', 'time between two scrapes'),
    rateWindow: duration('1m', 'range over which request rates are averaged'),
    relistInterval: duration('1m', "time between two of the adapter's listings of series"),
    policySides: z
      .enum(['server', 'both'])
      .default('server')
      .describe('where L7 policies inspect requests: at the backends, or at the load tests as well'),
    reporter: z
      .enum(['server', 'any'])
      .default('server')
      .describe(
        'whose reports the metric counts; with policies on both sides, any counts each request twice',
      ),
    backendMetrics: z.boolean().default(false).describe("also scrape the backends' own counters"),
    exposeNodePorts: z
      .boolean()
      .default(false)
      .describe(
        `expose Prometheus and Grafana on ports ${NODE_PORTS.prometheus} and ${NODE_PORTS.grafana} of every node's address`,
      ),
    kubernetes: version('1.36.1', 'version of the kind node image'),
    cilium: version('1.20.5', 'version of the Cilium chart'),
    adapterImage: image(OWN_IMAGES.adapter.reference, 'image of the metrics adapter'),
    backendImage: image(OWN_IMAGES.backend.reference, 'image of the backends'),
    loadTestImage: image(OWN_IMAGES['load-test'].reference, 'image of the load tests'),
    grafanaImage: image('docker.io/grafana/grafana:13.2.3', 'image of Grafana'),
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' });
type Options = z.infer<typeof options>;

/**
 * Two backends behind Cilium, scaled on the HTTP requests that Hubble counts at their pods: 50 requests a second
 * each, wanted 25 and 10 per pod, settle at 2 and 5 pods.
 */
export const kind: StackDefinition<typeof options> = {
  name: 'kind',
  summary: 'kind, Cilium and Hubble: two backends scaled on the L7 requests per pod',
  options,
  define(chosen) {
    const parts = partsOf(chosen);
    return {
      name: kind.name,
      summary: kind.summary,
      cluster: cluster(chosen),
      provided: CORE_DNS,
      releases: [parts.cilium.release, operatorKinds(chosen, NAMESPACES.monitoring)],
      stages: stages(parts),
      images: images(chosen),
      scenario: scenario(parts),
      forwards: [
        forward('Prometheus', parts.prometheus.service, 9090),
        forward('Grafana', Grafana.service(NAMESPACES.monitoring), 3000),
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

/** A backend and the load test that calls it. */
interface Backend {
  readonly app: App<'http', 'autoscaled'>;
  readonly service: ServicePort;
  readonly caller: App;
  /** Requests a second that it is sent. */
  readonly load: number;
  /** Requests a second wanted per pod. */
  readonly target: number;
}

/** What the stages refer to: identities and handles, no objects yet. */
interface Parts {
  readonly chosen: Options;
  readonly backends: readonly Backend[];
  readonly cilium: ReturnType<typeof ciliumOf>;
  readonly prometheus: PrometheusHandle;
  readonly rules: AdapterRules;
  readonly requestRate: PodsMetric;
}

function partsOf(chosen: Options): Parts {
  const { load1, load2, target1, target2, rateWindow } = chosen;
  const cilium = ciliumOf(chosen);
  const rules = new AdapterRules();
  const requestRate = rules.pods({
    as: 'hubble_http_requests_per_second',
    reading: rate(cilium.hubble.series('requests'), rateWindow, countedReports(chosen)),
    namespace: 'destination_namespace',
    pod: 'destination_pod',
  });
  return {
    chosen,
    backends: [backend(1, load1, target1), backend(2, load2, target2)],
    cilium,
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'cilium', { prometheus: 'cilium' }),
    rules,
    requestRate,
  };
}

function backend(number: number, load: number, target: number): Backend {
  const app = new App({
    namespace: NAMESPACES.backend,
    name: `backend-${number}`,
    ports: { http: 8080 },
    replicas: 'autoscaled',
  });
  const caller = new App({ namespace: NAMESPACES.load, name: `load-test-${number}` });
  return { app, service: app.service('http'), caller, load, target };
}

function ciliumOf({ cilium }: Options) {
  return new Cilium({
    version: cilium,
    before: 'namespaces',
    apiServer: { host: `${CLUSTER}-control-plane`, port: API_SERVER_PORT },
    contextLabels: [
      'source_namespace',
      'source_workload',
      'destination_namespace',
      'destination_workload',
      'destination_pod',
    ],
  });
}

/** The client's side reports the same requests where its policy inspects them too. */
function countedReports({ reporter }: Options): { readonly reporter?: 'server' } {
  return reporter === 'server' ? { reporter } : {};
}

function cluster({ kubernetes }: Options): ClusterDescriptor {
  const node = { cpu: '4', memory: '8Gi', pods: 110 };
  return {
    provider: 'kind',
    name: CLUSTER,
    kubernetes,
    nodes: [
      { role: 'control-plane', count: 1, ...node },
      { role: 'worker', count: 3, ...node },
    ],
    cni: 'cilium',
    networkPolicyEnforced: true,
    kubeProxy: false,
    serviceBalancing: 'connection',
    daemonSets: true,
    autoscaling: DEFAULT_AUTOSCALING,
  };
}

function stages(parts: Parts): Stage[] {
  const { chosen, prometheus, rules } = parts;
  const { adapterImage, relistInterval } = chosen;
  const described = cluster(chosen);
  return [
    namespacesStage(described, Object.values(NAMESPACES), [
      NAMESPACES.load,
      NAMESPACES.adapter,
      NAMESPACES.monitoring,
    ]),
    operatorsStage(described, NAMESPACES.monitoring, chosen),
    monitoringStage(parts),
    adapterStage(described, {
      namespace: NAMESPACES.adapter,
      image: adapterImage,
      rules,
      prometheus,
      relistInterval,
    }),
    workloadStage(parts),
    autoscalingStage(parts),
    loadStage(parts),
  ];
}

function monitoringStage(parts: Parts): Stage {
  const { chosen, cilium, prometheus } = parts;
  const { scrapeInterval, backendMetrics, prometheusImage, grafanaImage, exposeNodePorts } = chosen;
  return {
    name: 'monitoring',
    summary: 'Prometheus, its monitors, and Grafana',
    fill(chart) {
      new PrometheusInstance(chart, 'prometheus', {
        prometheus,
        image: prometheusImage,
        version: parseImage(prometheusImage).tag ?? '',
        scrapeInterval,
        discovers: [cilium.hubble.port.namespace, ...(backendMetrics ? [NAMESPACES.backend] : [])],
        apiServerPort: API_SERVER_PORT,
        nodePort: exposeNodePorts ? NODE_PORTS.prometheus : undefined,
      });
      const monitor = {
        namespace: prometheus.namespace,
        labels: prometheus.monitorLabels,
        interval: scrapeInterval,
      };
      new ServiceMonitor(chart, 'hubble', { ...monitor, name: 'hubble', exporter: cilium.hubble });
      // The agents use the network of their nodes.
      new Connection(chart, 'prometheus-to-hubble', {
        from: prometheus.app,
        to: Entity.nodes,
        port: cilium.hubble.port.pod.number,
      });
      for (const { app } of backendMetrics ? parts.backends : []) {
        new PodMonitor(chart, app.name, {
          ...monitor,
          name: app.name,
          exporter: app.exports(BACKEND_METRICS),
        });
        new Connection(chart, `prometheus-to-${app.name}`, { from: prometheus.app, to: app.port('http') });
      }
      new Grafana(chart, 'grafana', {
        namespace: NAMESPACES.monitoring,
        image: grafanaImage,
        prometheus: prometheus.service,
        scrapeInterval,
        dashboards: [dashboard(parts)],
        nodePort: exposeNodePorts ? NODE_PORTS.grafana : undefined,
      });
    },
    readyWhen: [{ kind: 'StatefulSet', namespace: prometheus.namespace, name: prometheus.app.name }],
  };
}

function workloadStage({ chosen, backends }: Parts): Stage {
  return {
    name: 'workload',
    summary: 'the backends, and the policies that have Cilium count their requests',
    fill(chart) {
      for (const { app, service, caller } of backends) {
        new AppDeployment(chart, app.name, {
          app,
          image: chosen.backendImage,
          user: 10001,
          resources: { cpu: { request: '50m', limit: '200m' }, memory: '64Mi' },
          health: { port: 'http', ready: HEALTH.ready, live: HEALTH.live },
        });
        new AppService(chart, `${app.name}-service`, { port: service });
        new Connection(chart, `${caller.name}-to-${app.name}`, {
          from: caller,
          to: app.port('http'),
          http: { methods: ['GET', 'HEAD', 'POST'], by: chosen.policySides },
        });
      }
    },
  };
}

function autoscalingStage({ chosen: { min, max }, backends, requestRate }: Parts): Stage {
  return {
    name: 'autoscaling',
    summary: 'one autoscaler per backend, on the requests per pod',
    fill(chart) {
      for (const { app, target } of backends) {
        new Autoscaler(chart, app.name, {
          target: app,
          min,
          max,
          metrics: [requestRate.average(quantity(target))],
        });
      }
    },
  };
}

function loadStage({ chosen, backends }: Parts): Stage {
  return {
    name: 'load',
    summary: 'one load test per backend',
    fill(chart) {
      for (const { caller, service, load } of backends) {
        if (load === 0) continue;
        new LoadTest(chart, caller.name, {
          app: caller,
          image: chosen.loadTestImage,
          target: service,
          method: 'POST',
          path: '/echo',
          body: 'foo',
          rate: load,
        });
      }
    },
  };
}

/** Canonical text of a target, to the thousandth, which is as exact as the metrics API is. */
function quantity(target: number): string {
  return Quantity.milli(Math.round(target * 1000)).toString();
}

function dashboard({ chosen, backends, cilium }: Parts): Dashboard {
  return requestDashboard({
    uid: 'plimsoll-kind',
    title: 'Requests and replicas',
    refresh: chosen.scrapeInterval,
    podLabel: 'destination_pod',
    workloads: backends.map(({ app: { name, namespace }, target }) => ({
      name,
      target,
      requests: rate(cilium.hubble.series('requests'), chosen.rateWindow, {
        ...countedReports(chosen),
        destination_namespace: namespace,
        destination_workload: name,
      }),
    })),
  });
}

function images(chosen: Options): StackImage[] {
  return [
    imageFor('adapter', chosen.adapterImage),
    imageFor('backend', chosen.backendImage),
    imageFor('load-test', chosen.loadTestImage),
    ...monitoringImages(chosen),
    { name: 'grafana', reference: chosen.grafanaImage },
  ];
}

function scenario({ chosen, backends }: Parts): Scenario {
  const { min, max, relistInterval, scrapeInterval } = chosen;
  const expect = backends.map(({ app, load, target }) =>
    settling({
      autoscaler: `${app.namespace}/${app.name}`,
      load,
      target,
      min,
      max,
      tolerance: DEFAULT_AUTOSCALING.tolerance,
      relistMs: parseGoDuration(relistInterval),
      scrapeMs: parseGoDuration(scrapeInterval),
    }),
  );
  return defineScenario({ duration: '15m', expect }, 'scenario of stack kind');
}
