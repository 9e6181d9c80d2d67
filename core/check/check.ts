import type { CheckContext } from './context';
import type { Problem, Severity } from './finding';

/** One thing that is looked at. */
export interface Check {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What holds when the check passes. */
  readonly title: string;
  readonly severity: Severity;
  /**
   * Whether it is about how an object is written, and the chain holds all the same. It is left out for objects that Helm
   * or the cluster installs: who reads the finding cannot change them.
   */
  readonly ofOwnObjects?: true;
  run(context: CheckContext): Iterable<Problem>;
}
