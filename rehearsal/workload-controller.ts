import { namespaceOf } from '../core/kube/inventory';
import type { Workload } from '../core/kube/kinds/pod';
import { refText } from '../core/kube/object';
import type { Kubelet } from './kubelet';
import { suffix } from './names';
import type { PodStart } from './pod-start';
import type { Scheduler } from './scheduler';
import { VirtualPod, type VirtualNode } from './virtual-pod';
import type { World } from './world';

/** Makes and deletes the pods of one workload. */
export class WorkloadController {
  /** Those that are not being deleted, in the order they were made. */
  private pods: readonly VirtualPod[] = [];
  /** The nodes that a DaemonSet made its pods for. */
  private readonly madeFor = new WeakMap<VirtualPod, VirtualNode>();
  private desired: number;
  /** Name of the ReplicaSet that a Deployment makes its pods through. */
  private readonly replicaSet: string;
  /** Why the API server takes no pod of it; undefined if it does. */
  private readonly refusal: string | undefined;
  private suspended = false;
  private made = 0;
  private refused = false;

  constructor(
    readonly workload: Workload,
    private readonly context: {
      readonly world: World;
      readonly kubelet: Kubelet;
      readonly scheduler: Scheduler;
      readonly podStart: PodStart;
    },
  ) {
    const { name } = workload.metadata;
    this.desired = workload.spec.replicas ?? 1;
    this.replicaSet = `${name}-${suffix(`${namespaceOf(workload)}/${name}`, 10)}`;
    this.refusal = context.podStart.refusal(workload, this.samplePodName);
  }

  /** `spec.replicas` of its scale. */
  get specReplicas(): number {
    return this.desired;
  }

  /** `status.replicas` of its scale. */
  get statusReplicas(): number {
    return this.pods.length;
  }

  get readyReplicas(): number {
    return this.pods.filter(({ ready }) => ready).length;
  }

  scale(replicas: number): void {
    const { journal } = this.context.world;
    if (this.workload.kind === 'Deployment' && replicas !== this.desired) {
      const direction = replicas > this.desired ? 'up' : 'down';
      journal.event(
        'deployment-controller',
        refText(this.ref),
        'ScalingReplicaSet',
        `Scaled ${direction} replica set ${this.replicaSet} from ${this.desired} to ${replicas}`,
        'Normal',
      );
    }
    this.desired = replicas;
    this.reconcile();
  }

  /** Deletes all pods and makes none until `resume`. */
  suspend(): void {
    this.suspended = true;
    this.discard(this.pods);
  }

  resume(): void {
    this.suspended = false;
    this.reconcile();
  }

  /** Makes what is missing and deletes what is too much. */
  reconcile(): void {
    if (this.suspended) return;
    const { kind } = this.workload;
    if (this.refusal !== undefined) this.reportRefusal(this.refusal);
    else if (kind === 'DaemonSet') this.fillNodes();
    else if (kind === 'StatefulSet') this.fillOrdinals();
    else this.fillCount();
  }

  private reportRefusal(refusal: string): void {
    if (this.desired === 0 || this.refused) return;
    this.refused = true;
    const { journal } = this.context.world;
    journal.state('pods', this.ref, 'create', [`no pod is made: ${refusal}`]);
    const message = `Error creating: ${refusal}`;
    journal.event('controller-manager', refText(this.ref), 'FailedCreate', message, 'Warning');
  }

  /** To be told of every change of a pod of its own. */
  notice(pod: VirtualPod): void {
    const { kind } = this.workload;
    const lost = pod.deleting && this.pods.includes(pod);
    if (lost) this.pods = this.pods.filter((other) => other !== pod);
    // A name that is used again, and a node, have to be free first; a ReplicaSet makes another pod at once.
    if (kind === 'StatefulSet') this.reconcile();
    else if (kind === 'DaemonSet' ? pod.gone : lost && kind !== 'Pod') this.reconcile();
  }

