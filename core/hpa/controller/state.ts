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
  return stateAfterRestart({ status: EMPTY_STATUS });
}

/** The state after the controller started anew or another one took the lead: only the API object remembers. */
export function stateAfterRestart({ status }: Pick<HpaState, 'status'>): HpaState {
  return { recommendations: [], scaleUpEvents: [], scaleDownEvents: [], status };
}
