import { jobLabels } from '../core/chain';
import { podLabels } from '../core/kube/endpoints';
import { namespaceOf } from '../core/kube/inventory';
import type { PodSpec, Workload } from '../core/kube/kinds/pod';
import { refOf, type ObjectRef } from '../core/kube/object';
import type { Labels } from '../core/kube/selector';
import type { IncomingRequest } from '../core/workloads';
import type { ProgramRun } from './program-run';

/** A node of the virtual cluster. */
export interface VirtualNode {
  readonly name: string;
  readonly ip: string;
  readonly role: 'control-plane' | 'worker' | 'fargate';
  /** What pods may take of it: quantities, and how many pods. */
  readonly allocatable: { readonly cpu: string; readonly memory: string; readonly pods: number };
}

/** A pod of the virtual cluster. Whoever changes it tells `Pods`. */
export class VirtualPod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly spec: PodSpec;
  /** Set when the pod is scheduled. */
  node: VirtualNode | undefined;
  ip: string | undefined;
  /** When it was scheduled, which is when the kubelet takes it on (`status.startTime`). */
  boundMs: number | undefined;
  /** Set once the scheduler takes it away for another pod. */
  preempted = false;
  /** When its containers started, if they run. */
  startedMs: number | undefined;
  ready = false;
  /** When `ready` last changed. */
  readySinceMs: number;
  /** Set from the moment the pod is deleted. */
  deleting = false;
  /** Set when nothing of it is left. */
  gone = false;
  /** Set when its containers have ended for good. */
  outcome: 'Succeeded' | 'Failed' | undefined;
  restarts = 0;
  /** Whether one of its containers has ended with a failure, not to be restarted. */
  containersFailed = false;
  /** What its containers run, while they do. */
  runs: readonly ProgramRun[] = [];

  /** @param number of all pods of the rehearsal, in the order they were made */
  constructor(
    readonly workload: Workload,
    readonly name: string,
    readonly number: number,
    readonly createdMs: number,
    /** The object that made it, which for a Deployment is a ReplicaSet. */
    readonly controller: { readonly kind: string; readonly name: string } | undefined,
  ) {
    this.namespace = namespaceOf(workload);
    this.labels = {
      ...podLabels(workload),
      ...(controller?.kind === 'Job' ? jobLabels(controller.name) : {}),
    };
    this.spec = workload.spec.template.spec;
    this.readySinceMs = createdMs;
  }

  get ref(): ObjectRef {
    return { apiVersion: 'v1', kind: 'Pod', namespace: this.namespace, name: this.name };
  }

  get owner(): ObjectRef {
    return refOf(this.workload);
  }

  /** Whether its containers run. */
  get running(): boolean {
    return this.runs.length > 0;
  }

  /** `status.phase`. */
  get phase(): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
    return this.outcome ?? (this.running || this.restarts > 0 ? 'Running' : 'Pending');
  }

  bind(node: VirtualNode, ip: string, nowMs: number): void {
    this.node = node;
    this.ip = ip;
    this.boundMs = nowMs;
    this.readySinceMs = nowMs;
  }

  setReady(ready: boolean, nowMs: number): void {
    if (this.ready !== ready) this.readySinceMs = nowMs;
    this.ready = ready;
  }

  /** The program that answers a request on a port at a time, if any does. */
  answering(port: number, request: IncomingRequest, nowMs: number): ProgramRun | undefined {
    return this.runs.find(
      (run) => run.answersFromMs <= nowMs && run.program.status(port, request) !== undefined,
    );
  }
}
