import { z } from 'zod';
import { monitoringOptions } from '../monitoring-options';
import { clusterName, count, duration, image, metricTarget, version } from '../option-fields';
import { OWN_IMAGES } from '../own-images';

/** Requests a second of one worker that even slow answers leave room for. */
const MOST_PER_WORKER = 100;

/** Options of stack minikube. */
export const options = z
  .strictObject({
    path: z
      .enum(['keda', 'adapter'])
      .default('keda')
      .describe("what hands the metric to the autoscaler: KEDA, or this project's metrics adapter"),
    threshold: metricTarget(100, 'requests a second wanted per pod'),
    min: count(2, 'least pods of the API'),
    max: count(10, 'most pods of the API'),
    scrapeInterval: duration('30s', 'time between two scrapes'),
    rateWindow: duration('2m', 'range over which the request rate is averaged'),
    emptyIsZero: z
      .boolean()
      .default(true)
      .describe(
        "with KEDA: whether an empty answer of Prometheus counts as 0 (ignoreNullValues); the adapter's never does",
      ),
    relistInterval: duration('1m', 'with the adapter: time between two of its listings of series'),
    workers: count(10, 'workers of the load test'),
    perWorker: count(25, 'requests a second of each worker'),
    requests: count(45_000, 'requests of the load test in all, a multiple of its workers'),
    networkPolicies: z
      .boolean()
      .default(false)
      .describe('start the profile with Calico, which enforces the network policies'),
    clusterName: clusterName('sportsbook'),
    kubernetes: version('1.35.1', 'version of Kubernetes'),
    keda: version('2.20.2', 'version of KEDA and its chart'),
    apiImage: image(OWN_IMAGES['sportsbook-api'].reference, 'image of the API'),
    loadTestImage: image(OWN_IMAGES['load-test'].reference, 'image of the load tests'),
    adapterImage: image(OWN_IMAGES.adapter.reference, 'image of the metrics adapter'),
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' })
  .refine(({ perWorker }) => perWorker <= MOST_PER_WORKER, {
    path: ['perWorker'],
    message: `must not be above ${MOST_PER_WORKER}: a worker waits for its answers; have more workers`,
  })
  .refine(({ requests, workers }) => requests % workers === 0, {
    path: ['requests'],
    message: 'must be a multiple of workers: hey leaves out what does not divide',
  });
/** What was chosen of them. */
export type Options = z.infer<typeof options>;
