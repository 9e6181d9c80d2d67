import { apiServerPort, type Stage, type StackDefinition, type StackImage } from '../core/model';
import { ENVOY_METRICS, PODINFO_METRICS } from '../core/workloads';
import {
  AdapterRules,
  Autoscaler,
  Connection,
  CORE_DNS,
  INBOUND_CLUSTER,
  MetricsServer,
  PodMonitor,
  PrometheusHandle,
  rate,
  ResourceMetric,
} from '../constructs';
import { adapterStage, monitoringStage, namespacesStage, operatorsStage } from './common-stages';
import { clusterOf, NAMESPACES } from './eks-fargate/cluster';
import { loadsOn, loadStage } from './eks-fargate/load';
import { options, type Options } from './eks-fargate/options';
import { scenarioOf } from './eks-fargate/scenario';
import { workloadOf, workloadStage } from './eks-fargate/workload';
import { forward } from './forward';
import { metricQuantity } from './metric-quantity';
import { monitoringImages, operatorKinds } from './monitoring-options';
import { ownImage } from './own-images';

/** Port 10250 of a Fargate node is its kubelet's, so metrics-server can run there only on another. */
const METRICS_SERVER_PORT = 10251;
const RETENTION = '2h';

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
    const { cluster, workload, loads, prometheus } = parts;
    return {
      name: eksFargate.name,
      summary: eksFargate.summary,
      cluster,
      provided: CORE_DNS,
      releases: [operatorKinds(chosen, NAMESPACES.monitoring)],
      stages: stagesOf(parts),
      images: imagesOf(chosen),
      scenario: scenarioOf(chosen, workload, loads),
      forwards: [forward('Prometheus', prometheus.service, 9090), forward('podinfo', workload.service, 9898)],
    };
  },
};

type Parts = ReturnType<typeof partsOf>;

/** What the stages refer to: identities and handles, no objects yet. */
function partsOf(chosen: Options) {
  const workload = workloadOf(chosen);
  const podinfo = workload.podinfo.exports(PODINFO_METRICS);
  const envoy = workload.proxied.exports(ENVOY_METRICS);
  const rules = new AdapterRules();
  const requestRate = rules.pods({
    as: 'http_requests_per_second',
    reading: rate(podinfo.series('requests'), chosen.rateWindow),
    namespace: 'namespace',
    pod: 'pod',
  });
  const envoyRate = rules.pods({
    as: 'envoy_requests_per_second',
    // The other cluster counts scrapes and probes of Envoy itself.
    reading: rate(envoy.series('byCode'), chosen.rateWindow, { envoy_cluster_name: INBOUND_CLUSTER }),
    namespace: 'namespace',
    pod: 'pod',
  });
  return {
    chosen,
    cluster: clusterOf(chosen),
    workload,
    exporters: { podinfo, envoy },
    loads: loadsOn(workload.service),
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'demo', { prometheus: 'demo' }),
    rules,
    requestRate,
    envoyRate,
  };
}

function stagesOf(parts: Parts): Stage[] {
  const { chosen, cluster, workload, loads, prometheus, rules } = parts;
  const { demo, monitoring: namespace } = NAMESPACES;
  const callers = Object.values(loads).map(({ app }) => app);
  return [
    namespacesStage(cluster, [demo, namespace], [demo, namespace]),
    operatorsStage(cluster, namespace, chosen),
    monitoring(parts),
    resourceMetrics(parts),
    adapterStage(cluster, {
      namespace,
      image: ownImage('adapter', chosen.registry).reference,
      rules,
      prometheus,
      relistInterval: chosen.relistInterval,
    }),
    workloadStage(chosen, workload, callers),
    autoscaling(parts),
    loadStage(chosen, loads),
  ];
}

function monitoring({ chosen, cluster, exporters, prometheus }: Parts): Stage {
  const scraped = [
    { name: 'podinfo', exporter: exporters.podinfo },
    ...(chosen.metric === 'envoy' ? [{ name: 'envoy', exporter: exporters.envoy }] : []),
  ];
  return monitoringStage(cluster, chosen, {
    summary: 'Prometheus on the EC2 nodes, and its monitors',
    prometheus,
    retention: RETENTION,
    discovers: [NAMESPACES.demo],
    fill(chart) {
      for (const { name, exporter } of scraped) {
        new PodMonitor(chart, name, {
          namespace: prometheus.namespace,
          name,
          labels: prometheus.monitorLabels,
          exporter,
          interval: chosen.scrapeInterval,
        });
        new Connection(chart, `prometheus-to-${name}`, { from: prometheus.app, to: exporter.port });
      }
    },
  });
}

function resourceMetrics({ chosen, cluster }: Parts): Stage {
  return {
    name: 'resource-metrics',
    summary: 'metrics-server, on a port that Fargate leaves free',
    fill(chart) {
      new MetricsServer(chart, 'metrics-server', {
        namespace: NAMESPACES.monitoring,
        image: chosen.metricsServerImage,
        apiServerPort: apiServerPort(cluster),
        port: METRICS_SERVER_PORT,
      });
    },
  };
}

function autoscaling(parts: Parts): Stage {
  const { chosen, workload } = parts;
  const { min, max } = chosen;
  return {
    name: 'autoscaling',
    summary: 'the autoscaler of podinfo',
    fill(chart) {
      new Autoscaler(chart, 'podinfo', { target: workload.podinfo, min, max, metrics: [wanted(parts)] });
    },
  };
}

/** The metric of the autoscaler, with its target. */
function wanted({ chosen: { metric, target, cpuTarget }, requestRate, envoyRate }: Parts) {
  if (metric === 'cpu') return ResourceMetric.cpu.utilization(cpuTarget);
  return (metric === 'envoy' ? envoyRate : requestRate).average(metricQuantity(target));
}

function imagesOf(chosen: Options): StackImage[] {
  return [
    ownImage('adapter', chosen.registry),
    { name: 'podinfo', reference: chosen.podinfoImage },
    ...(chosen.metric === 'envoy' ? [{ name: 'envoy', reference: chosen.envoyImage }] : []),
    { name: 'loadtester', reference: chosen.loadtesterImage },
    { name: 'metrics-server', reference: chosen.metricsServerImage },
    ...monitoringImages(chosen),
  ];
}
