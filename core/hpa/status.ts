import { Quantity } from '../kube/quantity';
import { type HpaCondition } from './conditions';
import { type CrossVersionObjectReference, type MetricIdentifier } from './spec';

/** `autoscaling/v2` MetricValueStatus. */
export interface MetricValueStatus {
  readonly value?: Quantity | undefined;
  readonly averageValue?: Quantity | undefined;
  /** Percent of the request. */
  readonly averageUtilization?: number | undefined;
}

/** `autoscaling/v2` MetricStatus. The empty type stands where a metric could not be computed. */
export type MetricStatus =
  | { readonly type: '' }
  | {
      readonly type: 'Resource';
      readonly resource: { readonly name: string; readonly current: MetricValueStatus };
    }
  | {
      readonly type: 'ContainerResource';
      readonly containerResource: {
        readonly name: string;
        readonly container: string;
        readonly current: MetricValueStatus;
      };
    }
  | {
      readonly type: 'Pods';
      readonly pods: { readonly metric: MetricIdentifier; readonly current: MetricValueStatus };
    }
  | {
      readonly type: 'Object';
      readonly object: {
        readonly describedObject: CrossVersionObjectReference;
        readonly metric: MetricIdentifier;
        readonly current: MetricValueStatus;
      };
    }
  | {
      readonly type: 'External';
      readonly external: { readonly metric: MetricIdentifier; readonly current: MetricValueStatus };
    };

/** The status of the API object, with times in milliseconds. */
export interface HpaStatus {
  /** `scale.spec.replicas` as it was read. */
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly currentMetrics: readonly MetricStatus[];
  readonly conditions: readonly HpaCondition[];
  readonly lastScaleTime?: number | undefined;
}

/** The status of an autoscaler that the controller has not written yet. */
export const EMPTY_STATUS: HpaStatus = {
  currentReplicas: 0,
  desiredReplicas: 0,
  currentMetrics: [],
  conditions: [],
};

/**
 * Whether two parts of a status are the same to the API machinery: quantities by value, absent fields like
 * undefined ones (`apiequality.Semantic.DeepEqual`).
 */
export function semanticEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left instanceof Quantity) return right instanceof Quantity && left.compare(right) === 0;
  if (!isObject(left) || !isObject(right)) return false;
  for (const key in left) if (!semanticEqual(left[key], right[key])) return false;
  for (const key in right) if (left[key] === undefined && right[key] !== undefined) return false;
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
