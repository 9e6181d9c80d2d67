import type { KubeObject } from '../kube/object';

/** Where an object came from, for messages. */
export interface Origin {
  /** Stage of the stack that holds it. */
  readonly stage?: string | undefined;
  /** cdk8s construct path, e.g. `workload/backend-1/Deployment`. */
  readonly constructPath?: string | undefined;
  /** Helm release that installs it; such an object is read by checks and rehearsal, never applied. */
  readonly release?: string | undefined;
  /** Set if the cluster brings it along, such as its DNS; read and never applied either. */
  readonly cluster?: true | undefined;
  /** File it was read from. */
  readonly file?: string | undefined;
}

/** A Kubernetes object and where it came from. */
export interface SourcedObject {
  readonly object: KubeObject;
  readonly origin: Origin;
}

/** Objects of one stage, in the order they were declared. */
export interface StageObjects {
  readonly stage: string;
  readonly objects: readonly SourcedObject[];
}

/** A synthesized stack: where types end and plain objects begin. */
export interface StackObjects {
  readonly stages: readonly StageObjects[];
  /** What Helm releases bring that the chain depends on. */
  readonly provided: readonly SourcedObject[];
}

/** Whether somebody else installs an object, so that nobody who applies a stack can write it otherwise. */
export function isProvided({ release, cluster }: Origin): boolean {
  return release !== undefined || cluster === true;
}

/** All objects in order, those of the releases first: they are there before the stages are applied. */
export function allObjects(stack: StackObjects): readonly SourcedObject[] {
  return [...stack.provided, ...stack.stages.flatMap((stage) => stage.objects)];
}
