import type { Stage, StackDefinition, StackImage } from '../core/model';
import { BACKEND_METRICS } from '../core/workloads';
import {
  adapterDashboard,
  AdapterMonitoring,
  AdapterRules,
  Autoscaler,
  Cilium,
  Connection,
  CORE_DNS,
  Entity,
  Grafana,
  PodMonitor,
  PrometheusHandle,
  rate,
  ServiceMonitor,
} from '../constructs';
import { adapterIn, adapterStage, monitoringStage, namespacesStage, operatorsStage } from './common-stages';
import { forward } from './forward';
import { apiServerOf, clusterOf, NAMESPACES, NODE_PORTS } from './kind/cluster';
import { dashboardOf } from './kind/dashboard';
import { loadStage } from './kind/load';
import { options, type Options } from './kind/options';
import { scenarioOf } from './kind/scenario';
import { backendsOf, workloadStage, type Backend } from './kind/workload';
import { metricQuantity } from './metric-quantity';
import { monitoringImages, operatorKinds } from './monitoring-options';
import { imageFor } from './own-images';

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
    const { cluster, cilium, backends, prometheus } = parts;
    return {
      name: kind.name,
      summary: kind.summary,
      cluster,
      provided: CORE_DNS,
      releases: [cilium.release, operatorKinds(chosen, NAMESPACES.monitoring)],
      stages: stagesOf(parts),
      images: imagesOf(chosen),
      scenario: scenarioOf(chosen, backends),
      forwards: [
        forward('Prometheus', prometheus.service, 9090),
        forward('Grafana', Grafana.service(NAMESPACES.monitoring), 3000),
      ],
    };
  },
};

type Parts = ReturnType<typeof partsOf>;

/** What the stages refer to: identities and handles, no objects yet. */
function partsOf(chosen: Options) {
  const cilium = ciliumOf(chosen);
  const rules = new AdapterRules();
  const requestsPerPod = rules.pods({
    as: 'hubble_http_requests_per_second',
    reading: rate(cilium.hubble.series('requests'), chosen.rateWindow, countedReports(chosen)),
    namespace: 'destination_namespace',
    pod: 'destination_pod',
  });
  return {
    chosen,
    cluster: clusterOf(chosen),
    cilium,
    backends: backendsOf(chosen),
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'cilium', { prometheus: 'cilium' }),
    adapter: adapterIn(NAMESPACES.adapter, chosen.adapterReplicas),
    rules,
    requestsPerPod,
  };
}

function ciliumOf(chosen: Options) {
  return new Cilium({
    version: chosen.cilium,
    before: 'namespaces',
    apiServer: apiServerOf(chosen),
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

function stagesOf(parts: Parts): Stage[] {
  const { chosen, cluster, backends, prometheus, rules } = parts;
  return [
    namespacesStage(cluster, Object.values(NAMESPACES), [
      NAMESPACES.load,
      NAMESPACES.adapter,
      NAMESPACES.monitoring,
    ]),
    operatorsStage(cluster, NAMESPACES.monitoring, chosen),
    monitoring(parts),
    adapterStage(cluster, {
      namespace: NAMESPACES.adapter,
      image: chosen.adapterImage,
      rules,
      prometheus,
      relistInterval: chosen.relistInterval,
      replicas: chosen.adapterReplicas,
      monitored: true,
    }),
    workloadStage(chosen, backends),
    autoscaling(parts),
    loadStage(chosen, backends),
  ];
}

function monitoring(parts: Parts): Stage {
  const { chosen, cluster, cilium, prometheus, adapter } = parts;
  const { scrapeInterval, grafanaImage, exposeNodePorts } = chosen;
  const { hubble } = cilium;
  const scraped = chosen.backendMetrics ? parts.backends : [];
  return monitoringStage(cluster, chosen, {
    summary: 'Prometheus, its monitors and alerts, and Grafana',
    prometheus,
    discovers: [
      hubble.port.namespace,
      NAMESPACES.adapter,
      ...(chosen.backendMetrics ? [NAMESPACES.backend] : []),
    ],
    evaluatesRules: true,
    nodePort: exposeNodePorts ? NODE_PORTS.prometheus : undefined,
    fill(chart) {
      const monitor = {
        namespace: prometheus.namespace,
        labels: prometheus.monitorLabels,
        interval: scrapeInterval,
      };
      new ServiceMonitor(chart, 'hubble', { ...monitor, name: 'hubble', exporter: hubble });
      // The agents use the network of their nodes.
      new Connection(chart, 'prometheus-to-hubble', {
        from: prometheus.app,
        to: Entity.nodes,
        port: hubble.port.pod.number,
      });
      new AdapterMonitoring(chart, 'adapter', {
        adapter,
        prometheus,
        interval: scrapeInterval,
        relistInterval: chosen.relistInterval,
      });
      for (const { app } of scraped) {
        const exporter = app.exports(BACKEND_METRICS);
        new PodMonitor(chart, app.name, { ...monitor, name: app.name, exporter });
        new Connection(chart, `prometheus-to-${app.name}`, { from: prometheus.app, to: exporter.port });
      }
      new Grafana(chart, 'grafana', {
        namespace: NAMESPACES.monitoring,
        image: grafanaImage,
        prometheus: prometheus.service,
        scrapeInterval,
        dashboards: [
          dashboardOf(chosen, parts.backends, (backend) => requestsTo(backend, parts)),
          adapterDashboard({ job: adapter.service.service, refresh: scrapeInterval }),
        ],
        nodePort: exposeNodePorts ? NODE_PORTS.grafana : undefined,
      });
    },
  });
}

/** Requests a second to all pods of a backend, as the autoscaler's metric has them per pod. */
function requestsTo({ app }: Backend, { chosen, cilium }: Parts) {
  return rate(cilium.hubble.series('requests'), chosen.rateWindow, {
    ...countedReports(chosen),
    destination_namespace: app.namespace,
    destination_workload: app.name,
  });
}

function autoscaling({ chosen: { min, max }, backends, requestsPerPod }: Parts): Stage {
  return {
    name: 'autoscaling',
    summary: 'one autoscaler per backend, on the requests per pod',
    fill(chart) {
      for (const { app, target } of backends) {
        new Autoscaler(chart, app.name, {
          target: app,
          min,
          max,
          metrics: [requestsPerPod.average(metricQuantity(target))],
        });
      }
    },
  };
}

function imagesOf(chosen: Options): StackImage[] {
  return [
    imageFor('adapter', chosen.adapterImage),
    imageFor('backend', chosen.backendImage),
    imageFor('load-test', chosen.loadTestImage),
    ...monitoringImages(chosen),
    { name: 'grafana', reference: chosen.grafanaImage },
  ];
}
