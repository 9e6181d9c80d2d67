import { z } from 'zod';
import { COUNTED } from '../../core/workloads';
import { grafanaImage, metricsServerImage, monitoringOptions } from '../monitoring-options';
import { count, duration, image, metricTarget, registry, version } from '../option-fields';
import { ALLOCATABLE_CORES } from './cluster';

/** Values of the option `worker`: what the worker's autoscaler follows, and how fast. */
const WORKER_LOOPS = ['slots', 'value', 'document'] as const;

/** Options of stack bare-metal. */
export const options = z
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
    appMin: count(2, 'least pods of the sample app'),
    appMax: count(30, 'most pods of the sample app'),
    worker: z
      .enum(WORKER_LOOPS)
      .default('slots')
      .describe(
        'what the worker follows: free slots; the remaining CPU, by 5 pods per 15 s; or the same as the document had it, which never settles',
      ),
    workerMin: count(15, 'least pods of the worker, one core each'),
    workerMax: count(150, 'most pods of the worker'),
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
    metricsServerImage,
    kubeStateMetricsImage: image(
      'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0',
      'image of kube-state-metrics',
    ),
    nodeExporterImage: image('quay.io/prometheus/node-exporter:v1.12.1', 'image of the node exporter'),
    grafanaImage,
    ...monitoringOptions,
  })
  .refine(({ appMin, appMax }) => appMin <= appMax, { path: ['appMin'], message: 'must not be above appMax' })
  .refine(({ workerMin, workerMax }) => workerMin <= workerMax, {
    path: ['workerMin'],
    message: 'must not be above workerMax',
  });
/** What was chosen of them. */
export type Options = z.infer<typeof options>;
