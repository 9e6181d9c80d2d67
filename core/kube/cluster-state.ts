import type { PodSpec } from './kinds/pod';
import type { Labels } from './selector';

/** What a program that watches nodes and pods knows: of the API's objects, the fields that are read. */
export interface ClusterState {
  readonly nodes: readonly NodeState[];
  readonly pods: readonly PodState[];
}

/** A `v1.Node`. */
export interface NodeState {
  readonly name: string;
  /** Quantities by resource name, `status.capacity`. */
  readonly capacity: Readonly<Record<string, string>>;
  /** Quantities by resource name, `status.allocatable`. */
  readonly allocatable: Readonly<Record<string, string>>;
  /** `spec.unschedulable`: it takes no new pods. */
  readonly unschedulable: boolean;
}

/** A `v1.Pod`. */
export interface PodState {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** `spec.nodeName`, once it is scheduled. */
  readonly node: string | undefined;
  readonly spec: PodSpec;
}
