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
  type ServiceForward,
  type StackDefinition,
  type StackImage,
  type Stage,
} from '../core/model';
import { HEALTH, PROM_FAKE_METRICS, PROM_FAKE_VALUE_PATH } from '../core/workloads';
import {
  AdapterRules,
  App,
  AppDeployment,
  AppService,
  Autoscaler,
  Connection,
  CORE_DNS,
  hey,
  LoadRun,
  MANAGED_METRICS_SERVER,
  PrometheusHandle,
  PrometheusInstance,
  ResourceMetric,
  ServiceMonitor,
  value,
  type ObjectMetric,
  type ScalingBehavior,
  type ServicePort,
} from '../constructs';
import { adapterStage, namespacesStage, operatorsStage } from './common-stages';
import { duration, image, metricTarget, registry, replicas, version } from './option-fields';
import { monitoringImages, monitoringOptions, operatorKinds } from './monitoring-options';
import { ownImage } from './own-images';
import { followsValues, type ValueFrom } from './value-followed';

const NAMESPACES = {
  walkthrough: 'hpa-walkthrough',
  monitoring: 'prom-metrics',
  load: 'load-test',
} as const;
const MINUTE_MS = 60_000;
/** What the settable source is told, and when the rehearsal tells it. */
const RISING: readonly ValueFrom[] = [
  { value: 10, fromMs: 3 * MINUTE_MS },
  { value: 50, fromMs: 6 * MINUTE_MS },
];
const LAST: ValueFrom = { value: 5, fromMs: 12 * MINUTE_MS };
/** The load of the CPU variant: 900 requests a second for five minutes. */
const BURST = { at: '3m', workers: 10, perWorker: 90, duration: '5m' } as const;
/**
 * CPU of one nginx. A page on a connection of its own takes a tenth of a millisecond: measured at 0.09 ms with nginx 1.22
 * and 500 requests a second. Idle, with its probes, it uses less than the smallest amount.
 */
const NGINX = { request: '25m', limit: '200m', idle: '1m', perRequest: '0.1ms' } as const;

/**
 * How fast the workload grows. `stepwise` says in policies what the controller does without `behavior`, in 2019 and today
 * (`calculateScaleUpLimit`: at most twice the pods, or 4): 4 pods come after 1. As soon as there is a `behavior`, its
 * defaults apply (`defaultHPAScaleUpRules` of autoscaling/v2), which add 4 pods: `defaults` writes them out, and 5 come
 * after 1.
 */
const BEHAVIORS: Readonly<Record<'stepwise' | 'defaults' | 'none', ScalingBehavior | undefined>> = {
  stepwise: growth(3),
  defaults: growth(4),
  none: undefined,
};

/** @param pods that may be added in 15 seconds, or as many as there are if that is more */
function growth(pods: number): ScalingBehavior {
  const policies = [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Pods', value: pods, periodSeconds: 15 },
  ] as const;
  return { scaleUp: { policies, selectPolicy: 'Max' } };
}

