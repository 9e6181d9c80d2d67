import type { CheckContext } from './context';
import type { Problem, Severity } from './finding';

/** One thing that is looked at. */
export interface Check {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What holds when the check passes. */
  readonly title: string;
  readonly severity: Severity;
  run(context: CheckContext): Iterable<Problem>;
}
