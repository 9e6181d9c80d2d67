import { namespaceOf } from '../core/kube/inventory';
import type { Workload } from '../core/kube/kinds/pod';
import type { Kubelet } from './kubelet';
import type { PodStart } from './pod-start';
import type { Scheduler } from './scheduler';
import { WorkloadController } from './workload-controller';
import type { World } from './world';

/** The controllers of all workloads. */
export class Controllers {
  private readonly byKey = new Map<string, WorkloadController>();
  private readonly byWorkload = new Map<Workload, WorkloadController>();

  constructor(
    private readonly world: World,
    private readonly kubelet: Kubelet,
    private readonly scheduler: Scheduler,
    private readonly podStart: PodStart,
  ) {
    world.pods.onChange((pod) => this.byWorkload.get(pod.workload)?.notice(pod));
  }

  /** Takes a workload on; its pods are made when it is reconciled. */
  add(workload: Workload): WorkloadController {
    const { world, kubelet, scheduler, podStart } = this;
    const controller = new WorkloadController(workload, { world, kubelet, scheduler, podStart });
    this.byKey.set(keyOf(workload.kind, namespaceOf(workload), workload.metadata.name), controller);
    this.byWorkload.set(workload, controller);
    return controller;
  }

  find(kind: string, namespace: string, name: string): WorkloadController | undefined {
    return this.byKey.get(keyOf(kind, namespace, name));
  }

  /** Whatever workload has that name. */
  named(namespace: string, name: string): readonly WorkloadController[] {
    return this.all().filter(
      ({ workload }) => workload.metadata.name === name && namespaceOf(workload) === namespace,
    );
  }

  of(workload: Workload): WorkloadController | undefined {
    return this.byWorkload.get(workload);
  }

  all(): readonly WorkloadController[] {
    return [...this.byKey.values()];
  }
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}
