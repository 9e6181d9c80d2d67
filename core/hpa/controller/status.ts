import { type Quantity } from '../../kube/quantity';
import { type LabelSelector } from '../../kube/selector';
import { type HpaCondition } from './conditions';
import { type CrossVersionObjectReference, type MetricIdentifier } from '../admission/spec';
import { type Nanoseconds } from '../time';

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

/** The status of the API object. */
export interface HpaStatus {
  /** Since 1.37, if the object's generation is known. */
  readonly observedGeneration?: number | undefined;
  /** `scale.spec.replicas` as it was read. */
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** Empty where the API object has none. */
  readonly currentMetrics: readonly MetricStatus[];
  readonly conditions: readonly HpaCondition[];
  readonly lastScaleTime?: Nanoseconds | undefined;
}

/** The status of an autoscaler that the controller has not written yet. */
export const EMPTY_STATUS: HpaStatus = {
  currentReplicas: 0,
  desiredReplicas: 0,
  currentMetrics: [],
  conditions: [],
};

/** Whether two statuses are the same to the API machinery: quantities by value (`apiequality.Semantic.DeepEqual`). */
export function sameStatus(left: HpaStatus, right: HpaStatus): boolean {
  return (
    left.observedGeneration === right.observedGeneration &&
    left.currentReplicas === right.currentReplicas &&
    left.desiredReplicas === right.desiredReplicas &&
    left.lastScaleTime === right.lastScaleTime &&
    sameLists(left.conditions, right.conditions, sameCondition) &&
    sameLists(left.currentMetrics, right.currentMetrics, sameMetric)
  );
}

function sameLists<Item>(
  left: readonly Item[],
  right: readonly Item[],
  same: (left: Item, right: Item) => boolean,
): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => {
    const other = right[index];
    return other !== undefined && same(item, other);
  });
}

function sameCondition(left: HpaCondition, right: HpaCondition): boolean {
  return (
    left === right ||
    (left.type === right.type &&
      left.status === right.status &&
      left.reason === right.reason &&
      left.message === right.message &&
      left.lastTransitionTime === right.lastTransitionTime)
  );
}

function sameMetric(left: MetricStatus, right: MetricStatus): boolean {
  switch (left.type) {
    case '':
      return right.type === '';
    case 'Resource':
      return right.type === 'Resource' && sameResource(left.resource, right.resource);
    case 'ContainerResource':
      return (
        right.type === 'ContainerResource' &&
        left.containerResource.container === right.containerResource.container &&
        sameResource(left.containerResource, right.containerResource)
      );
    case 'Pods':
      return right.type === 'Pods' && sameCustom(left.pods, right.pods);
    case 'Object':
      return (
        right.type === 'Object' &&
        sameReference(left.object.describedObject, right.object.describedObject) &&
        sameCustom(left.object, right.object)
      );
    case 'External':
      return right.type === 'External' && sameCustom(left.external, right.external);
  }
}

interface ResourceStatus {
  readonly name: string;
  readonly current: MetricValueStatus;
}

interface CustomStatus {
  readonly metric: MetricIdentifier;
  readonly current: MetricValueStatus;
}

function sameResource(left: ResourceStatus, right: ResourceStatus): boolean {
  return left.name === right.name && sameValue(left.current, right.current);
}

function sameCustom(left: CustomStatus, right: CustomStatus): boolean {
  return (
    left.metric.name === right.metric.name &&
    sameSelector(left.metric.selector, right.metric.selector) &&
    sameValue(left.current, right.current)
  );
}

function sameReference(left: CrossVersionObjectReference, right: CrossVersionObjectReference): boolean {
  return left.kind === right.kind && left.name === right.name && left.apiVersion === right.apiVersion;
}

/** Selectors come from the spec and are rarely written anew, so their text is compared only then. */
function sameSelector(left: LabelSelector | undefined, right: LabelSelector | undefined): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

function sameValue(left: MetricValueStatus, right: MetricValueStatus): boolean {
  return (
    left.averageUtilization === right.averageUtilization &&
    sameQuantity(left.averageValue, right.averageValue) &&
    sameQuantity(left.value, right.value)
  );
}

function sameQuantity(left: Quantity | undefined, right: Quantity | undefined): boolean {
  return left && right ? left.compare(right) === 0 : left === right;
}
