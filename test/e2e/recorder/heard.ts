import { z } from 'zod';
import { objectMeta } from '../../../core/kube/object';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});
const value = z.object({
  value: z.string().optional(),
  averageValue: z.string().optional(),
  averageUtilization: z.number().optional(),
});
const source = z.object({ current: value }).optional();

/** One entry of `status.currentMetrics`; without any source where the metric could not be computed. */
const metric = z.object({
  type: z.string().default(''),
  resource: source,
  containerResource: source,
  pods: source,
  object: source,
  external: source,
});
export type HeardMetric = z.infer<typeof metric>;

/** An autoscaling/v2 HorizontalPodAutoscaler as the API server sends it. */
export const heardAutoscaler = z.object({
  metadata: objectMeta,
  spec: z.unknown(),
  status: z
    .object({
      currentReplicas: z.number().default(0),
      desiredReplicas: z.number().default(0),
      currentMetrics: z.array(metric).nullish(),
      conditions: z.array(condition).nullish(),
    })
    .optional(),
});
export type HeardAutoscaler = z.infer<typeof heardAutoscaler>;

/** An apps/v1 Deployment, likewise. */
export const heardDeployment = z.object({
  metadata: objectMeta,
  spec: z.object({ replicas: z.number().default(1) }),
  status: z.object({ replicas: z.number().default(0), readyReplicas: z.number().default(0) }).prefault({}),
});
export type HeardDeployment = z.infer<typeof heardDeployment>;

/** A v1 Event, likewise. One that repeats is the same object with a higher count. */
export const heardEvent = z.object({
  metadata: z.looseObject({ uid: z.string().optional(), name: z.string() }),
  involvedObject: z.object({
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
  }),
  type: z.string().optional(),
  reason: z.string().default(''),
  message: z.string().default(''),
  count: z.number().nullish(),
  series: z.object({ count: z.number().optional() }).nullish(),
});
export type HeardEvent = z.infer<typeof heardEvent>;
