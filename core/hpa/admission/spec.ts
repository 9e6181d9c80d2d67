import { z } from 'zod';
import { messageOf, UsageError } from '../../errors';
import { issueText } from '../../kube/object';
import { Quantity } from '../../kube/quantity';
import { type LabelSelector } from '../../kube/selector';
import { sortedEntries } from '../../kube/sorted-entries';

/** `autoscaling/v2` CrossVersionObjectReference. */
export interface CrossVersionObjectReference {
  readonly apiVersion?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

/** Name of a custom or external metric and the selector on its own labels, which the API server takes as it is. */
export interface MetricIdentifier {
  readonly name: string;
  readonly selector?: LabelSelector | undefined;
}

/** `autoscaling/v2` MetricTarget with any text for its type. `averageUtilization` is in percent of the request. */
export interface WrittenTarget {
  readonly type: string;
  readonly value?: Quantity | undefined;
  readonly averageValue?: Quantity | undefined;
  readonly averageUtilization?: number | undefined;
}

/** The sources that a metric can have, with that target. */
interface Sources<Target> {
  readonly resource: { readonly name: string; readonly target: Target };
  readonly containerResource: { readonly name: string; readonly container: string; readonly target: Target };
  readonly pods: { readonly metric: MetricIdentifier; readonly target: Target };
  readonly object: {
    readonly describedObject: CrossVersionObjectReference;
    readonly metric: MetricIdentifier;
    readonly target: Target;
  };
  readonly external: { readonly metric: MetricIdentifier; readonly target: Target };
}
export type WrittenSources = Sources<WrittenTarget>;

/** One entry of `spec.metrics` as decoded: any type, and any sources, whether they fit it or not. */
export type WrittenMetric = { readonly type: string } & {
  readonly [Name in keyof WrittenSources]?: WrittenSources[Name] | undefined;
};

/** `autoscaling/v2` HPAScalingPolicy with any text for its type. */
export interface WrittenPolicy {
  readonly type: string;
  readonly value: number;
  readonly periodSeconds: number;
}

/** `autoscaling/v2` HPAScalingRules as decoded, before defaulting. */
export interface WrittenRules {
  readonly stabilizationWindowSeconds?: number | undefined;
  readonly selectPolicy?: string | undefined;
  readonly policies?: readonly WrittenPolicy[] | undefined;
  readonly tolerance?: Quantity | undefined;
}

/**
 * `autoscaling/v2` HorizontalPodAutoscalerSpec as the API server's decoder leaves it, before defaulting and
 * validation: what is missing and has no pointer in Go is empty or zero.
 */
export interface HpaSpec {
  readonly scaleTargetRef: CrossVersionObjectReference;
  readonly minReplicas?: number | undefined;
  readonly maxReplicas: number;
  readonly metrics?: readonly WrittenMetric[] | undefined;
  readonly behavior?:
    | { readonly scaleUp?: WrittenRules | undefined; readonly scaleDown?: WrittenRules | undefined }
    | undefined;
}

/** A valid target. Its type says which value counts for an Object metric only; elsewhere it need not even fit. */
export interface MetricTarget extends WrittenTarget {
  readonly type: 'Utilization' | 'Value' | 'AverageValue';
}

interface AverageValueTarget extends MetricTarget {
  readonly averageValue: Quantity;
}

/** Exactly one of the two is set. */
export type ResourceTarget =
  | (AverageValueTarget & { readonly averageUtilization?: undefined })
  | (MetricTarget & { readonly averageValue?: undefined; readonly averageUtilization: number });

/** Exactly one of the two is set. */
type ExternalTarget =
  | (AverageValueTarget & { readonly value?: undefined })
  | (MetricTarget & { readonly averageValue?: undefined; readonly value: Quantity });

type ResourceSource = Sources<ResourceTarget>['resource'];
type ContainerResourceSource = Sources<ResourceTarget>['containerResource'];
type PodsSource = Sources<AverageValueTarget>['pods'];
type ObjectSource = Sources<MetricTarget>['object'];
type ExternalSource = Sources<ExternalTarget>['external'];

/** One entry of `spec.metrics`, valid. */
export type MetricSpec =
  | { readonly type: 'Resource'; readonly resource: ResourceSource }
  | { readonly type: 'ContainerResource'; readonly containerResource: ContainerResourceSource }
  | { readonly type: 'Pods'; readonly pods: PodsSource }
  | { readonly type: 'Object'; readonly object: ObjectSource }
  | { readonly type: 'External'; readonly external: ExternalSource };

/** At most `value` pods or percent of change in any `periodSeconds`; valid. */
export interface ScalingPolicy extends WrittenPolicy {
  readonly type: 'Pods' | 'Percent';
}

/** `autoscaling/v2` HPAScalingRules, valid. */
export interface ScalingRules extends WrittenRules {
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled' | undefined;
  readonly policies?: readonly ScalingPolicy[] | undefined;
}

// The decoder takes null for absent, even in a list, and leaves what is absent at Go's zero value.

/** A pointer, map or list in Go. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** A struct in Go, whose zero value is that of its fields. */
function struct<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => value ?? {}, schema);
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const number = z
  .int32()
  .nullish()
  .transform((value) => value ?? 0);
