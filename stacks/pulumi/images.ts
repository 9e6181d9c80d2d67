import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltImage } from '../../constructs/clusters/image-target';
import { UsageError } from '../../core/errors';
import { parseImage } from '../../core/kube/image';
import type { Stack } from '../../core/model';
import { builtImages, lockedBases, PROJECT, type ImageLock } from '../../synth';

/** An image that is built, with the reference that the stack's manifests have for it. */
export interface ReferencedImage extends BuiltImage {
  readonly reference: string;
}

/**
 * The images of a stack that are built from this project.
 * @param registry as manifests name it before an image; empty for none
 * @throws UsageError where a Dockerfile is not there
 */
export function imagesToBuild(stack: Stack, registry: string, lock: ImageLock): ReferencedImage[] {
  return builtImages(stack).map(({ name, reference, build }) => {
    const { repository, tag = 'latest' } = parseImage(reference);
    const dockerfile = `${build}/Dockerfile`;
    const path = join(PROJECT, dockerfile);
    if (!existsSync(path)) {
      throw new UsageError(`image ${name} (${reference}): there is no ${path} to build it from`);
    }
    return {
      name,
      reference,
      repository: registry === '' ? repository : repository.slice(registry.length + 1),
      tag,
      context: PROJECT,
      dockerfile,
      arguments: lockedBases(readFileSync(path, 'utf8'), lock),
    };
  });
}
