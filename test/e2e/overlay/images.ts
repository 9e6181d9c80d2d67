import type { KubeObject } from '../../../core/kube/object';
import type { OverlayChange } from './changes';
import { podSpecPath } from './containers';
import { ObjectEdit } from './object-edit';

/** Objects that run other images. */
export interface ImageOverlay {
  /** As many as were given, in their order. */
  readonly objects: readonly KubeObject[];
  readonly changes: readonly OverlayChange[];
}

/** Flags whose value is the image of a container that an operator adds to its pods. */
const FLAG = /^(--prometheus-config-reloader=)(.+)$/;

/**
 * Replaces references of images: of containers, of what the Prometheus Operator runs, and in its flags.
 * @param images by whole reference, as the objects write it; others stay
 */
export function imageOverlay(
  objects: readonly KubeObject[],
  images: ReadonlyMap<string, string>,
): ImageOverlay {
  const replaced = (value: unknown): unknown =>
    typeof value === 'string' ? (images.get(value) ?? value) : value;
  const edits = objects.map((object) => {
    const edit = new ObjectEdit(object);
    const spec = podSpecPath(object);
    if (spec !== undefined) {
      edit.change(`${spec}.containers.*.image`, replaced);
      edit.change(`${spec}.initContainers.*.image`, replaced);
      edit.change(`${spec}.containers.*.args.*`, (word) => {
        const [, flag, image] = FLAG.exec(String(word)) ?? [];
        return flag === undefined || image === undefined ? word : `${flag}${images.get(image) ?? image}`;
      });
    }
    if (object.kind === 'Prometheus') edit.change('spec.image', replaced);
    return edit;
  });
  return {
    objects: edits.map(({ object }) => object),
    changes: edits.flatMap(({ changes }) => changes),
  };
}
