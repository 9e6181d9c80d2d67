import type { KubeObject } from '../../../core/kube/object';
import type { ClusterDescriptor } from '../../../core/model';
import type { OverlayChange } from './changes';
import { changeWords, podSpecPath } from './containers';
import { isRecord, ObjectEdit } from './object-edit';
import { flagChanges } from './words';

/** A stack as the machine of the tests can run it. */
export interface Adapted {
  /** As many as were given, in their order. */
  readonly objects: readonly KubeObject[];
  readonly cluster: ClusterDescriptor;
  readonly changes: readonly OverlayChange[];
}

/** What a stack is changed to before it runs. */
export type Adaptation = (objects: readonly KubeObject[], cluster: ClusterDescriptor) => Adapted;

/** Fargate is a service of AWS: what it would run, nodes do. */
export const withoutFargate: Adaptation = (objects, { fargate, ...cluster }) => ({
  objects,
  cluster,
  changes: fargate ? [{ object: 'cluster', path: 'fargate', from: 'a profile', to: 'left out' }] : [],
});

/** An adaptation that edits objects one by one. */
export function editing(
  change: (edit: ObjectEdit) => void,
  ...[objects, cluster]: Parameters<Adaptation>
): Adapted {
  const edits = objects.map((object) => new ObjectEdit(object));
  edits.forEach(change);
  return {
    objects: edits.map(({ object }) => object),
    cluster,
    changes: edits.flatMap(({ changes }) => changes),
  };
}

/**
 * Gives an environment variable of all containers another value: what pods use is the machine's, what they request is the
 * simulated nodes'.
 */
export function withVariable(name: string, value: string): Adaptation {
  const change = (edit: ObjectEdit): void => {
    const spec = podSpecPath(edit.object);
    if (spec === undefined) return;
    edit.change(`${spec}.containers.*.env.*`, (variable) =>
      isRecord(variable) && variable['name'] === name ? { name, value } : variable,
    );
  };
  return (...stack) => editing(change, ...stack);
}

/** Has each of hey's workers send another number of requests a second. */
export function withHeyRate(perWorker: number): Adaptation {
  const change = (edit: ObjectEdit): void => {
    changeWords(edit, (words) => {
      const hey = words.findIndex((word) => /(^|\/)hey$/.test(word));
      return hey < 0 ? [] : flagChanges(words, 'q', () => String(perWorker), hey + 1);
    });
  };
  return (...stack) => editing(change, ...stack);
}

/** One after the other. */
export function both(first: Adaptation, second: Adaptation): Adaptation {
  return (objects, cluster) => {
    const before = first(objects, cluster);
    const after = second(before.objects, before.cluster);
    return { ...after, changes: [...before.changes, ...after.changes] };
  };
}
