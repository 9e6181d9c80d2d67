import { z } from 'zod';
import { metricsServerImage, monitoringOptions } from '../monitoring-options';
import { clusterName, count, duration, image, metricTarget, registry, version } from '../option-fields';

/** Options of stack eks-fargate. */
export const options = z
  .strictObject({
    metric: z
      .enum(['requests', 'cpu', 'envoy'])
      .default('requests')
      .describe(
        'what podinfo is scaled on: requests that it counts, CPU, or requests that Envoy counts in front of it',
      ),
    target: metricTarget(10, 'requests a second wanted per pod, with metric requests or envoy'),
    cpuTarget: count(90, 'percent of the CPU request wanted per pod, with metric cpu'),
    min: count(1, 'least pods of podinfo'),
    max: count(10, 'most pods of podinfo'),
    scrapeInterval: duration('5s', 'time between two scrapes'),
    rateWindow: duration('1m', 'range over which request rates are averaged'),
    relistInterval: duration('30s', "time between two of the adapter's listings of series"),
    registry: registry(),
    clusterName: clusterName('eks-fargate-hpa'),
    kubernetes: version('1.35.2', 'version of the EKS cluster; only its minor version is compared with it'),
    podinfoImage: image('ghcr.io/stefanprodan/podinfo:6.15.0', 'image of podinfo'),
    envoyImage: image('docker.io/envoyproxy/envoy:v1.39.0', 'image of Envoy'),
    loadtesterImage: image('ghcr.io/fluxcd/flagger-loadtester:0.38.0', 'image that holds hey'),
    metricsServerImage,
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' });
/** What was chosen of them. */
export type Options = z.infer<typeof options>;
