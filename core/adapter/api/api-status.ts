/** A `metav1.Status` of a failure, as far as the metrics APIs make one. `Status` of the planner is one too. */
export interface ApiStatus {
  readonly code: number;
  /** `''` where the API server leaves it out. */
  readonly reason: string;
  readonly message: string;
  readonly details?: StatusDetails | undefined;
}

/** `metav1.StatusDetails`; absent strings are left out of the JSON. */
export interface StatusDetails {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

export interface StatusCause {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
}
