import type * as pulumi from '@pulumi/pulumi';
import type { BuiltImage, DeliveredImage } from '../image-target';
import { shellCommand } from '../shell-command';
import { buildImage } from './build-image';

/**
 * Gives an image a second tag that names its content, as a node does not fetch a tag again that it has, and loads it.
 * The cluster's own command gets the reference in IMAGE.
 */
const LOAD = (load: string): string => `need docker 'https://docs.docker.com/engine/install/'
id="$(docker image inspect --format '{{.Id}}' "$BUILT" 2>&1)" || {
  printf '%s is not among the images of docker, where it was built: is DOCKER_HOST or the context of docker another one now? "pulumi up --replace" with the URN of the image builds it again. docker says: %s\\n' "$BUILT" "$id" >&2
  exit 1
}
id="\${id#sha256:}"
IMAGE="$BUILT-\${id:0:12}"
docker tag "$BUILT" "$IMAGE"
${load} >&2
printf '%s' "$IMAGE"`;

/** The tag only; an image goes with its last one. */
const UNTAG = `docker image rm "$PULUMI_COMMAND_STDOUT" >&2 || true`;

/** How images get into the nodes of a cluster on this machine. */
export interface ImageLoading {
  /** A command of bash that loads `$IMAGE` into the cluster `$CLUSTER`. */
  readonly load: string;
  readonly cluster: string;
  /** The resource of the cluster: with a new one, images are loaded anew. */
  readonly clusterResource: pulumi.CustomResource;
}

/** Builds an image with the local Docker and loads it into the nodes. */
export function loadImage(
  image: BuiltImage,
  { load, cluster, clusterResource }: ImageLoading,
  options: pulumi.CustomResourceOptions,
): DeliveredImage {
  const tag = `${image.repository}:${image.tag}`;
  const built = buildImage(image, { tag, platforms: [], push: false }, options);
  const loaded = shellCommand(
    `images/${image.name}/load`,
    {
      create: LOAD(load),
      update: LOAD(load),
      delete: UNTAG,
      environment: { BUILT: tag, CLUSTER: cluster },
      triggers: [built.contextHash, built.digest, clusterResource.id],
    },
    { ...options, dependsOn: [built, clusterResource] },
  );
  return { reference: loaded.stdout, resource: loaded };
}
