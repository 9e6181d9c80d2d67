import { Yaml } from 'cdk8s';
import type { SourcedObject, StackObjects } from '../core/model';
import { textFile, type GeneratedFile, type GeneratedFiles } from './generated-file';

/** Where a stack's own manifests lie: what cdk8s-cli writes, and nothing else. */
export const MANIFESTS_FOLDER = 'manifests';

/** `00-namespaces.yaml`: sorting by name is the order of installation. */
export function manifestName(index: number, stage: string): string {
  return `${String(index).padStart(2, '0')}-${stage}.yaml`;
}

/** One YAML file per stage that has objects, at `STACK/NN-STAGE.yaml` below the folder of manifests. */
export function manifestFiles(stackName: string, { stages }: StackObjects): GeneratedFiles {
  return new Map(
    stages.flatMap(({ stage, objects }, index): [string, GeneratedFile][] =>
      objects.length > 0 ? [[`${stackName}/${manifestName(index, stage)}`, textFile(yamlOf(objects))]] : [],
    ),
  );
}

/** Multi-document YAML in the form cdk8s writes, without anchors for parts that objects share. */
export function yamlOf(objects: readonly SourcedObject[]): string {
  const plain = objects.map(({ object }) => JSON.parse(JSON.stringify(object)) as unknown);
  return Yaml.stringify(...plain);
}