  private get ref() {
    const { apiVersion, kind, metadata } = this.workload;
    return { apiVersion, kind, namespace: namespaceOf(this.workload), name: metadata.name };
  }

  private fillCount(): void {
    while (this.pods.length < this.desired) this.make(this.podName());
    if (this.pods.length > this.desired) this.remove(this.pods.length - this.desired);
  }

  /** One pod at a time, each when the one before it is ready and the last of its name is gone. */
  private fillOrdinals(): void {
    const { name } = this.workload.metadata;
    const surplus = this.pods.filter((pod) => ordinalOf(pod) >= this.desired);
    const [highest] = surplus.sort((a, b) => ordinalOf(b) - ordinalOf(a));
    if (highest) this.discard([highest]);
    const { pods } = this.context.world;
    for (let ordinal = 0; ordinal < this.desired; ordinal++) {
      const podName = `${name}-${ordinal}`;
      const own = this.pods.find((pod) => pod.name === podName);
      if (own?.ready) continue;
      if (!own && !pods.find(namespaceOf(this.workload), podName)) this.make(podName);
      return;
    }
  }

  private fillNodes(): void {
    if (!this.context.world.cluster.daemonSets) return;
    const served = new Set(this.pods.map((pod) => this.madeFor.get(pod)));
    for (const node of this.context.scheduler.nodes) {
      if (!served.has(node))
        this.make(`${this.workload.metadata.name}-${suffix(`${node.name} ${this.made}`, 5)}`, node);
    }
  }

  private get podOwner(): VirtualPod['controller'] {
    const { kind, metadata } = this.workload;
    if (kind === 'Pod') return undefined;
    return kind === 'Deployment'
      ? { kind: 'ReplicaSet', name: this.replicaSet }
      : { kind, name: metadata.name };
  }

  /** A pod's name as far as the workload alone decides it. */
  private get samplePodName(): string {
    const { kind, metadata } = this.workload;
    if (kind === 'Pod') return metadata.name;
    if (kind === 'StatefulSet') return `${metadata.name}-0`;
    return `${kind === 'Deployment' ? this.replicaSet : metadata.name}-`;
  }

  private podName(): string {
    const { kind, metadata } = this.workload;
    if (kind === 'Pod') return metadata.name;
    const owner = kind === 'Deployment' ? this.replicaSet : metadata.name;
    return `${owner}-${suffix(`${namespaceOf(this.workload)}/${owner} ${this.made}`, 5)}`;
  }

  private make(name: string, node?: VirtualNode): void {
    const { world, kubelet } = this.context;
    this.made++;
    const pod = new VirtualPod(this.workload, name, world.pods.nextNumber(), world.clock.now, this.podOwner);
    this.pods = [...this.pods, pod];
    if (node) this.madeFor.set(pod, node);
    world.pods.add(pod);
    kubelet.begin(pod, node);
  }

  /** In the order of the ReplicaSet controller: not scheduled, not ready, crowded on a node, youngest. */
  private remove(count: number): void {
    const perNode = new Map<VirtualNode | undefined, number>();
    const ranked = this.pods.map((pod) => {
      const rank = perNode.get(pod.node) ?? 0;
      perNode.set(pod.node, rank + 1);
      return { pod, rank };
    });
    ranked.sort(
      (a, b) =>
        Number(a.pod.node !== undefined) - Number(b.pod.node !== undefined) ||
        Number(a.pod.ready) - Number(b.pod.ready) ||
        b.rank - a.rank ||
        b.pod.readySinceMs - a.pod.readySinceMs ||
        b.pod.number - a.pod.number,
    );
    this.discard(ranked.slice(0, count).map(({ pod }) => pod));
  }

  private discard(pods: readonly VirtualPod[]): void {
    this.pods = this.pods.filter((pod) => !pods.includes(pod));
    for (const pod of pods) this.context.kubelet.delete(pod);
  }
}

function ordinalOf({ name }: VirtualPod): number {
  return Number(name.slice(name.lastIndexOf('-') + 1));
}
