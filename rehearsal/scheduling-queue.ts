import type { Fargate } from './fargate';
import type { Scheduler, Unschedulable } from './scheduler';
import type { VirtualNode, VirtualPod } from './virtual-pod';
import type { World } from './world';

const SCHEDULER = 'default-scheduler';
const FARGATE_SCHEDULER = 'fargate-scheduler';

/** What becomes of pods once it is decided. */
export interface Decisions {
  /** A pod has a node. */
  bound(pod: VirtualPod): void;
  /** A pod has to go. */
  evict(pod: VirtualPod): void;
}

/** A pod and the node that it was made for, if it was made for one. */
type Pending = Map<VirtualPod, VirtualNode | undefined>;

/**
 * Pods without a node. They are tried in the order of their priorities, then of their age, and again whenever another
 * pod is gone; the back-off between attempts is not modelled.
 */
export class SchedulingQueue {
  /** To be tried at this very moment. */
  private readonly due: Pending = new Map();
  /** Fit on no node. */
  private readonly waiting: Pending = new Map();
  /** What was said last about a pod. */
  private readonly said = new WeakMap<VirtualPod, string>();

  constructor(
    private readonly world: World,
    private readonly scheduler: Scheduler,
    private readonly fargate: Fargate,
    private readonly decisions: Decisions,
  ) {}

  add(pod: VirtualPod, only: VirtualNode | undefined): void {
    if (!only && this.fargate.takes(pod)) this.addToFargate(pod);
    else this.try(pod, only);
  }

  /** Takes notice that a pod is gone. */
  remove(pod: VirtualPod): void {
    this.waiting.delete(pod);
    this.due.delete(pod);
    this.scheduler.release(pod);
    this.fargate.release(pod);
    this.report(pod, undefined);
    for (const [other, only] of this.waiting) this.try(other, only);
  }

  /** Once everything else that happens at this moment has happened. */
  private try(pod: VirtualPod, only: VirtualNode | undefined): void {
    const { clock } = this.world;
    if (this.due.size === 0) clock.at(clock.now, () => this.drain());
    this.due.set(pod, only);
  }

  private drain(): void {
    const { scheduler } = this;
    const pods = [...this.due]
      .map(([pod, only]) => ({ pod, only, priority: scheduler.priorityOf(pod).value }))
      .sort((a, b) => b.priority - a.priority || a.pod.number - b.pod.number);
    this.due.clear();
    for (const { pod, only } of pods) {
      this.waiting.delete(pod);
      if (pod.deleting) continue;
      const outcome = scheduler.bind(pod, only);
      this.report(pod, outcome?.message);
      if (outcome) this.wait(pod, only, outcome);
      else this.decisions.bound(pod);
    }
  }

  private wait(pod: VirtualPod, only: VirtualNode | undefined, { preempts }: Unschedulable): void {
    this.waiting.set(pod, only);
    if (!preempts) return;
    for (const victim of preempts.victims.filter(({ deleting }) => !deleting)) {
      // The scheduler names the pod by its UID.
      const message = `Preempted by pod ${pod.namespace}/${pod.name} on node ${preempts.node.name}`;
      this.world.journal.event(SCHEDULER, podText(victim), 'Preempted', message, 'Normal');
      victim.preempted = true;
      this.decisions.evict(victim);
    }
  }

  /** Every pod gets a node of its own, which takes its time to appear. */
  private addToFargate(pod: VirtualPod): void {
    const { clock } = this.world;
    const refusal = this.fargate.refusal(pod);
    this.report(pod, refusal, FARGATE_SCHEDULER);
    if (refusal !== undefined) return;
    clock.after(this.fargate.podStartMs, () => {
      if (pod.deleting) return;
      this.fargate.bind(pod, clock.now);
      this.decisions.bound(pod);
    });
  }

  private report(pod: VirtualPod, refusal: string | undefined, scheduler = SCHEDULER): void {
    const { journal } = this.world;
    const messages = refusal === undefined ? [] : [`a pod cannot be scheduled: ${refusal}`];
    journal.state('pods', pod.owner, `${pod.name} scheduling`, messages);
    if (refusal === undefined || this.said.get(pod) === refusal) return;
    this.said.set(pod, refusal);
    journal.event(scheduler, podText(pod), 'FailedScheduling', refusal, 'Warning');
  }
}

function podText({ namespace, name }: VirtualPod): string {
  return `Pod ${namespace}/${name}`;
}
