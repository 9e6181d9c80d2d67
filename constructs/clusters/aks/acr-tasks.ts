import * as pulumi from '@pulumi/pulumi';
import type { BuiltImage, DeliveredImage } from '../image-target';
import { shellCommand } from '../shell-command';
import { AZ_READY, azSubscription } from './az';
import { contextDigest } from './context-digest';
import type { Place } from './place';
import type { ImageRegistry } from './registry';

/**
 * Sends the build context to Azure, which builds and pushes; prints the digest alone. The Dockerfile is named from where
 * az is called. az of a registry with ABAC has to be told to build with the rights of whoever calls.
 */
const BUILD = `${AZ_READY}
cd "$CONTEXT"
words=()
while IFS= read -r argument; do
  [ -z "$argument" ] || words+=(--build-arg "$argument")
done <<<"$BUILD_ARGUMENTS"
[ -z "$SOURCE_AUTH" ] || words+=(--source-acr-auth-id "$SOURCE_AUTH")
az acr build --registry "$REGISTRY" ${azSubscription} --image "$IMAGE" --file "$DOCKERFILE" \\
  --platform "$PLATFORM" \${words[@]+"\${words[@]}"} --output none . >&2
digest="$(az acr repository show --name "$REGISTRY" ${azSubscription} --image "$IMAGE" --query digest --output tsv)"
case "$digest" in
  sha256:*) printf '%s' "$digest" ;;
  *)
    printf 'registry %s has no digest of %s: "az acr repository show" says "%s"\\n' "$REGISTRY" "$IMAGE" "$digest" >&2
    exit 1
    ;;
esac`;

/** How Azure builds. */
export interface AcrBuild {
  readonly registry: ImageRegistry;
  /** Name of the registry's resource. */
  readonly acr: pulumi.Input<string>;
  readonly platform: string;
}

/**
 * Builds an image in Azure, without Docker on this machine. It is built again when a file of its context changes that
 * .dockerignore leaves in, when its Dockerfile does, or a build argument.
 */
export function buildInAzure(
  { azure, subscriptionId }: Place,
  { name, repository, tag, context, dockerfile, arguments: buildArguments }: BuiltImage,
  { registry, acr, platform }: AcrBuild,
): DeliveredImage {
  const built = shellCommand(
    `images/${name}`,
    {
      create: BUILD,
      update: BUILD,
      environment: {
        REGISTRY: acr,
        SUBSCRIPTION: subscriptionId ?? '',
        IMAGE: `${registry.prefix}${repository}:${tag}`,
        CONTEXT: context,
        DOCKERFILE: dockerfile,
        PLATFORM: platform,
        BUILD_ARGUMENTS: Object.entries(buildArguments)
          .map(([key, value]) => `${key}=${value}`)
          .join('\n'),
        SOURCE_AUTH: registry.pullRole === 'AcrPull' ? '' : '[caller]',
      },
      triggers: [acr, contextDigest(context, dockerfile)],
    },
    { parent: azure.parent },
  );
  return {
    reference: pulumi.interpolate`${registry.address}/${repository}@${built.stdout}`,
    resource: built,
  };
}
