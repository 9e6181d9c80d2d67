import { type Int64 } from '../../kube/int64';
import { type Quantity } from '../../kube/quantity';
import { type LabelSelector } from '../../kube/selector';
import { type DefaultedHpaSpec } from '../admission/defaults';
import { type CrossVersionObjectReference } from '../admission/spec';
import { type Nanoseconds } from '../time';

/** `resources.requests`, by resource name. */
type ResourceRequests = Readonly<Record<string, Quantity>>;

export interface HpaContainer {
  readonly name: string;
  readonly requests?: ResourceRequests | undefined;
}

interface HpaInitContainer extends HpaContainer {
  /** `Always` makes it a sidecar, whose requests count like a container's. */
  readonly restartPolicy?: string | undefined;
}

/** What the controller reads of a pod. */
export interface HpaPod {
  readonly name: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** `metadata.deletionTimestamp` is set. */
  readonly deleting?: boolean | undefined;
  /** The Ready condition and the time of its last transition; absent if the pod has none. */
  readonly ready?: { readonly status: 'True' | 'False' | 'Unknown'; readonly since: Nanoseconds } | undefined;
  /** `status.startTime`. */
  readonly startTime?: Nanoseconds | undefined;
  readonly containers: readonly HpaContainer[];
  readonly initContainers?: readonly HpaInitContainer[] | undefined;
  /** Pod-level requests, `spec.resources.requests`. */
  readonly requests?: ResourceRequests | undefined;
  /** `spec.overhead` of its runtime class. */
  readonly overhead?: ResourceRequests | undefined;
}

/** One sample of a per-pod metric, in milli-units. */
export interface PodMetric {
  readonly value: Int64;
  readonly timestamp: Nanoseconds;
  /** The time over which the value was measured. */
  readonly window: Nanoseconds;
}

/** Samples by pod name; they may include pods that the selector does not list. */
export type PodMetrics = ReadonlyMap<string, PodMetric>;

/** Something could not be fetched or computed, in the controller's words. */
export interface Failure {
  readonly error: string;
}

/** Whether a result is a failure. */
export function isFailure(result: unknown): result is Failure {
  return typeof result === 'object' && result !== null && 'error' in result;
}

/**
 * The three metrics APIs as the controller's client (`podautoscaler/metrics/client.go`) hands them over; a failure
 * is the error as that client returns it.
 *
 * It is the client that turns an answer without items into an error such as
 * `no metrics returned from custom metrics API`, and that leaves out a pod one of whose containers has no sample.
 * Up to 1.32 it fails instead where a pod lacks the one container that was asked for.
 */
export interface MetricsClient {
  /** Usage of a resource per pod: the sum over its containers, or that of one container. */
  resource(name: string, container?: string): PodMetrics | Failure;
  /** A custom metric of each pod. */
  pods(metricName: string, metricSelector: LabelSelector | undefined): PodMetrics | Failure;
  /** A custom metric of one object, in milli-units. */
  object(
    metricName: string,
    describedObject: CrossVersionObjectReference,
    metricSelector: LabelSelector | undefined,
  ): Int64 | Failure;
  /** All series of an external metric, each in milli-units. */
  external(metricName: string, metricSelector: LabelSelector | undefined): readonly Int64[] | Failure;
}

/** The scale subresource of the target. */
export interface ScaleView {
  readonly specReplicas: number;
  readonly statusReplicas: number;
  /** `status.selector`, in its textual form. */
  readonly selector: string;
}

/** What one reconcile sees. */
export interface HpaInputs {
  readonly name: string;
  readonly namespace: string;
  /** `metadata.generation`; since 1.37 it is reported in the status. */
  readonly generation?: number | undefined;
  readonly spec: DefaultedHpaSpec;
  /** The scale, or why it could not be read. */
  readonly scale: ScaleView | Failure;
  /** Why a write of the scale fails; without it the write succeeds. */
  readonly updateError?: string | undefined;
  /** All pods that the scale's selector matches. */
  readonly pods: readonly HpaPod[];
  readonly metrics: MetricsClient;
  /** Names of the other autoscalers in the namespace whose selectors match one of these pods. */
  readonly otherHpas?: readonly string[] | undefined;
}
