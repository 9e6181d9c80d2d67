import { z } from 'zod';
import { messageOf, UsageError } from '../errors';
import { issueText } from '../kube/object';
import { Quantity } from '../kube/quantity';

const int32 = z.int32();

const quantity = z.union([z.string(), z.number()]).transform((source, context): Quantity => {
  try {
    return Quantity.parse(source);
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});

const objectReference = z.strictObject({
  apiVersion: z.string().optional(),
  kind: z.string(),
  name: z.string(),
});
/** `autoscaling/v2` CrossVersionObjectReference. */
export type CrossVersionObjectReference = Readonly<z.infer<typeof objectReference>>;

const labelRequirement = z
  .strictObject({
    key: z.string(),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
    values: z.array(z.string()).optional(),
  })
  .refine(({ operator, values }) => operator.endsWith('In') === Boolean(values?.length), {
    error: 'operators In and NotIn need values, Exists and DoesNotExist take none',
  });

const labelSelector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(labelRequirement).optional(),
});

const metricIdentifier = z.strictObject({ name: z.string(), selector: labelSelector.optional() });
/** Name of a custom or external metric and the selector on its own labels. */
export type MetricIdentifier = Readonly<z.infer<typeof metricIdentifier>>;

const metricTarget = z.strictObject({
  type: z.enum(['Utilization', 'Value', 'AverageValue']),
  value: quantity.optional(),
  averageValue: quantity.optional(),
  averageUtilization: int32.optional(),
});
/** `autoscaling/v2` MetricTarget. `averageUtilization` is in percent of the request. */
export type MetricTarget = Readonly<z.infer<typeof metricTarget>>;

const resourceSource = z.strictObject({ name: z.string(), target: metricTarget });
const containerResourceSource = resourceSource.extend({ container: z.string() });
const podsSource = z.strictObject({
  metric: metricIdentifier,
  target: metricTarget.extend({ averageValue: quantity }),
});
const objectSource = z.strictObject({
  describedObject: objectReference,
  metric: metricIdentifier,
  target: metricTarget,
});
const externalSource = z.strictObject({ metric: metricIdentifier, target: metricTarget });

export type ResourceSource = Readonly<z.infer<typeof resourceSource>>;
export type ContainerResourceSource = Readonly<z.infer<typeof containerResourceSource>>;
export type PodsSource = Readonly<z.infer<typeof podsSource>>;
export type ObjectSource = Readonly<z.infer<typeof objectSource>>;
export type ExternalSource = Readonly<z.infer<typeof externalSource>>;

const metricSpec = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Resource'), resource: resourceSource }),
  z.strictObject({ type: z.literal('ContainerResource'), containerResource: containerResourceSource }),
  z.strictObject({ type: z.literal('Pods'), pods: podsSource }),
  z.strictObject({ type: z.literal('Object'), object: objectSource }),
  z.strictObject({ type: z.literal('External'), external: externalSource }),
]);
/** One entry of `spec.metrics`. */
export type MetricSpec = Readonly<z.infer<typeof metricSpec>>;

const scalingPolicy = z.strictObject({
  type: z.enum(['Pods', 'Percent']),
  value: int32,
  periodSeconds: int32,
});
/** At most `value` pods or percent of change in any `periodSeconds`. */
export type ScalingPolicy = Readonly<z.infer<typeof scalingPolicy>>;

const scalingRules = z.strictObject({
  stabilizationWindowSeconds: int32.optional(),
  selectPolicy: z.enum(['Max', 'Min', 'Disabled']).optional(),
  policies: z.array(scalingPolicy).optional(),
  tolerance: quantity.optional(),
});
/** `autoscaling/v2` HPAScalingRules as written, before defaulting. */
export type ScalingRules = Readonly<z.infer<typeof scalingRules>>;

const hpaSpec = z.strictObject({
  scaleTargetRef: objectReference,
  minReplicas: int32.optional(),
  maxReplicas: int32,
  metrics: z.array(metricSpec).optional(),
  behavior: z
    .strictObject({ scaleUp: scalingRules.optional(), scaleDown: scalingRules.optional() })
    .optional(),
});
/** `autoscaling/v2` HorizontalPodAutoscalerSpec as written, before the API server's defaulting. */
export type HpaSpec = Readonly<z.infer<typeof hpaSpec>>;

/**
 * Reads the `spec` of an `autoscaling/v2` HorizontalPodAutoscaler: its shape only, see `validateHpa` for its values.
 * @param where names the object in the error, e.g. `HorizontalPodAutoscaler default/web`
 * @throws UsageError on a wrong type, an unknown field, a metric without its source, or an unreadable quantity
 */
export function parseHpaSpec(value: unknown, where: string): HpaSpec {
  const result = hpaSpec.safeParse(value);
  if (!result.success) throw new UsageError(`${where}: invalid spec: ${issueText(result.error)}`);
  return result.data;
}
