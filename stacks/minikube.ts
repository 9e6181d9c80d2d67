import { apiServerPort, type Stage, type StackDefinition, type StackImage } from '../core/model';
import { SPORTSBOOK_METRICS, SPORTSBOOK_PATH } from '../core/workloads';
import {
  AdapterRules,
  Autoscaler,
  Connection,
  CORE_DNS,
  Keda,
  KedaConnections,
  observations,
  PrometheusHandle,
  prometheusTrigger,
  rate,
  ScaledObject,
  ServiceMonitor,
} from '../constructs';
import { adapterStage, monitoringStage, namespacesStage, operatorsStage } from './common-stages';
import { forward } from './forward';
import { metricQuantity } from './metric-quantity';
import { clusterOf, NAMESPACES } from './minikube/cluster';
import { loadsOf, loadStage } from './minikube/load';
import { options, type Options } from './minikube/options';
import { scenarioOf } from './minikube/scenario';
import { workloadOf, workloadStage } from './minikube/workload';
import { monitoringImages, operatorKinds } from './monitoring-options';
import { imageFor } from './own-images';

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
    const { cluster, keda, prometheus } = parts;
    return {
      name: minikube.name,
      summary: minikube.summary,
      cluster,
      provided: CORE_DNS,
      releases: [
        operatorKinds(chosen, NAMESPACES.monitoring),
        ...(chosen.path === 'keda' ? [keda.release] : []),
      ],
      stages: stagesOf(parts),
      images: imagesOf(chosen),
      scenario: scenarioOf(chosen),
      forwards: [forward('Prometheus', prometheus.service, 9090)],
    };
  },
};

type Parts = ReturnType<typeof partsOf>;

/** What the stages refer to: identities and handles, no objects yet. */
function partsOf(chosen: Options) {
  const workload = workloadOf();
  const exporter = workload.app.exportsThrough(workload.service, SPORTSBOOK_METRICS);
  return {
    chosen,
    cluster: clusterOf(chosen),
    workload,
    exporter,
    // Of customers: probes and scrapes have paths of their own.
    requestRate: rate(observations(exporter.series('requests')), chosen.rateWindow, { uri: SPORTSBOOK_PATH }),
    loads: loadsOf(),
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'sportsbook', { group: 'sportsbook' }),
    keda: new Keda({
      namespace: NAMESPACES.keda,
      version: chosen.keda,
      before: 'autoscaling',
      watches: [NAMESPACES.api],
    }),
  };
}

function stagesOf(parts: Parts): Stage[] {
  const { chosen, cluster, workload, loads } = parts;
  const server = NAMESPACES[chosen.path];
  return [
    namespacesStage(
      cluster,
      [NAMESPACES.api, NAMESPACES.monitoring, server, NAMESPACES.load],
      [NAMESPACES.monitoring, server, NAMESPACES.load],
    ),
    operatorsStage(cluster, NAMESPACES.monitoring, chosen),
    monitoring(parts),
    workloadStage(chosen, workload, Object.values(loads)),
    ...(chosen.path === 'keda' ? kedaPath(parts) : adapterPath(parts)),
    loadStage(chosen, workload, loads),
  ];
}

function monitoring({ chosen, cluster, workload: { app }, exporter, prometheus }: Parts): Stage {
  return monitoringStage(cluster, chosen, {
    summary: 'Prometheus and the monitor of the API',
    prometheus,
    discovers: [app.namespace],
    fill(chart) {
      new ServiceMonitor(chart, 'sb-api', {
        namespace: prometheus.namespace,
        name: app.name,
        labels: prometheus.monitorLabels,
        exporter,
        interval: chosen.scrapeInterval,
      });
      new Connection(chart, 'prometheus-to-sb-api', { from: prometheus.app, to: app.port('http') });
    },
  });
}

function kedaPath({ chosen, cluster, workload, requestRate, keda, prometheus }: Parts): Stage[] {
  const { threshold, min, max, emptyIsZero } = chosen;
  return [
    {
      name: 'keda',
      summary: 'what KEDA may connect to',
      fill(chart) {
        new KedaConnections(chart, 'keda', {
          keda,
          prometheus: prometheus.service,
          apiServerPort: apiServerPort(cluster),
        });
      },
    },
    {
      name: 'autoscaling',
      summary: 'the ScaledObject, of which KEDA makes an autoscaler',
      fill(chart) {
        const trigger = prometheusTrigger({
          prometheus: prometheus.service,
          reading: requestRate,
          threshold,
          emptyIsZero,
        });
        new ScaledObject(chart, 'sb-api', {
          target: workload.app,
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
function adapterPath({ chosen, cluster, workload, requestRate, prometheus }: Parts): Stage[] {
  const { adapterImage, relistInterval, threshold, min, max } = chosen;
  const rules = new AdapterRules();
  const frequency = rules.external({
    as: 'access_frequency',
    reading: requestRate,
    namespace: 'namespace',
  });
  return [
    adapterStage(cluster, {
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
        new Autoscaler(chart, 'sb-api', {
          target: workload.app,
          min,
          max,
          metrics: [frequency.average(metricQuantity(threshold))],
        });
      },
    },
  ];
}

function imagesOf(chosen: Options): StackImage[] {
  return [
    imageFor('sportsbook-api', chosen.apiImage),
    imageFor('load-test', chosen.loadTestImage),
    ...(chosen.path === 'adapter' ? [imageFor('adapter', chosen.adapterImage)] : []),
    ...monitoringImages(chosen),
  ];
}
