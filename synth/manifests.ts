import { Yaml } from 'cdk8s';
import type { SourcedObject, StackObjects } from '../core/model';
import { textFile, type GeneratedFile, type GeneratedFiles } from './generated-file';
import { NO_LOCK, pinned, type ImageLock } from './image-lock';

/** Where a stack's own manifests lie: what cdk8s-cli writes, and nothing else. */
export const MANIFESTS_FOLDER = 'manifests';

/** `00-namespaces.yaml`: sorting by name is the order of installation. */
export function manifestName(index: number, stage: string): string {
  return `${String(index).padStart(2, '0')}-${stage}.yaml`;
}

/**
 * One YAML file per stage that has objects, at `STACK/NN-STAGE.yaml` below the folder of manifests.
 * @param lock digests of images that get them
 */
export function manifestFiles(
  stackName: string,
  { stages }: StackObjects,
  lock: ImageLock = NO_LOCK,
): GeneratedFiles {
  return new Map(
    stages.flatMap(({ stage, objects }, index): [string, GeneratedFile][] =>
      objects.length > 0
        ? [[`${stackName}/${manifestName(index, stage)}`, textFile(yamlOf(objects, lock))]]
        : [],
    ),
  );
}

/** Multi-document YAML in the form cdk8s writes, without anchors for parts that objects share. */
export function yamlOf(objects: readonly SourcedObject[], lock: ImageLock = NO_LOCK): string {
  const plain = objects.map(({ object }) => pinned(JSON.parse(JSON.stringify(object)), lock));
  return Yaml.stringify(...plain);
}
