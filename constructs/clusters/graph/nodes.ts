import { refOf, refText, type ObjectRef } from '../../../core/kube/object';
import type { HelmRelease, SourcedObject, StackObjects } from '../../../core/model';

/** A Helm release, and the API groups whose kinds it brings. */
export interface ReleaseWithKinds {
  readonly release: HelmRelease;
  /** Names of its CustomResourceDefinitions, `prometheuses.monitoring.coreos.com`. */
  readonly definitions: readonly string[];
}

/** What is put into a cluster: the objects of a stack by its stages, and the releases between them. */
export interface ClusterContents {
  readonly stages: StackObjects['stages'];
  readonly releases: readonly ReleaseWithKinds[];
}

interface PlacedNode {
  /** Its logical name: stable as long as the construct stays where it is. */
  readonly name: string;
  /** Position of its stage; a release has that of the stage it precedes. */
  readonly stage: number;
}

/** An object of a stack, as a node of the graph. */
export interface ObjectNode extends PlacedNode {
  readonly kind: 'object';
  readonly sourced: SourcedObject;
}

/** A Helm release, as a node of the graph. */
export interface ReleaseNode extends PlacedNode {
  readonly kind: 'release';
  readonly source: ReleaseWithKinds;
}

export type GraphNode = ObjectNode | ReleaseNode;

/** The nodes of a graph in the order of the stages, releases before the stage that they precede. */
export function nodesOf({ stages, releases }: ClusterContents): GraphNode[] {
  return stages.flatMap(({ stage, objects }, index): GraphNode[] => [
    ...releases
      .filter(({ release }) => release.before === stage)
      .map((source): ReleaseNode => ({
        kind: 'release',
        name: `releases/${source.release.name}`,
        stage: index,
        source,
      })),
    ...objects.map((sourced): ObjectNode => ({
      kind: 'object',
      name: logicalName(stage, sourced),
      stage: index,
      sourced,
    })),
  ]);
}

/** The construct's path; an object without one is named by what it is. */
function logicalName(stage: string, { object, origin }: SourcedObject): string {
  if (origin.constructPath !== undefined) return origin.constructPath;
  const { kind, namespace, name } = refOf(object);
  return [stage, kind, ...(namespace === undefined ? [] : [namespace]), name].join('/');
}

/** What a node is called in an error. */
export function nodeText(node: GraphNode): string {
  return node.kind === 'object' ? refText(referenceOf(node)) : `release ${node.source.release.name}`;
}

/** The identity of an object's node. */
function referenceOf({ sourced }: ObjectNode): ObjectRef {
  return refOf(sourced.object);
}
