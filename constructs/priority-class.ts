import { Construct } from 'constructs';
import { UsageError } from '../core/errors';
import { k8s } from './kubernetes';

/** The highest priority that is not Kubernetes' own (`HighestUserDefinablePriority`). */
const HIGHEST = 1_000_000_000;
const LOWEST = -(2 ** 31);
/** DNS subdomain of `k8s.io/apimachinery`. */
const NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** A priority that pods can have: plain data, known before its object exists. */
export class Priority {
  /** Keeps objects of the same shape, whose class nobody declared, from passing as a handle. */
  protected readonly declared = 'priority';

  /**
   * @param name of the PriorityClass
   * @param value pods without a class have 0
   * @param preempts whether a pod that waits may push out others of lower priority
   * @throws UsageError for a name or value that a PriorityClass cannot have
   */
  constructor(
    readonly name: string,
    readonly value: number,
    readonly preempts: boolean,
    readonly description: string,
  ) {
    if (!NAME.test(name) || name.startsWith('system-')) {
      throw new UsageError(
        `priority class "${name}" cannot be its name: use lower case letters, digits, "-" and ".", and no "system-"`,
      );
    }
    if (!Number.isInteger(value) || value < LOWEST || value > HIGHEST) {
      throw new UsageError(`priority class ${name}: ${value} must be a whole number up to ${HIGHEST}`);
    }
  }

  /**
   * For work that takes what nobody else wants: the scheduler pushes it out for any other pod, and it pushes out none.
   * Below -10, so that the cluster autoscaler adds no node for it (`--expendable-pods-priority-cutoff`).
   */
  static opportunistic(name = 'opportunistic'): Priority {
    return new Priority(name, -100, false, 'Work that gives way to everything else.');
  }
}

/** The PriorityClass of a priority; one in the whole cluster. */
export class PriorityClass extends Construct {
  constructor(scope: Construct, id: string, { priority }: { readonly priority: Priority }) {
    super(scope, id);
    const { name, value, preempts, description } = priority;
    new k8s.KubePriorityClass(this, 'PriorityClass', {
      metadata: { name },
      value,
      globalDefault: false,
      preemptionPolicy: preempts ? 'PreemptLowerPriority' : 'Never',
      description,
    });
  }
}
