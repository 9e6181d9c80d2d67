import { join } from 'node:path';
import type { ImageStore } from '../contracts';
import { findImage, imageName } from './catalog';
import { REPOSITORY, stampOf } from './stamps';
import { UnpackedImages } from './unpacked';

export { imagesFor } from './catalog';

/** Where images are kept, unpacked; not under version control. */
export const IMAGES_FOLDER = join(REPOSITORY, 'build/e2e/images');

/**
 * The images that were built from what the repository now holds: see `build()` of test/e2e/build.ts. Builds nothing.
 * @param options.folder default {@link IMAGES_FOLDER}
 */
export function openImages({ folder = IMAGES_FOLDER }: { readonly folder?: string } = {}): ImageStore {
  const images = new UnpackedImages(folder);
  const stamps = new Map<string, string>();
  return {
    bundle(reference) {
      const source = findImage(reference);
      if (source === undefined) return undefined;
      const name = imageName(source);
      const stamp = stamps.get(name) ?? stampOf(source);
      stamps.set(name, stamp);
      return images.bundle(name, stamp);
    },
  };
}
