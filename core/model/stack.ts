import type { Chart } from 'cdk8s';
import type { z } from 'zod';
import type { KubeObject } from '../kube/object';
import type { ClusterDescriptor } from './cluster';
import type { Scenario } from './scenario';

/** JSON values, as Helm takes them. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Context key of a stage's construct tree that holds the CNI of the cluster, so that policies fit it. */
export const CNI_CONTEXT = 'plimsoll.dev/cni';

/** Something that `install.sh` waits for after a stage is applied. */
export type ReadyCondition =
  | { readonly kind: 'CustomResourceDefinition'; readonly name: string }
  | { readonly kind: 'APIService'; readonly name: string }
  | {
      readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
      readonly namespace: string;
      readonly name: string;
    };

/** One step of a stack's installation: a chart that a function fills. Stages are applied in order. */
export interface Stage {
  /** Short, unique and a DNS label; part of the file name. */
  readonly name: string;
  /** What it brings, in a few words; `install.sh` prints it. */
  readonly summary: string;
  fill(chart: Chart): void;
  /** Waited for before the next stage is applied; rollouts of the stage's own workloads are added by the writer. */
  readonly readyWhen?: readonly ReadyCondition[];
}

/** Something installed by a Helm chart rather than by this project's own objects. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  /** Chart name inside the repository. */
  readonly chart: string;
  /** `https://…` of a chart repository, or `oci://…`. */
  readonly repository: string;
  readonly version: string;
  readonly values: { readonly [key: string]: Json };
  /** Objects that the chart creates and the chain depends on. Read by checks and rehearsal, never applied. */
  readonly provides: readonly KubeObject[];
  /** Installed before this stage is applied. */
  readonly before: string;
  readonly readyWhen?: readonly ReadyCondition[];
}

/** An image the stack runs. */
export interface StackImage {
  /** What it is for: `adapter`, `backend`. */
  readonly name: string;
  /** Full reference as manifests use it. */
  readonly reference: string;
  /** Folder of this project that holds its Dockerfile; absent for images that are pulled. */
  readonly build?: string;
}

/** A whole environment, described once. Everything but the stages is plain data. */
export interface Stack {
  readonly name: string;
  readonly summary: string;
  readonly cluster: ClusterDescriptor;
  /** Objects that the cluster brings along and the chain depends on, such as its DNS. Read, never applied. */
  readonly provided?: readonly KubeObject[];
  readonly releases: readonly HelmRelease[];
  readonly stages: readonly Stage[];
  readonly images: readonly StackImage[];
  readonly scenario: Scenario;
  /** Services that `forward.sh` makes reachable on the user's machine. */
  readonly forwards: readonly ServiceForward[];
}

/** One `kubectl port-forward`. */
export interface ServiceForward {
  readonly title: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly localPort: number;
}

/**
 * A stack that can be chosen on the command line. `options` is a flat zod object: every key has a default and a
 * description, so that `--set KEY=VALUE` can be typed, validated and listed.
 */
export interface StackDefinition<Options extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  readonly options: Options;
  define(options: z.infer<Options>): Stack;
}
