import { z } from 'zod';
import { grafanaImage, monitoringOptions } from '../monitoring-options';
import { clusterName, count, duration, image, metricTarget, requestRate, version } from '../option-fields';
import { OWN_IMAGES } from '../own-images';
import { NODE_PORTS } from './cluster';

/** Options of stack kind. */
export const options = z
  .strictObject({
    load1: requestRate(50, 'requests a second to backend-1'),
    load2: requestRate(50, 'requests a second to backend-2'),
    target1: metricTarget(25, 'requests a second wanted per pod of backend-1'),
    target2: metricTarget(10, 'requests a second wanted per pod of backend-2'),
    min: count(1, 'least pods of a backend'),
    max: count(10, 'most pods of a backend'),
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
    clusterName: clusterName('plimsoll'),
    kubernetes: version('1.36.1', 'version of the kind node image'),
    cilium: version('1.20.5', 'version of the Cilium chart'),
    adapterReplicas: count(1, 'how many metrics adapters; each answers by itself'),
    adapterImage: image(OWN_IMAGES.adapter.reference, 'image of the metrics adapter'),
    backendImage: image(OWN_IMAGES.backend.reference, 'image of the backends'),
    loadTestImage: image(OWN_IMAGES['load-test'].reference, 'image of the load tests'),
    grafanaImage,
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' });
/** What was chosen of them. */
export type Options = z.infer<typeof options>;
