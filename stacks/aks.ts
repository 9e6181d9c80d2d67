import type { Stage, StackDefinition, StackImage } from '../core/model';
import { PROM_FAKE_METRICS } from '../core/workloads';
import {
  AdapterRules,
  Autoscaler,
  Connection,
  CORE_DNS,
  MANAGED_METRICS_SERVER,
  PrometheusHandle,
  ResourceMetric,
  ServiceMonitor,
  value,
} from '../constructs';
import { BEHAVIORS } from './aks/behavior';
import { clusterOf, NAMESPACES } from './aks/cluster';
import { loadsOf, loadStage } from './aks/load';
import { options, type Options } from './aks/options';
import { scenarioOf } from './aks/scenario';
import { sourceOf, sourceStage } from './aks/source';
import { workloadOf, workloadStage } from './aks/workload';
import { adapterStage, monitoringStage, namespacesStage, operatorsStage } from './common-stages';
import { forward } from './forward';
import { metricQuantity } from './metric-quantity';
import { monitoringImages, operatorKinds } from './monitoring-options';
import { ownImage } from './own-images';

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
    const { cluster, workload, source, prometheus, loads } = parts;
    return {
      name: aks.name,
      summary: aks.summary,
      cluster,
      provided: [...CORE_DNS, ...MANAGED_METRICS_SERVER],
      releases: [operatorKinds(chosen, NAMESPACES.monitoring)],
      stages: stagesOf(parts),
      images: imagesOf(chosen),
      scenario: scenarioOf(chosen, workload, loads),
      forwards: [
        forward('Prometheus', prometheus.service, 9090),
        forward('prom-fake', source.service, 8080),
        forward('Workload', workload.service, 8081),
      ],
    };
  },
};

type Parts = ReturnType<typeof partsOf>;

/** What the stages refer to: identities and handles, no objects yet. */
function partsOf(chosen: Options) {
  const workload = workloadOf();
  const source = sourceOf();
  const exporter = source.app.exportsThrough(source.service, PROM_FAKE_METRICS);
  const rules = new AdapterRules();
  const sourceValue = rules.object({
    as: PROM_FAKE_METRICS.series.value.name,
    reading: value(exporter.series('value')),
    namespace: 'namespace',
    object: { apiVersion: 'v1', kind: 'Service', label: 'service' },
  });
  return {
    chosen,
    cluster: clusterOf(chosen),
    workload,
    source,
    exporter,
    prometheus: new PrometheusHandle(NAMESPACES.monitoring, 'prometheus', {
      'prometheus-instance': 'prometheus1',
    }),
    rules,
    sourceValue,
    loads: loadsOf(chosen, workload, source),
  };
}

function stagesOf(parts: Parts): Stage[] {
  const { chosen, cluster, workload, source, prometheus, rules, loads } = parts;
  return [
    namespacesStage(cluster, Object.values(NAMESPACES), [NAMESPACES.monitoring, NAMESPACES.load]),
    operatorsStage(cluster, NAMESPACES.monitoring, chosen),
    workloadStage(chosen, workload),
    sourceStage(chosen, source),
    monitoring(parts),
    adapterStage(cluster, {
      namespace: NAMESPACES.monitoring,
      image: ownImage('adapter', chosen.registry).reference,
      rules,
      prometheus,
      relistInterval: chosen.relistInterval,
    }),
    autoscaling(parts),
    loadStage(chosen, loads),
  ];
}

function monitoring({ chosen, cluster, source: { app }, exporter, prometheus }: Parts): Stage {
  return monitoringStage(cluster, chosen, {
    summary: 'Prometheus, and the monitor of prom-fake',
    prometheus,
    discovers: [app.namespace],
    fill(chart) {
      new ServiceMonitor(chart, 'prom-fake', {
        namespace: prometheus.namespace,
        name: app.name,
        labels: prometheus.monitorLabels,
        exporter,
        interval: chosen.scrapeInterval,
      });
      new Connection(chart, 'prometheus-to-prom-fake', { from: prometheus.app, to: app.port('http') });
    },
  });
}

function autoscaling({ chosen, workload, source, sourceValue }: Parts): Stage {
  const { metric, min, max, target, cpuTarget } = chosen;
  const behavior = BEHAVIORS[chosen.behavior];
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
            : sourceValue.value(source.service.object, metricQuantity(target)),
        ],
        ...(behavior ? { behavior } : {}),
      });
    },
  };
}

function imagesOf(chosen: Options): StackImage[] {
  return [
    ownImage('adapter', chosen.registry),
    ownImage('prom-fake', chosen.registry),
    ownImage('load-test', chosen.registry),
    { name: 'nginx', reference: chosen.nginxImage },
    ...monitoringImages(chosen),
  ];
}
