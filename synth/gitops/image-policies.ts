import { didYouMean } from '../../core/did-you-mean';
import { UsageError } from '../../core/errors';
import { parseImage, registryOf } from '../../core/kube/image';
import type { Stack, StackImage } from '../../core/model';
import {
  INTERVAL,
  labelsOf,
  metadataOf,
  providerOfRegistry,
  type ImagePolicy,
  type ImageRepository,
  type ImageUpdateAutomation,
  type SourceReference,
} from './flux-objects';
import { FLUX_NAMESPACE, type ImageOptions } from './options';

/** Who the commits are from. The address is one that nobody can have (RFC 2606). */
const AUTHOR = { name: 'Flux', email: 'flux@flux-system.invalid' };
/** How often commits are made, if there is something to commit. */
const COMMIT_INTERVAL = '30m';
const VERSION = /^v?(\d+)\.(\d+)\.(\d+)$/;

/** An image whose newer versions Flux looks for. */
export interface FollowedImage {
  /** Of the ImagePolicy, and of the ImageRepository. */
  readonly name: string;
  /** As the stack's manifests have it. */
  readonly reference: string;
  /** Versions that are wanted, as github.com/Masterminds/semver reads them. */
  readonly range: string;
}

/**
 * The images of the project's own, with the versions that are wanted.
 * @throws UsageError for an image that is in no registry, for one whose tag is no version, and for ranges of others
 */
export function followedImages({ name: stack, images }: Stack, { ranges }: ImageOptions): FollowedImage[] {
  const built = images.filter(({ build }) => build !== undefined);
  const names = built.map(({ name }) => name);
  for (const name of ranges.keys()) {
    if (names.includes(name)) continue;
    throw new UsageError(
      `--image-range ${name}: stack ${stack} builds no such image: there is ${names.join(', ')}${didYouMean(name, names)}`,
    );
  }
  built.forEach((image) => refuseLocal(stack, image));
  return built.map((image) => ({
    name: `${stack}-${image.name}`,
    reference: image.reference,
    range: ranges.get(image.name) ?? patchesOf(image),
  }));
}

/** Docker Hub would be asked for an image that was loaded into the nodes, and may have somebody else's of that name. */
function refuseLocal(stack: string, { reference }: StackImage): void {
  if (registryOf(reference) !== undefined) return;
  throw new UsageError(
    `--image-policies: image ${reference} of stack ${stack} is in no registry that Flux could look into; ` +
      'where the stack has an option registry, name one: --set registry=HOST[:PORT][/PATH]',
  );
}

function patchesOf({ name, reference }: StackImage): string {
  const { tag = '' } = parseImage(reference);
  if (VERSION.test(tag)) return `~${tag}`;
  throw new UsageError(
    `--image-policies: the tag of ${reference} is no version such as 1.2.3: say which are wanted with ` +
      `--image-range ${name}=RANGE`,
  );
}

/** What scans registries, chooses, and commits. */
export function imageObjects(
  {
    stack,
    source,
    path,
  }: { readonly stack: string; readonly source: SourceReference; readonly path: string },
  images: readonly FollowedImage[],
): readonly (ImageRepository | ImagePolicy | ImageUpdateAutomation)[] {
  return [
    ...images.flatMap((image) => [repositoryOf(stack, image), policyOf(stack, image)]),
    automationOf(stack, source.name, path),
  ];
}

function repositoryOf(stack: string, { name, reference }: FollowedImage): ImageRepository {
  return {
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImageRepository',
    metadata: metadataOf(stack, name),
    spec: {
      image: parseImage(reference).repository,
      interval: INTERVAL,
      provider: providerOfRegistry(registryOf(reference)),
    },
  };
}

function policyOf(stack: string, { name, range }: FollowedImage): ImagePolicy {
  return {
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImagePolicy',
    metadata: metadataOf(stack, name),
    spec: { imageRepositoryRef: { name }, policy: { semver: { range } } },
  };
}

/** It commits to the branch that the source follows. */
function automationOf(stack: string, source: string, path: string): ImageUpdateAutomation {
  return {
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImageUpdateAutomation',
    metadata: metadataOf(stack, stack),
    spec: {
      interval: COMMIT_INTERVAL,
      sourceRef: { kind: 'GitRepository', name: source },
      git: { commit: { author: AUTHOR, messageTemplate: `Newer images of the stack ${stack}` } },
      // There may be policies of others in the namespace.
      policySelector: { matchLabels: labelsOf(stack) },
      update: { path: `./${path}`, strategy: 'Setters' },
    },
  };
}

/** The comment by which Flux finds the place of an image. */
export function setterOf({ name }: FollowedImage): string {
  return `{"$imagepolicy": "${FLUX_NAMESPACE}:${name}"}`;
}

const MARKED = /^[ -]*image: (\S+) # \{"\$imagepolicy": "([\w-]+):([\w.-]+)"\}$/gm;

/**
 * The references that Flux committed since, by those of the stack: an image whose repository is the same and whose
 * version is newer is kept. Whoever writes the tree again takes back nothing.
 * @param texts manifests as they are in the repository
 */
export function committedReferences(
  images: readonly FollowedImage[],
  texts: Iterable<string>,
): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const text of texts) {
    for (const [, reference = '', namespace, policy] of text.matchAll(MARKED)) {
      const image = images.find(({ name }) => namespace === FLUX_NAMESPACE && name === policy);
      if (image === undefined || !sameRepository(image.reference, reference)) continue;
      if (isNewer(reference, newest.get(image.reference) ?? image.reference)) {
        newest.set(image.reference, reference);
      }
    }
  }
  return newest;
}

function sameRepository(a: string, b: string): boolean {
  return parseImage(a).repository === parseImage(b).repository;
}

/** Whether both tags are versions and the first is the higher one. */
function isNewer(reference: string, than: string): boolean {
  const [version, other] = [reference, than].map((text) => VERSION.exec(parseImage(text).tag ?? ''));
  if (!version || !other) return false;
  const differences = [1, 2, 3].map((part) => Number(version[part]) - Number(other[part]));
  return (differences.find((difference) => difference !== 0) ?? 0) > 0;
}
