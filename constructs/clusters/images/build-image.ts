import * as dockerBuild from '@pulumi/docker-build';
import type * as pulumi from '@pulumi/pulumi';
import type { BuiltImage } from '../image-target';

/** How and where to an image is built. */
export interface ImageBuild {
  /** The reference it gets: `HOST/plimsoll/adapter:0.1.0`. */
  readonly tag: pulumi.Input<string>;
  /** Platforms of the nodes; none for that of the builder. */
  readonly platforms: readonly dockerBuild.types.enums.Platform[];
  /** Credentials, besides those of the user's `docker login`. */
  readonly registries?: pulumi.Input<pulumi.Input<dockerBuild.types.input.RegistryArgs>[]>;
  /** Whether it goes to the registry of its tag, or into the image store of the local Docker. */
  readonly push: boolean;
}

/**
 * Builds an image of this project with BuildKit: `ref` is its reference by digest once it is pushed.
 *
 * Nothing is built in a preview.
 */
export function buildImage(
  { name, context, dockerfile, arguments: buildArgs }: BuiltImage,
  { tag, platforms, registries, push }: ImageBuild,
  options: pulumi.CustomResourceOptions,
): dockerBuild.Image {
  return new dockerBuild.Image(
    `images/${name}`,
    {
      tags: [tag],
      context: { location: context },
      dockerfile: { location: `${context}/${dockerfile}` },
      buildArgs: { ...buildArgs },
      platforms: [...platforms],
      ...(registries === undefined ? {} : { registries }),
      push,
      // Without it the result would stay in the builder's cache.
      ...(push ? {} : { load: true }),
      buildOnPreview: false,
    },
    options,
  );
}
