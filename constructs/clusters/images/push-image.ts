import type * as dockerBuild from '@pulumi/docker-build';
import type * as pulumi from '@pulumi/pulumi';
import type { BuiltImage, DeliveredImage } from '../image-target';
import { buildImage } from './build-image';

/** A registry that is there. */
export interface RegistryTarget {
  /** `HOST[:PORT][/PATH]` */
  readonly registry: string;
  readonly platforms: readonly dockerBuild.types.enums.Platform[];
  /** Without them, those of the user's `docker login`. */
  readonly credentials?: { readonly username: string; readonly password: pulumi.Output<string> } | undefined;
}

/** Builds an image with the local Docker and pushes it to a registry, from where nodes pull it by digest. */
export function pushImage(
  image: BuiltImage,
  { registry, platforms, credentials }: RegistryTarget,
  options: pulumi.CustomResourceOptions,
): DeliveredImage {
  const built = buildImage(
    image,
    {
      tag: `${registry}/${image.repository}:${image.tag}`,
      platforms,
      push: true,
      ...(credentials === undefined
        ? {}
        : { registries: [{ address: registry.split('/')[0] ?? registry, ...credentials }] }),
    },
    // Others may have pushed the same image; deleting it would take it from them.
    { ...options, retainOnDelete: true },
  );
  return { reference: built.ref, resource: built };
}
