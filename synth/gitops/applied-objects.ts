import type { KubeObject } from '../../core/kube/object';
import { pinned, type ImageLock } from '../image-lock';

/** An object with this annotation is not touched by Flux, whether it is there or not. */
const IGNORED = { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' };
/** An object with this annotation is made by Flux and left alone from then on. */
const MADE_ONCE = { 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' };

/** The objects of a stage as Flux is to apply them. */
export function appliedObjects(
  objects: readonly KubeObject[],
  { isIgnored, lock }: { readonly isIgnored: (object: KubeObject) => boolean; readonly lock: ImageLock },
): unknown[] {
  return objects.map((object) =>
    pinned(
      withAnnotations(object, {
        ...(isFilledByProgram(object) ? MADE_ONCE : {}),
        ...(isIgnored(object) ? IGNORED : {}),
      }),
      lock,
    ),
  );
}

/** A Secret without data is there for a program to write into, as the adapter keeps its certificates. */
function isFilledByProgram(object: KubeObject): boolean {
  const { apiVersion, kind } = object;
  return apiVersion === 'v1' && kind === 'Secret' && !('data' in object) && !('stringData' in object);
}

function withAnnotations(object: KubeObject, added: Readonly<Record<string, string>>): KubeObject {
  if (Object.keys(added).length === 0) return object;
  const { annotations, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, ...added } } };
}
