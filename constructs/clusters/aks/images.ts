import * as pulumi from '@pulumi/pulumi';
import type { BuiltImage, DeliveredImage, ImageTarget } from '../image-target';
import { buildImage } from '../images/build-image';
import { buildInAzure } from './acr-tasks';
import { acrToken } from './acr-token';
import { parseVmSize } from './node-size';
import type { Place } from './place';
import type { ImageRegistry } from './registry';
import type { AksSettings } from './settings';

/** Brings images into the registry, from where nodes pull them by digest. */
export function imagesIn(place: Place, registry: ImageRegistry, settings: AksSettings): ImageTarget {
  const platform = settings.imagePlatform ?? parseVmSize(settings.vmSize)?.platform ?? 'linux/amd64';
  const { acr } = registry;
  if (settings.imageBuilds === 'acr-tasks' && acr !== undefined) {
    return { deliver: (image) => buildInAzure(place, image, { registry, acr, platform }) };
  }
  let token: ReturnType<typeof acrToken> | undefined;
  return {
    deliver(image) {
      if (acr !== undefined) token ??= acrToken(place, acr);
      return pushed(place, image, { registry, platform, token });
    },
  };
}

/** Built by Docker on this machine. */
function pushed(
  { azure }: Place,
  image: BuiltImage,
  {
    registry: { address, own },
    platform,
    token,
  }: {
    readonly registry: ImageRegistry;
    readonly platform: 'linux/amd64' | 'linux/arm64';
    readonly token: ReturnType<typeof acrToken> | undefined;
  },
): DeliveredImage {
  const host = pulumi.output(address).apply((text) => text.split('/')[0] ?? text);
  const built = buildImage(
    image,
    {
      tag: pulumi.interpolate`${address}/${image.repository}:${image.tag}`,
      platforms: [platform],
      push: true,
      ...(token === undefined ? {} : { registries: [{ address: host, ...token }] }),
    },
    {
      parent: azure.parent,
      // Its token is out of date by the time it is deleted: it goes with its own registry, and stays in another.
      ...(own ? { deletedWith: own } : { retainOnDelete: true }),
    },
  );
  return { reference: built.ref, resource: built };
}
