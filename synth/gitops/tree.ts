import { UsageError } from '../../core/errors';
import type { Stack, StackObjects } from '../../core/model';
import { textFile, type GeneratedFile, type GeneratedFiles } from '../generated-file';
import { NO_LOCK, type ImageLock } from '../image-lock';
import { appliedObjects } from './applied-objects';
import { chartObjects } from './helm';
import { ignoredBy, suspendedStages, withoutReleases } from './left-out';
import {
  committedReferences,
  followedImages,
  imageObjects,
  setterOf,
  type FollowedImage,
} from './image-policies';
import { kustomizationOf } from './kustomizations';
import { ownFolder, type GitOpsOptions } from './options';
import { stepsOf, type Step } from './steps';
import { sourceOf, syncObjects } from './sync';
import { yamlFile, type Substitution } from './yaml';

/** What the files need to know besides the stack. */
interface TreeInput {
  readonly options: GitOpsOptions;
  /** Digests of images that manifests name. Default: none. */
  readonly lock?: ImageLock;
  /** The stack's own files as they are in the repository, by their path in its folder. Default: none. */
  readonly current?: ReadonlyMap<string, string>;
}

/**
 * The tree of a stack. `kustomization.yaml` lists what the root applies: the Kustomizations of the stages, what they
 * are read from, and the policies of images. The root finds that file by itself, and because of it looks no further into
 * the folder; what is below `stages/` and `charts/` is applied by those Kustomizations alone, in their order.
 *
 * @returns the files, by their path in the stack's own folder
 * @throws UsageError for a stage, object, release or image that the stack does not have
 */
export function gitOpsTree(
  definition: Stack,
  objects: StackObjects,
  { options, lock = NO_LOCK, current = new Map<string, string>() }: TreeInput,
): GeneratedFiles {
  const stack = withoutReleases(options.existingReleases, definition);
  const folder = ownFolder(options);
  const source = sourceOf(stack.name, options);
  if (options.images !== undefined && source.kind !== 'GitRepository') {
    throw new UsageError(
      '--image-policies: Flux commits newer images to Git, not to an OCI registry; leave out --oci-url',
    );
  }
  const isIgnored = ignoredBy(options.ignore, stack.name, objects);
  const suspended = suspendedStages(options.suspend, stack.name, objects);
  const images = options.images === undefined ? [] : followedImages(stack, options.images);
  const steps = stepsOf(stack, objects, isIgnored);
  const kustomizations = steps.map((step) => kustomizationOf(step, { stack, source, folder, suspended }));
  const top: Files = [
    ...(options.sync === undefined
      ? []
      : [yaml('sync.yaml', syncObjects(stack.name, options.path, options.sync))]),
    yaml('stages.yaml', kustomizations),
    ...(images.length > 0
      ? [yaml('images.yaml', imageObjects({ stack: stack.name, source, path: `${folder}/stages` }, images))]
      : []),
  ];
  const substitutions = substitutionsOf(images, current);
  const unfollowed = new Map([...lock].filter(([reference]) => !substitutions.has(reference)));
  const manifests = steps.flatMap((step) =>
    stepFiles(step, stack.name, (stage) =>
      yamlFile(appliedObjects(stage, { isIgnored, lock: unfollowed }), substitutions),
    ),
  );
  return new Map([...withList('', top), ...manifests]);
}

type Files = (readonly [path: string, file: GeneratedFile])[];

function yaml(path: string, objects: readonly unknown[]): Files[number] {
  return [path, textFile(yamlFile(objects))];
}

/** The same files, and the `kustomization.yaml` that lists them. */
function withList(folder: string, files: Files): Files {
  const resources = files.map(([path]) => path);
  const list = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
  return [yaml('kustomization.yaml', [list]), ...files].map(([path, file]) => [`${folder}${path}`, file]);
}

function stepFiles(
  step: Step,
  stack: string,
  manifestOf: (objects: Extract<Step, { kind: 'stage' }>['objects']) => string,
): Files {
  return withList(
    `${step.folder}/`,
    step.kind === 'stage'
      ? [['objects.yaml', textFile(manifestOf(step.objects))]]
      : [...chartObjects(stack, step)].map(([name, chart]) => yaml(`${name}.yaml`, chart)),
  );
}

function substitutionsOf(
  images: readonly FollowedImage[],
  current: ReadonlyMap<string, string>,
): ReadonlyMap<string, Substitution> {
  const committed = committedReferences(images, current.values());
  return new Map(
    images.map((image) => [
      image.reference,
      { text: committed.get(image.reference) ?? image.reference, comment: setterOf(image) },
    ]),
  );
}
