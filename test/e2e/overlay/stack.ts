import type { KubeObject } from '../../../core/kube/object';
import { allObjects, type SourcedObject, type StackObjects } from '../../../core/model';

/**
 * Puts changed objects into the places of the synthesized ones, so that they can be applied stage by stage.
 * @param objects one for each of `allObjects(stack)`, in that order
 * @throws Error if there are not as many
 */
export function overlayStack(stack: StackObjects, objects: readonly KubeObject[]): StackObjects {
  const before = allObjects(stack);
  if (before.length !== objects.length)
    throw new Error(`${objects.length} objects cannot take the places of ${before.length}`);
  const changed = new Map(before.map((sourced, index) => [sourced, objects[index] ?? sourced.object]));
  const place = (sourced: SourcedObject): SourcedObject => ({
    ...sourced,
    object: changed.get(sourced) ?? sourced.object,
  });
  return {
    provided: stack.provided.map(place),
    stages: stack.stages.map(({ stage, objects: list }) => ({ stage, objects: list.map(place) })),
  };
}
