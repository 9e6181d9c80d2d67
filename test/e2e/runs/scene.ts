import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../core/errors';
import type { KubeObject } from '../../../core/kube/object';
import type { StackObjects } from '../../../core/model';
import type { RealCluster } from '../cluster/cluster';
import type { HubbleStandIn } from '../hubble/stand-in';
import type { Recorder } from '../recorder';
import { requireCondition } from './conditions';

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
    /** What sees the requests to pods, in clusters with Cilium. */
    private readonly hubble?: HubbleStandIn,
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

  /** Starts a suspended CronJob by hand. @param cronJob `namespace/name` */
  async startJob(cronJob: string): Promise<void> {
    const [namespace = '', name = ''] = cronJob.split('/');
    await this.cluster.kubectl.run('create', 'job', name, `--from=cronjob/${name}`, '-n', namespace);
  }

  /**
   * Waits for the first request to a workload that Cilium sees.
   * @param workload `namespace/name`
   * @returns its moment on the recorder's clock
   */
  async firstRequest(workload: string): Promise<number> {
    const { hubble, recorder } = this;
    if (!hubble) throw new Error(`requests to ${workload} are not seen: the cluster has no Cilium`);
    await this.until(`a request to ${workload}`, () =>
      Promise.resolve(hubble.firstSeenMs(workload) !== undefined),
    );
    return recorder.elapsedMs - (performance.now() - (hubble.firstSeenMs(workload) ?? 0));
  }

  /** Waits until the controller knows an autoscaler's metrics. @param autoscaler `namespace/name` */
  async metricsKnown(autoscaler: string): Promise<void> {
    const [namespace = '', name = ''] = autoscaler.split('/');
    const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`;
    await this.until(`the metrics of ${autoscaler}`, async () => {
      requireCondition(await this.cluster.client.get(path), 'ScalingActive');
      return true;
    });
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
