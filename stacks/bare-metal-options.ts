import { z } from 'zod';
import { COUNTED } from '../core/workloads';
import { duration, image, metricTarget, registry, replicas, version } from './option-fields';
import { monitoringOptions } from './monitoring-options';

/** The cluster of the document: 184 cores on six machines. */
export const NODES = [
  { role: 'worker' as const, count: 5, cpu: 32, memory: '80Gi', pods: 110 },
  { role: 'worker' as const, count: 1, cpu: 24, memory: '72Gi', pods: 110 },
];
/** Cores that the nodes offer to pods. */
export const ALLOCATABLE_CORES = NODES.reduce((sum, { count, cpu }) => sum + count * cpu, 0);

/** Values of the option `worker`: what the worker's autoscaler follows, and how fast. */
const WORKER_LOOPS = ['slots', 'value', 'document'] as const;

/** Options of the bare-metal stack. */
export const bareMetalOptions = z
  .strictObject({
    counter: z
      .enum(COUNTED)
      .default('app')
      .describe(
        'requests that the sample app counts: those it greets, or all of them, probes and scrapes too, as the document had it',
      ),
    appTarget: metricTarget(0.5, 'requests a second wanted per pod of the sample app'),
    appCores: z
      .int('write a whole number')
      .min(1, 'must be at least 1')
      .max(24, 'no more than the smallest node has, 24')
      .default(4)
      .describe('cores that a pod of the sample app requests'),
    appMin: replicas(2, 'least pods of the sample app'),
    appMax: replicas(30, 'most pods of the sample app'),
    worker: z
      .enum(WORKER_LOOPS)
      .default('slots')
      .describe(
        'what the worker follows: free slots; the remaining CPU, by 5 pods per 15 s; or the same as the document had it, which never settles',
      ),
    workerMin: replicas(15, 'least pods of the worker, one core each'),
    workerMax: replicas(150, 'most pods of the worker'),
    reserve: z
      .int('write a whole number')
      .min(1, 'must be at least 1')
      .max(ALLOCATABLE_CORES, `no more than the cluster has, ${ALLOCATABLE_CORES}`)
      .default(30)
      .describe('cores that the worker leaves free'),
    scrapeInterval: duration('30s', 'time between two scrapes'),
    capacityInterval: duration('5s', 'time between two scrapes of the cluster-metrics exporter'),
    rateWindow: duration('5m', 'range over which request rates are averaged'),
    relistInterval: duration('30s', "time between two of the adapter's listings of series"),
    metricsServer: z
      .enum(['stack', 'cluster'])
      .default('stack')
      .describe('who brings metrics-server: this stack, or the cluster, as Canonical Kubernetes can'),
    kubeletCertificates: z
      .enum(['cluster', 'self-signed'])
      .default('cluster')
      .describe("who signed the kubelets' serving certificates, for this stack's metrics-server"),
    registry: registry(),
    kubernetes: version('1.36.1', 'version of the cluster, for which the rehearsal is valid'),
    metricsServerImage: image(
      'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
      'image of metrics-server',
    ),
    kubeStateMetricsImage: image(
      'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0',
      'image of kube-state-metrics',
    ),
    nodeExporterImage: image('quay.io/prometheus/node-exporter:v1.12.1', 'image of the node exporter'),
    grafanaImage: image('docker.io/grafana/grafana:13.2.3', 'image of Grafana'),
    ...monitoringOptions,
  })
  .refine(({ appMin, appMax }) => appMin <= appMax, { path: ['appMin'], message: 'must not be above appMax' })
  .refine(({ workerMin, workerMax }) => workerMin <= workerMax, {
    path: ['workerMin'],
    message: 'must not be above workerMax',
  });
/** What was chosen of them. */
export type BareMetalOptions = z.infer<typeof bareMetalOptions>;
