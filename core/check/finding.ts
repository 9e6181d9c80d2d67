import type { ObjectRef } from '../kube/object';

/** `error`: the chain does not carry or the API server refuses; `warning`: it carries badly; `info`: not verified. */
export type Severity = 'error' | 'warning' | 'info';

/** What a check has to say about one object. */
export interface Problem {
  readonly object: ObjectRef;
  /** What is wrong. */
  readonly message: string;
  /** What to change: an imperative sentence with the values. */
  readonly fix: string;
}

/** A problem, with the check that found it. */
export interface Finding extends Problem {
  /** Id of the check, kebab-case. */
  readonly check: string;
  readonly severity: Severity;
  /** cdk8s construct that made the object, where known. */
  readonly constructPath?: string | undefined;
  /** Why the object keeps it, where an annotation of the object says so. */
  readonly accepted?: string | undefined;
}
