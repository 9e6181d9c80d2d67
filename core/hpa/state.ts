import { type Recommendation } from './recommendations';
import { type ScaleEvent } from './scale-events';
import { EMPTY_STATUS, type HpaStatus } from './status';

/**
 * What survives from one reconcile to the next: the controller's memory of this autoscaler and the status of the
 * API object. To be treated as opaque; it is never changed in place.
 */
export interface HpaState {
  /** Empty until the scale could be read for the first time. */
  readonly recommendations: readonly Recommendation[];
  readonly scaleUpEvents: readonly ScaleEvent[];
  readonly scaleDownEvents: readonly ScaleEvent[];
  readonly status: HpaStatus;
}

/** The state of an autoscaler that has just been created. */
export function initialState(): HpaState {
  return { recommendations: [], scaleUpEvents: [], scaleDownEvents: [], status: EMPTY_STATUS };
}
