import { Quantity } from '../core/kube/quantity';
import { apiServerPort, type Stage, type StackDefinition, type StackImage } from '../core/model';
import { SAMPLE_APP_METRICS } from '../core/workloads';
import {
  AdapterRules,
  Autoscaler,
  Connection,
  CORE_DNS,
  Grafana,
  KubeStateMetrics,
  MANAGED_METRICS_SERVER,
  MetricsServer,
  NodeExporter,
  PrometheusHandle,
  rate,
  ServiceMonitor,
  value,
} from '../constructs';
import { APP_BEHAVIOR, workerBehavior } from './bare-metal/behavior';
import { clusterOf, NAMESPACES, NODES_NAMESPACE } from './bare-metal/cluster';
import { dashboardOf } from './bare-metal/dashboard';
import { loadOf, loadStage } from './bare-metal/load';
import { namespaces } from './bare-metal/namespaces';
import { options, type Options } from './bare-metal/options';
import { scenarioOf } from './bare-metal/scenario';
import { otherTenants } from './bare-metal/tenants';
import { WORKER_CORES, workloadOf, workloadStage } from './bare-metal/workload';
import { adapterStage, monitoringStage, operatorsStage } from './common-stages';
import { forward } from './forward';
import { metricQuantity } from './metric-quantity';
import { monitoringImages, operatorKinds } from './monitoring-options';
import { ownImage } from './own-images';

/**
 * A cluster that is rented out: an app that pays, scaled on its requests, and a worker that takes the cores which
 * nobody requests and gives them back. 184 cores, 30 of them kept free: 124 workers at rest, 64 at the app's height.
 */
export const bareMetal: StackDefinition<typeof options> = {
  name: 'bare-metal',
  summary: 'an existing cluster: an app scaled on its requests, and a worker on what is left of the CPU',
  options,
  define(chosen) {
    const parts = partsOf(chosen);
    const { cluster, workload, load, prometheus } = parts;
    return {
      name: bareMetal.name,
      summary: bareMetal.summary,
      cluster,
      provided: [
        ...CORE_DNS,
        ...(chosen.metricsServer === 'cluster' ? MANAGED_METRICS_SERVER : []),
        ...otherTenants(),
      ],
      releases: [operatorKinds(chosen, NAMESPACES.monitoring)],
      stages: stagesOf(parts),
      images: imagesOf(chosen),
      scenario: scenarioOf(chosen, { ...workload, load }),
      forwards: [
        forward('Grafana', Grafana.service(NAMESPACES.monitoring), 3000),
        forward('Capacity of the cluster', workload.capacity.service, 5050),
        forward('A worker', workload.workerService, 8080),
        forward('Prometheus', prometheus.service, 9090),
      ],
    };
  },
};

type Parts = ReturnType<typeof partsOf>;

/** What the stages refer to: identities and handles, no objects yet. */
function partsOf(chosen: Options) {
  const workload = workloadOf();
  const { sampleApp, sampleService, capacity } = workload;
  const sample = sampleApp.exportsThrough(sampleService, SAMPLE_APP_METRICS);
  const rules = new AdapterRules();
  const requests = rules.pods({
    as: 'http_requests',
    reading: rate(sample.series('requests'), chosen.rateWindow),
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
    chosen,
    cluster: clusterOf(chosen),
    workload,
    sample,
    load: loadOf(),
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'main', { demo: 'autoscaling' }),
    rules,
    requests,
    slots: ofCluster('opportunistic_slots', 'slots'),
    remaining: ofCluster('cpu_capacity_remaining', 'cpuRemaining'),
  };
}

function stagesOf(parts: Parts): Stage[] {
  const { chosen, cluster, workload, load, prometheus, rules } = parts;
  return [
    namespaces(cluster, chosen),
    ...(chosen.metricsServer === 'stack' ? [metricsServer(parts)] : []),
    operatorsStage(cluster, NAMESPACES.monitoring, chosen),
    monitoring(parts),
    adapterStage(cluster, {
      namespace: NAMESPACES.adapter,
      image: ownImage('adapter', chosen.registry).reference,
      rules,
      prometheus,
      relistInterval: chosen.relistInterval,
    }),
    workloadStage(chosen, cluster, workload, load),
    autoscaling(parts),
    loadStage(chosen, load, workload.sampleService),
  ];
}

function metricsServer({ chosen, cluster }: Parts): Stage {
  return {
    name: 'metrics-server',
    summary: 'what pods and nodes use of CPU and memory',
    fill(chart) {
      new MetricsServer(chart, 'metrics-server', {
        namespace: NAMESPACES.metricsServer,
        image: chosen.metricsServerImage,
        apiServerPort: apiServerPort(cluster),
        kubeletCertificates: chosen.kubeletCertificates,
      });
    },
  };
}

function monitoring(parts: Parts): Stage {
  const { chosen, cluster, workload, prometheus } = parts;
  const { namespace, monitorLabels: labels } = prometheus;
  return monitoringStage(cluster, chosen, {
    summary: 'Prometheus with what it scrapes, and Grafana',
    prometheus,
    discovers: [NAMESPACES.app, NAMESPACES.opportunistic, namespace, NODES_NAMESPACE],
    fill(chart) {
      new KubeStateMetrics(chart, 'kube-state-metrics', {
        namespace,
        image: chosen.kubeStateMetricsImage,
        apiServerPort: apiServerPort(cluster),
      });
      new NodeExporter(chart, 'node-exporter', {
        namespace: NODES_NAMESPACE,
        image: chosen.nodeExporterImage,
      });
      for (const { name, exporter, interval } of scraped(parts)) {
        new ServiceMonitor(chart, `${name}-monitor`, { namespace, name, labels, exporter, interval });
        new Connection(chart, `prometheus-to-${name}`, { from: prometheus.app, to: exporter.port.pod });
      }
      new Grafana(chart, 'grafana', {
        namespace,
        image: chosen.grafanaImage,
        prometheus: prometheus.service,
        scrapeInterval: chosen.capacityInterval,
        dashboards: [dashboardOf(chosen, workload)],
      });
    },
  });
}

function scraped({ chosen, workload, sample }: Parts) {
  const { scrapeInterval: interval, capacityInterval } = chosen;
  const states = KubeStateMetrics.exporter(NAMESPACES.monitoring);
  return [
    { name: 'sample-metrics-app', exporter: sample, interval },
    { name: 'cluster-metrics', exporter: workload.capacity.exporter, interval: capacityInterval },
    { name: 'kube-state-metrics', exporter: states, interval },
    { name: 'node-exporter', exporter: NodeExporter.exporter(NODES_NAMESPACE), interval },
  ];
}

function autoscaling({ chosen, workload, requests, slots, remaining }: Parts): Stage {
  const { sampleApp, worker, capacity } = workload;
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
        metrics: [requests.average(metricQuantity(chosen.appTarget))],
        behavior: APP_BEHAVIOR,
      });
      new Autoscaler(chart, 'worker', {
        target: worker,
        min: chosen.workerMin,
        max: chosen.workerMax,
        metrics: [
          chosen.worker === 'slots'
            ? slots.average(object, String(WORKER_CORES))
            : remaining.value(object, reserve),
        ],
        behavior: workerBehavior(chosen),
      });
    },
  };
}

function imagesOf(chosen: Options): StackImage[] {
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
