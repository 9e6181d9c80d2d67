import type { Input, Output, Resource } from '@pulumi/pulumi';
import type { ClusterDescriptor } from '../../core/model';
import type { BuiltImage, ImageTarget } from './image-target';

/** A cluster that objects can be put into, whoever made it. */
export interface RunningCluster {
  /** Content of a kubeconfig, or the path of one, with the right to change everything a stack has; a secret. */
  readonly kubeconfig: Output<string>;
  /** Its context; absent for the one that it says is current. */
  readonly context?: string;
  /**
   * What makes it this cluster and no other; known in a preview unless the cluster is new. While it stays, objects stay,
   * whatever becomes of the kubeconfig: without it the provider would have to take an unknown kubeconfig for another
   * cluster, and replace everything.
   */
  readonly identity: Input<string>;
  /** What must be there before anything is put into the cluster: its nodes, Fargate profiles, add-ons. */
  readonly ready: readonly Resource[];
  /** How its nodes come by the images that the project builds. */
  readonly images: ImageTarget;
  /** Command of a shell by which kubectl gets a context for it. */
  readonly connect: Input<string>;
  /** What else a person needs to know of it: outputs of the Pulumi stack, by their names. */
  readonly outputs: Readonly<Record<string, Input<unknown>>>;
  /** The resource whose deletion takes everything in the cluster with it; absent where the cluster stays. */
  readonly goesWith?: Resource;
}

/** What a cluster is made from. */
export interface ClusterInput<Settings> {
  /** What the cluster is; its name, version and nodes are made as it says. */
  readonly cluster: ClusterDescriptor;
  /** What only whoever makes it has to know, as the configuration has it. */
  readonly settings: Settings;
  /** Images that will be built for it. */
  readonly images: readonly BuiltImage[];
  /** `HOST[:PORT][/PATH]` of a registry that is there; empty for one of the cluster's own. */
  readonly registry: string;
  /** On everything that can have tags. */
  readonly tags: Readonly<Record<string, string>>;
}