const optionalNumber = optional(z.int32());

/** What Go trims of a quantity in JSON: tabs and line breaks are escaped there, and so no white space. */
const OUTER_SPACE =
  /^[ \x85\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+|[ \x85\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+$/g;

const quantity = z.union([z.string(), z.number()]).transform((source, context): Quantity => {
  try {
    return Quantity.parse(String(source).replace(OUTER_SPACE, ''));
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) });
    return z.NEVER;
  }
});

// These are left out of the JSON of an object where they are empty, and a status repeats what the spec says.
const apiVersion = text.transform((value) => value || undefined);
const matchLabels = optional(z.record(z.string(), text)).transform((labels = {}) => {
  const entries = sortedEntries(labels);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
});
function filledList<T extends z.ZodType>(schema: T) {
  return optional(z.array(schema)).transform((items) => (items?.length ? items : undefined));
}

const objectReference = z.strictObject({ apiVersion, kind: text, name: text });
const labelSelector = z.strictObject({
  matchLabels,
  matchExpressions: filledList(
    struct(z.strictObject({ key: text, operator: text, values: filledList(text) })),
  ),
});

const metric = struct(z.strictObject({ name: text, selector: optional(labelSelector) }));
const target = struct(
  z.strictObject({
    type: text,
    value: optional(quantity),
    averageValue: optional(quantity),
    averageUtilization: optionalNumber,
  }),
);

const metricSpec = z.strictObject({
  type: text,
  resource: optional(z.strictObject({ name: text, target })),
  containerResource: optional(z.strictObject({ name: text, container: text, target })),
  pods: optional(z.strictObject({ metric, target })),
  object: optional(z.strictObject({ describedObject: struct(objectReference), metric, target })),
  external: optional(z.strictObject({ metric, target })),
});

const scalingRules = z.strictObject({
  stabilizationWindowSeconds: optionalNumber,
  selectPolicy: optional(z.string()),
  policies: optional(z.array(struct(z.strictObject({ type: text, value: number, periodSeconds: number })))),
  tolerance: optional(quantity),
});

const hpaSpec = struct(
  z.strictObject({
    scaleTargetRef: struct(objectReference),
    minReplicas: optionalNumber,
    maxReplicas: number,
    metrics: optional(z.array(struct(metricSpec))),
    behavior: optional(
      z.strictObject({ scaleUp: optional(scalingRules), scaleDown: optional(scalingRules) }),
    ),
  }),
);

/**
 * Reads the `spec` of an `autoscaling/v2` HorizontalPodAutoscaler as the API server decodes it, which is its shape
 * only; see `validateHpa` for its values.
 * @param where names the object in the error, e.g. `HorizontalPodAutoscaler default/web`
 * @throws UsageError on a wrong type, an unknown field, a number beyond int32, or an unreadable quantity
 */
export function parseHpaSpec(value: unknown, where: string): HpaSpec {
  const result = hpaSpec.safeParse(value);
  if (!result.success) throw new UsageError(`${where}: invalid spec: ${issueText(result.error)}`);
  return result.data;
}
