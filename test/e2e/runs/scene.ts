import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../core/errors';
import type { KubeObject } from '../../../core/kube/object';
import type { StackObjects } from '../../../core/model';
import type { RealCluster } from '../cluster/cluster';
import type { Recorder } from '../recorder';

const POLL_MS = 250;

/** One line a check: whether something that a run tried came out as it should. */
export interface Outcome {
  readonly name: string;
  readonly met: boolean;
  readonly detail: string;
}

/** What a run works with. */
export class Scene {
  constructor(
    readonly cluster: RealCluster,
    /** As they are applied. */
    readonly stack: StackObjects,
    readonly recorder: Recorder,
    /** Tells people how far it is. */
    readonly say: (text: string) => void,
  ) {}

  get objects(): readonly KubeObject[] {
    return this.stack.stages.flatMap(({ objects }) => objects.map(({ object }) => object));
  }

  /** Applies a stage that was left for later. */
  async applyStage(name: string): Promise<void> {
    const found = this.stack.stages.find(({ stage }) => stage === name);
    if (!found) throw new Error(`the stack has no stage ${name}`);
    await this.cluster.kubectl.apply(
      name,
      found.objects.map(({ object }) => object),
    );
  }

  /** @param workload `namespace/name` */
  async rolledOut(kind: string, workload: string): Promise<void> {
    const [namespace = '', name = ''] = workload.split('/');
    await this.cluster.kubectl.rolledOut(kind, namespace, name);
  }

  /**
   * Waits until something holds.
   * @param check true once it does; an error counts as not yet
   * @returns how long it took
   * @throws Error naming what was waited for and the last answer
   */
  async until(what: string, check: () => Promise<boolean>, timeoutMs = 120_000): Promise<number> {
    const began = performance.now();
    let last = 'not yet';
    while (performance.now() - began < timeoutMs) {
      try {
        if (await check()) return performance.now() - began;
      } catch (error) {
        last = messageOf(error);
      }
      await sleep(POLL_MS);
    }
    throw new Error(`waited ${timeoutMs / 1000} s for ${what}: ${last}`);
  }
}
