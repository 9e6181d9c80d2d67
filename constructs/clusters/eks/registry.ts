import * as ecr from '@pulumi/aws/ecr';
import type * as dockerBuild from '@pulumi/docker-build';
import * as pulumi from '@pulumi/pulumi';
import { buildImage } from '../images/build-image';
import { pushImage } from '../images/push-image';
import type { BuiltImage, ImageTarget } from '../image-target';
import type { Place } from './place';

/** Days after which ECR forgets an image that lost its tag to a newer one. */
const UNTAGGED_DAYS = 14;

/** From where the nodes pull images. */
export interface Registry extends ImageTarget {
  /** URLs of the repositories that were made, by the names of the images. */
  readonly repositories: Readonly<Record<string, pulumi.Output<string>>>;
}

/** A registry that is there. Images go to it with the credentials of `docker login`. */
export function existingRegistry(
  { aws }: Place,
  registry: string,
  platforms: readonly dockerBuild.types.enums.Platform[],
): Registry {
  return {
    repositories: {},
    deliver: (image) => pushImage(image, { registry, platforms }, { parent: aws.parent }),
  };
}

/** A repository of ECR for each image, named after the cluster; they go with the stack, whatever is in them. */
export function newRegistry(
  place: Place,
  images: readonly BuiltImage[],
  platforms: readonly dockerBuild.types.enums.Platform[],
): Registry {
  const { aws } = place;
  const repositories = new Map(images.map((image) => [image.name, repositoryOf(place, image)]));
  return {
    repositories: Object.fromEntries(
      [...repositories].map(([name, { repositoryUrl }]) => [name, repositoryUrl]),
    ),
    deliver(image) {
      const repository = repositories.get(image.name);
      if (!repository) throw new Error(`no repository for image ${image.name} was made`);
      const resource = buildImage(
        image,
        {
          tag: pulumi.interpolate`${repository.repositoryUrl}:${image.tag}`,
          platforms,
          registries: [credentials(place, repository)],
          push: true,
        },
        { parent: aws.parent },
      );
      return { reference: resource.ref, resource };
    },
  };
}

/** Tags can be taken over: the version of an image stays while its sources change. Pods name digests. */
function repositoryOf({ name: cluster, aws }: Place, { name, repository }: BuiltImage): ecr.Repository {
  const made = new ecr.Repository(
    `${cluster}-${name}`,
    {
      name: `${cluster}/${repository}`,
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: true,
    },
    aws,
  );
  const untagged = {
    rulePriority: 1,
    description: `untagged images go after ${UNTAGGED_DAYS} days`,
    selection: {
      tagStatus: 'untagged',
      countType: 'sinceImagePushed',
      countUnit: 'days',
      countNumber: UNTAGGED_DAYS,
    },
    action: { type: 'expire' },
  };
  new ecr.LifecyclePolicy(
    `${cluster}-${name}`,
    { repository: made.name, policy: JSON.stringify({ rules: [untagged] }) },
    aws,
  );
  return made;
}

/** A token of twelve hours, of whoever runs Pulumi. */
function credentials({ aws }: Place, { registryId, repositoryUrl }: ecr.Repository) {
  const token = ecr.getAuthorizationTokenOutput({ registryId }, aws);
  return {
    address: repositoryUrl,
    username: token.userName,
    password: pulumi.secret(token.password),
  };
}
