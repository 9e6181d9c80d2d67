import { PodReferences, type MissingReference } from '../core/chain';
import { BUILT_IN_NAMESPACES, namespaceOf } from '../core/kube/inventory';
import type { Workload } from '../core/kube/kinds/pod';
import type { World } from './world';

/** Why a pod does not start although it has a node, as the kubelet's events say it. */
export interface StartFailure {
  readonly reason: 'FailedMount' | 'Failed';
  readonly message: string;
}

/** Whether pods can be made and started at all: what they refer to has to exist. */
export class PodStart {
  private readonly references: PodReferences;
  private readonly namespaces: ReadonlySet<string> | undefined;
  private readonly failures = new Map<Workload, readonly StartFailure[]>();

  /** @param provided namespaces that are made by others */
  constructor({ inventory }: Pick<World, 'inventory'>, provided: readonly string[]) {
    this.references = new PodReferences(inventory);
    const declared = inventory.namespaces.map(({ metadata }) => metadata.name);
    // Objects without any Namespace are those of an application, for namespaces that somebody else makes.
    if (declared.length > 0) this.namespaces = new Set([...BUILT_IN_NAMESPACES, ...provided, ...declared]);
  }

  /**
   * Why the API server refuses the pods of a workload; undefined if it does not.
   * @param name of such a pod, or what it begins with
   */
  refusal(workload: Workload, name: string): string | undefined {
    const namespace = namespaceOf(workload);
    if (this.namespaces?.has(namespace) === false) return `namespaces "${namespace}" not found`;
    const missing = this.references.missingOf(workload);
    const account = missing.find(({ kind }) => kind === 'ServiceAccount');
    if (account) {
      return (
        `pods "${name}" is forbidden: error looking up service account ${namespace}/${account.name}: ` +
        `serviceaccount "${account.name}" not found`
      );
    }
    const priority = missing.find(({ kind }) => kind === 'PriorityClass');
    return priority && `pods "${name}" is forbidden: no PriorityClass with name ${priority.name} was found`;
  }

  /** Why the containers of a workload's pods do not start; empty if they do. */
  failuresOf(workload: Workload): readonly StartFailure[] {
    let failures = this.failures.get(workload);
    if (!failures) {
      failures = this.references.missingOf(workload).flatMap((reference) => startFailure(reference) ?? []);
      this.failures.set(workload, failures);
    }
    return failures;
  }
}

function startFailure(reference: MissingReference): StartFailure | undefined {
  const { kind, namespace, name, key, missing, place } = reference;
  const notFound = `${kind.toLowerCase()} "${name}" not found`;
  switch (place.field) {
    case 'serviceAccountName':
    case 'priorityClassName':
      return undefined;
    case 'volume': {
      const cause = missing === 'object' ? notFound : `configmap references non-existent config key: ${key}`;
      return {
        reason: 'FailedMount',
        message: `MountVolume.SetUp failed for volume "${place.volume}" : ${cause}`,
      };
    }
    case 'container': {
      const cause =
        missing === 'object' ? notFound : `couldn't find key ${key} in ${kind} ${namespace}/${name}`;
      return { reason: 'Failed', message: `Error: ${cause}` };
    }
  }
}
