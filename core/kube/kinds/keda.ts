import { z } from 'zod';
import { objectMeta } from '../object';

const identity = { apiVersion: z.string(), kind: z.string(), metadata: objectMeta };
const count = z.int().min(0);

const trigger = z.looseObject({
  type: z.string().min(1),
  name: z.string().optional(),
  useCachedMetrics: z.boolean().optional(),
  /** Text in every value: an API server refuses `threshold: 100` without quotes. */
  metadata: z.record(z.string(), z.string()),
  authenticationRef: z.looseObject({ name: z.string() }).optional(),
  metricType: z.string().optional(),
});

const advanced = z.looseObject({
  restoreToOriginalReplicaCount: z.boolean().optional(),
  horizontalPodAutoscalerConfig: z
    .looseObject({
      name: z.string().optional(),
      /** `autoscaling/v2` HorizontalPodAutoscalerBehavior, handed on as it is. */
      behavior: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  scalingModifiers: z.looseObject({ formula: z.string().optional() }).optional(),
});

/** `keda.sh/v1alpha1` ScaledObject, as its CRD has it (`config/crd/bases/keda.sh_scaledobjects.yaml`, KEDA 2.20). */
export const scaledObject = z.looseObject({
  ...identity,
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      name: z.string().min(1),
      envSourceContainerName: z.string().optional(),
    }),
    pollingInterval: z.int().min(1).optional(),
    initialCooldownPeriod: count.optional(),
    cooldownPeriod: count.optional(),
    idleReplicaCount: count.optional(),
    minReplicaCount: count.optional(),
    maxReplicaCount: z.int().min(1).optional(),
    advanced: advanced.optional(),
    fallback: z.looseObject({ failureThreshold: count, replicas: count }).optional(),
    triggers: z.array(trigger).min(1),
  }),
});
export type ScaledObjectManifest = z.infer<typeof scaledObject>;
export type TriggerManifest = z.infer<typeof trigger>;
