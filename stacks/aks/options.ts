import { z } from 'zod';
import { monitoringOptions } from '../monitoring-options';
import { clusterName, count, duration, image, metricTarget, registry, version } from '../option-fields';

/** Options of stack aks. */
export const options = z
  .strictObject({
    metric: z
      .enum(['value', 'cpu'])
      .default('value')
      .describe('what the autoscaler follows: the value of prom-fake, or the CPU of the pods'),
    target: metricTarget(10, 'value of prom-fake that one pod stands for'),
    cpuTarget: count(50, 'per cent of the requested CPU wanted on average, where metric is cpu'),
    behavior: z
      .enum(['stepwise', 'defaults', 'none'])
      .default('stepwise')
      .describe(
        'growth of the workload: 1, 4, 8, 10 by policies; 1, 5, 10 by those of autoscaling/v2; or no policies',
      ),
    min: count(1, 'least pods of the workload'),
    max: count(10, 'most pods of the workload'),
    scrapeInterval: duration('5s', 'time between two scrapes'),
    relistInterval: duration('30s', "time between two of the adapter's listings of series"),
    registry: registry("registry for the project's own images, such as NAME.azurecr.io"),
    clusterName: clusterName('hpa-walkthrough'),
    kubernetes: version('1.36.1', 'version of the cluster'),
    nginxImage: image('docker.io/nginxinc/nginx-unprivileged:1.30.5', 'image of the workload'),
    ...monitoringOptions,
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be above max' });
/** What was chosen of them. */
export type Options = z.infer<typeof options>;