const options = z
  .strictObject({
    metric: z
      .enum(['value', 'cpu'])
      .default('value')
      .describe('what the autoscaler follows: the value of prom-fake, or the CPU of the pods'),
    target: metricTarget(10, 'value of prom-fake that one pod stands for'),
    cpuTarget: z
      .int('write a whole number')
      .min(1, 'must be at least 1')
      .default(50)
      .describe('per cent of the requested CPU wanted on average, where metric is cpu'),
    behavior: z
      .enum(['stepwise', 'defaults', 'none'])
      .default('stepwise')
      .describe(
        'growth of the workload: 1, 4, 8, 10 by policies; 1, 5, 10 by those of autoscaling/v2; or no policies',
      ),
    min: replicas(1, 'least pods of the workload'),
    max: replicas(10, 'most pods of the workload'),
    scrapeInterval: duration('5s', 'time between two scrapes'),
    relistInterval: duration('30s', "time between two of the adapter's listings of series"),
    registry: registry("registry for the project's own images, such as NAME.azurecr.io"),
    kubernetes: version('1.36.1', 'version of the cluster'),
    nginxImage: image('docker.io/nginxinc/nginx-unprivileged:1.30.5', 'image of the workload'),
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' });
type Options = z.infer<typeof options>;

/**
 * An nginx on AKS that is scaled on a number which somebody sets by hand: 50 with a target of 10 makes ten pods of one,
 * in the steps 4, 8 and 10.
 */
export const aks: StackDefinition<typeof options> = {
  name: 'aks',
  summary: 'AKS and a settable metric: nginx scaled on a value of a Service, or on its CPU',
  options,
  define(chosen) {
    const parts = partsOf(chosen);
    return {
      name: aks.name,
      summary: aks.summary,
      cluster: cluster(chosen),
      provided: [...CORE_DNS, ...MANAGED_METRICS_SERVER],
      releases: [operatorKinds(chosen, NAMESPACES.monitoring)],
      stages: stages(parts),
      images: images(chosen),
      scenario: scenario(parts),
      forwards: [
        forward('Prometheus', parts.prometheus.service, 9090),
        forward('prom-fake', parts.source.service, 8080),
        forward('Workload', parts.workload.service, 8081),
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

/** A load that somebody starts, and the Service that it calls. */
interface Load {
  readonly caller: App;
  readonly target: ServicePort;
  readonly words: readonly [string, ...string[]];
  /** When the rehearsal starts it. */
  readonly at: string;
}

/** What the stages refer to: identities and handles, no objects yet. */
interface Parts {
  readonly chosen: Options;
  readonly workload: { readonly app: App<'http', 'autoscaled'>; readonly service: ServicePort };
  readonly source: { readonly app: App<'http'>; readonly service: ServicePort };
  readonly prometheus: PrometheusHandle;
  readonly rules: AdapterRules;
  readonly sourceValue: ObjectMetric<'Service'>;
  readonly loads: readonly Load[];
}

function partsOf(chosen: Options): Parts {
  const namespace = NAMESPACES.walkthrough;
  const nginx = new App({ namespace, name: 'nginx', ports: { http: 8080 }, replicas: 'autoscaled' });
  const promFake = new App({ namespace, name: 'prom-fake', ports: { http: 8080 } });
  const workload = { app: nginx, service: nginx.service('http', { name: 'workload', number: 80 }) };
  const source = { app: promFake, service: promFake.service('http') };
  const rules = new AdapterRules();
  const sourceValue = rules.object({
    as: PROM_FAKE_METRICS.series.value.name,
    reading: value(promFake.exportsThrough(source.service, PROM_FAKE_METRICS).series('value')),
    namespace: 'namespace',
    object: { apiVersion: 'v1', kind: 'Service', label: 'service' },
  });
  return {
    chosen,
    workload,
    source,
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'prometheus', {
      'prometheus-instance': 'prometheus1',
    }),
    rules,
    sourceValue,
    loads:
      chosen.metric === 'cpu' ? [burst(workload.service)] : [...RISING, LAST].map(setting(source.service)),
  };
}

/** A request that sets the value: from inside the cluster, as the source is reachable nowhere else. */
function setting(target: ServicePort) {
  return ({ value: number, fromMs }: ValueFrom): Load => ({
    caller: new App({ namespace: NAMESPACES.load, name: `set-${number}` }),
    target,
    words: [
      ...(['curl', '--silent', '--show-error', '--fail'] as const),
      ...['--data', String(number), `${target.url}${PROM_FAKE_VALUE_PATH}`],
    ],
    at: formatDuration(fromMs),
  });
}

/** A new connection for every request, so that new pods get their share. */
function burst(target: ServicePort): Load {
  const { at, workers, perWorker, duration: length } = BURST;
  return {
    caller: new App({ namespace: NAMESPACES.load, name: 'hey' }),
    target,
    words: hey({ url: `${target.url}/`, workers, perWorker, duration: length, keepAlive: false }),
    at,
  };
}

/** Plain NetworkPolicies: Azure CNI powered by Cilium enforces them, and wants a paid add-on for its own kind. */
function cluster({ kubernetes }: Options): ClusterDescriptor {
  return {
    provider: 'aks',
    name: 'hpa-walkthrough',
    kubernetes,
    // What is left of two virtual CPUs and 8 GiB.
    nodes: [{ role: 'worker', count: 3, cpu: '1900m', memory: '5Gi', pods: 110 }],
    cni: 'other',
    networkPolicyEnforced: true,
    kubeProxy: false,
    serviceBalancing: 'connection',
    daemonSets: true,
    autoscaling: DEFAULT_AUTOSCALING,
  };
}

function stages(parts: Parts): Stage[] {
  const { chosen, prometheus, rules } = parts;
  const described = cluster(chosen);
  return [
    namespacesStage(described, Object.values(NAMESPACES), [NAMESPACES.monitoring, NAMESPACES.load]),
    operatorsStage(described, NAMESPACES.monitoring, chosen),
    workloadStage(parts),
    sourceStage(parts),
    monitoringStage(parts),
    adapterStage(described, {
      namespace: NAMESPACES.monitoring,
      image: ownImage('adapter', chosen.registry).reference,
      rules,
      prometheus,
      relistInterval: chosen.relistInterval,
    }),
    autoscalingStage(parts),
    loadStage(parts),
  ];
}

function workloadStage({ chosen, workload: { app, service } }: Parts): Stage {
  return {
    name: 'workload',
    summary: 'nginx, which is scaled',
    fill(chart) {
      new AppDeployment(chart, 'nginx', {
        app,
        image: chosen.nginxImage,
        user: 101,
        resources: { cpu: { request: NGINX.request, limit: NGINX.limit }, memory: '64Mi' },
        health: { port: 'http', ready: '/', live: '/' },
        mounts: [{ name: 'tmp', path: '/tmp' }],
      });
      new AppService(chart, 'workload', { port: service });
    },
  };
}

function sourceStage({ chosen, source: { app, service } }: Parts): Stage {
  return {
    name: 'source',
    summary: 'prom-fake, whose value is set by hand, from inside the cluster alone',
    fill(chart) {
      new AppDeployment(chart, 'prom-fake', {
        app,
        image: ownImage('prom-fake', chosen.registry).reference,
        user: 10001,
        resources: { cpu: { request: '50m', limit: '200m' }, memory: '64Mi' },
        health: { port: 'http', ready: HEALTH.ready, live: HEALTH.live },
      });
      new AppService(chart, 'prom-fake-service', { port: service });
    },
  };
}

function monitoringStage({ chosen, source: { app, service }, prometheus }: Parts): Stage {
  const { prometheusImage, scrapeInterval } = chosen;
  return {
    name: 'monitoring',
    summary: 'Prometheus, and the monitor of prom-fake',
    fill(chart) {
      new PrometheusInstance(chart, 'prometheus', {
        prometheus,
        image: prometheusImage,
        version: parseImage(prometheusImage).tag ?? '',
        scrapeInterval,
        discovers: [app.namespace],
        apiServerPort: apiServerPort(cluster(chosen)),
      });
      new ServiceMonitor(chart, 'prom-fake', {
        namespace: prometheus.namespace,
        name: app.name,
        labels: prometheus.monitorLabels,
        exporter: app.exportsThrough(service, PROM_FAKE_METRICS),
        interval: scrapeInterval,
      });
      new Connection(chart, 'prometheus-to-prom-fake', { from: prometheus.app, to: app.port('http') });
    },
    readyWhen: [{ kind: 'StatefulSet', namespace: prometheus.namespace, name: prometheus.app.name }],
  };
}

function autoscalingStage({ chosen, workload, source, sourceValue }: Parts): Stage {
  const { metric, min, max, target, cpuTarget, behavior } = chosen;
  const growing = BEHAVIORS[behavior];
  return {
    name: 'autoscaling',
    summary: metric === 'cpu' ? 'the autoscaler, on CPU' : 'the autoscaler, on the value of prom-fake',
    fill(chart) {
      new Autoscaler(chart, 'nginx', {
        target: workload.app,
        min,
        max,
        metrics: [
          metric === 'cpu'
            ? ResourceMetric.cpu.utilization(cpuTarget)
            : sourceValue.value(source.service.object, quantity(target)),
        ],
        ...(growing ? { behavior: growing } : {}),
      });
    },
  };
}

function loadStage({ chosen, loads }: Parts): Stage {
  return {
    name: 'load',
    summary: 'loads that wait for somebody to start them',
    fill(chart) {
      for (const { caller, target, words } of loads) {
        new LoadRun(chart, caller.name, {
          app: caller,
          image: ownImage('load-test', chosen.registry).reference,
          words,
        });
        new Connection(chart, `${caller.name}-to-${target.service}`, { from: caller, to: target.pod });
      }
    },
  };
}

/** Canonical text of a target, to the thousandth, which is as exact as the metrics API is. */
function quantity(target: number): string {
  return Quantity.milli(Math.round(target * 1000)).toString();
}

function images(chosen: Options): StackImage[] {
  return [
    ownImage('adapter', chosen.registry),
    ownImage('prom-fake', chosen.registry),
    ownImage('load-test', chosen.registry),
    { name: 'nginx', reference: chosen.nginxImage },
    ...monitoringImages(chosen),
  ];
}

function scenario({ chosen, workload, loads }: Parts): Scenario {
  const autoscaler = `${workload.app.namespace}/${workload.app.name}`;
  const {
    duration: length,
    expect,
    usage,
  } = chosen.metric === 'cpu' ? followsBurst(autoscaler, chosen) : followsSource(autoscaler, chosen);
  const runs = loads.map(({ caller, at }) => ({ cronJob: `${caller.namespace}/${caller.name}`, at }));
  return defineScenario({ duration: length, runs, usage, expect: [expect] }, 'scenario of stack aks');
}

type Judged = Pick<ScenarioInput, 'duration' | 'usage'> & {
  readonly expect: NonNullable<ScenarioInput['expect']>[number];
};

function followsSource(autoscaler: string, chosen: Options): Judged {
  const { target, min, max, relistInterval, scrapeInterval } = chosen;
  const { tolerance, downscaleStabilization } = DEFAULT_AUTOSCALING;
  return followsValues({
    ...{ autoscaler, target, min, max, tolerance },
    rising: RISING,
    last: LAST,
    stabilizationMs: parseGoDuration(downscaleStabilization),
    relistMs: parseGoDuration(relistInterval),
    scrapeMs: parseGoDuration(scrapeInterval),
  });
}

/**
 * The pods that share the burst at its end, and what five minutes without it leave of them: their idle use is seen for a
 * load as well.
 */
function followsBurst(autoscaler: string, { cpuTarget, min, max }: Options): Judged {
  const { tolerance } = DEFAULT_AUTOSCALING;
  const used = BURST.workers * BURST.perWorker * (parseGoDuration(NGINX.perRequest) / 1000);
  const idle = cores(NGINX.idle);
  const wanted = (cores(NGINX.request) * cpuTarget) / 100;
  const within = (pods: number) => Math.min(max, Math.max(min, pods));
  /** Where each pod uses what is given: its share of the load, and its idle use. */
  const sharing = (perPod: number) => (perPod > idle ? within(Math.ceil(used / (perPod - idle))) : max);
  const atMost = sharing(wanted);
  return {
    duration: '20m',
    usage: [{ workload: autoscaler, cpu: { idle: NGINX.idle, perRequest: NGINX.perRequest } }],
    expect: {
      autoscaler,
      replicasAt: {
        [BURST.at]: { atLeast: min, atMost: wanted * (1 + tolerance) >= idle ? min : max },
        '7m30s': { atLeast: sharing(wanted * (1 + tolerance)), atMost },
        '20m': { atLeast: min, atMost: within(Math.ceil((atMost * idle) / wanted)) },
      },
      neverAbove: atMost,
      noScaleDownBefore: '12m30s',
      directionChangesAtMost: 1,
    },
  };
}

function cores(quantityText: string): number {
  return Number(Quantity.parse(quantityText).nanos) / 1e9;
}
