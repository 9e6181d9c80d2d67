import { NotSupportedError } from '../core/errors';
import { namespaceOf } from '../core/kube/inventory';
import type { JobSpec } from '../core/kube/kinds/job';
import type { Workload } from '../core/kube/kinds/pod';
import { refOf, refText } from '../core/kube/object';
import type { Kubelet } from './kubelet';
import { suffix } from './names';
import type { PodStart } from './pod-start';
import { VirtualPod } from './virtual-pod';
import type { World } from './world';

const DEFAULT_BACKOFF_LIMIT = 6;
/** From a pod's failure to the next pod; doubled by every failure, up to the longest. */
const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 600_000;
const SECOND_MS = 1000;

/**
 * One Job and the controller that brings it to its end (`pkg/controller/job`): pods one after the other until one
 * succeeds, too many have failed, or the Job has taken too long.
 */
export class JobRun {
  private pods: readonly VirtualPod[] = [];
  private failures = 0;
  private finished = false;

  /**
   * @param maker whose pods they are: the Job, or the CronJob that it is made from
   * @param name of the Job
   * @throws NotSupportedError for a Job of more than one pod at a time, or in all, and one with a failure policy
   */
  constructor(
    private readonly maker: Workload,
    private readonly spec: JobSpec,
    private readonly name: string,
    private readonly context: {
      readonly world: World;
      readonly kubelet: Kubelet;
      readonly podStart: PodStart;
    },
  ) {
    const { parallelism = 1, completions = 1, podFailurePolicy } = spec;
    const owner = refText(refOf(maker));
    if (parallelism !== 1 || completions !== 1) {
      throw new NotSupportedError(`${owner} with ${parallelism} pods at a time and ${completions} in all`);
    }
    if (podFailurePolicy) throw new NotSupportedError(`${owner} with a podFailurePolicy`);
  }

  start(): void {
    const { world, podStart } = this.context;
    const { activeDeadlineSeconds } = this.spec;
    const refusal = podStart.refusal(this.maker, `${this.name}-`);
    if (refusal !== undefined) {
      world.journal.state('pods', refOf(this.maker), `${this.name} create`, [`no pod is made: ${refusal}`]);
      this.event('FailedCreate', `Error creating: ${refusal}`, 'Warning');
      return;
    }
    this.make();
    if (activeDeadlineSeconds === undefined) return;
    world.clock.after(activeDeadlineSeconds * SECOND_MS, () =>
      this.fail('DeadlineExceeded', 'Job was active longer than specified deadline'),
    );
  }

  /** To be called after a pod changed. */
  notice(pod: VirtualPod): void {
    if (this.finished || this.pods.at(-1) !== pod) return;
    if (pod.outcome === 'Succeeded') this.finish('Completed', 'Job completed', 'Normal');
    else if (pod.outcome === 'Failed') this.podFailed();
    else if (pod.restarts > 0 && pod.restarts >= this.backoffLimit) this.reachLimit();
  }

  private get backoffLimit(): number {
    return this.spec.backoffLimit ?? DEFAULT_BACKOFF_LIMIT;
  }

  private podFailed(): void {
    this.failures++;
    if (this.failures > this.backoffLimit) {
      this.reachLimit();
      return;
    }
    const backOff = Math.min(FIRST_BACK_OFF_MS * 2 ** (this.failures - 1), LONGEST_BACK_OFF_MS);
    this.context.world.clock.after(backOff, () => {
      if (!this.finished) this.make();
    });
  }

  private reachLimit(): void {
    this.fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }

  private fail(reason: string, message: string): void {
    if (this.finished) return;
    this.context.world.journal.state('pods', refOf(this.maker), `${this.name} end`, [
      `Job ${this.name} failed: ${message}`,
    ]);
    this.finish(reason, message, 'Warning');
    // Those that still run; the pod that brought this about is told of first.
    this.context.world.clock.after(0, () => this.discard(this.pods.filter(({ outcome }) => !outcome)));
  }

  private finish(reason: string, message: string, type: 'Normal' | 'Warning'): void {
    this.finished = true;
    this.event(reason, message, type);
    const { ttlSecondsAfterFinished } = this.spec;
    if (ttlSecondsAfterFinished === undefined) return;
    this.context.world.clock.after(ttlSecondsAfterFinished * SECOND_MS, () => this.discard(this.pods));
  }

  private discard(pods: readonly VirtualPod[]): void {
    for (const pod of pods) if (!pod.deleting) this.context.kubelet.delete(pod);
  }

  private make(): void {
    const { world, kubelet } = this.context;
    const id = suffix(`${namespaceOf(this.maker)}/${this.name} ${this.pods.length}`, 5);
    const owner = { kind: 'Job', name: this.name };
    const pod = new VirtualPod(
      this.maker,
      `${this.name}-${id}`,
      world.pods.nextNumber(),
      world.clock.now,
      owner,
    );
    this.pods = [...this.pods, pod];
    this.event('SuccessfulCreate', `Created pod: ${pod.name}`, 'Normal');
    world.pods.add(pod);
    kubelet.begin(pod);
  }

  private event(reason: string, message: string, type: 'Normal' | 'Warning'): void {
    const object = `Job ${namespaceOf(this.maker)}/${this.name}`;
    this.context.world.journal.event('job-controller', object, reason, message, type);
  }
}
