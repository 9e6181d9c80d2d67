import type { Inventory } from '../kube/inventory';
import type { PriorityClass } from '../kube/kinds/scheduling';
import type { PodSpec } from '../kube/kinds/pod';

/** What a pod's class says about it. */
export interface Priority {
  /** The higher goes first. */
  readonly value: number;
  /** Whether pods of a lower priority are taken away for it. */
  readonly preempts: boolean;
}

/** Classes that every cluster has (`pkg/apis/scheduling/v1/helpers.go`). */
const BUILT_IN: ReadonlyMap<string, Priority> = new Map([
  ['system-node-critical', { value: 2_000_001_000, preempts: true }],
  ['system-cluster-critical', { value: 2_000_000_000, preempts: true }],
]);
const WITHOUT_CLASS: Priority = { value: 0, preempts: true };

/**
 * The priorities of pods, as the API server gives them when a pod is made (`plugin/pkg/admission/priority`): by the
 * class that it names, or else by the default class; of several defaults the lowest counts.
 */
export class Priorities {
  private readonly classes: ReadonlyMap<string, Priority>;
  private readonly fallback: Priority;

  constructor({ priorityClasses }: Inventory) {
    const declared = priorityClasses.map((object) => [object.metadata.name, priorityOf(object)] as const);
    this.classes = new Map([...declared, ...BUILT_IN]);
    const [lowest] = priorityClasses
      .filter(({ globalDefault }) => globalDefault)
      .sort((a, b) => a.value - b.value);
    this.fallback = lowest ? priorityOf(lowest) : WITHOUT_CLASS;
  }

  /** Names of the classes that there are. */
  get names(): readonly string[] {
    return [...this.classes.keys()];
  }

  /** @returns undefined if the pod names a class that does not exist, so that it is refused */
  of({ priorityClassName }: PodSpec): Priority | undefined {
    return priorityClassName ? this.classes.get(priorityClassName) : this.fallback;
  }
}

function priorityOf({ value, preemptionPolicy }: PriorityClass): Priority {
  return { value, preempts: preemptionPolicy !== 'Never' };
}
