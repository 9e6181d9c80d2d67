import { parseGoDuration } from '../core/kube/duration';
import { servingContainers } from '../core/kube/endpoints';
import type { Container, Workload } from '../core/kube/kinds/pod';
import { cpuLimitOf, programFor, usageOf, type Program } from '../core/workloads';
import type { ClusterWatch } from './cluster-watch';
import type { PodBeginning } from './phases';
import type { PodStart } from './pod-start';
import { containerLife, type ContainerLife } from './probes';
import { ProgramRun } from './program-run';
import type { Fargate } from './fargate';
import type { Scheduler } from './scheduler';
import { SchedulingQueue } from './scheduling-queue';
import type { VirtualNode, VirtualPod } from './virtual-pod';
import type { World } from './world';

const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;

interface Part {
  readonly container: Container;
  readonly program: Program;
}

/** Takes pods through their lives: scheduled, started, ready, restarted, gone. */
export class Kubelet {
  private readonly parts = new Map<Workload, readonly Part[]>();
  private readonly queue: SchedulingQueue;
  /** How many pods of each workload were put onto a node until now. */
  private readonly accepted = new Map<string, number>();
  private readonly delays: {
    readonly scheduling: number;
    readonly start: number;
    readonly termination: number;
  };

  constructor(
    private readonly world: World,
    scheduler: Scheduler,
    fargate: Fargate,
    private readonly podStart: PodStart,
    private readonly watch: ClusterWatch,
  ) {
    this.queue = new SchedulingQueue(world, scheduler, fargate, {
      bound: (pod) => this.accept(pod),
      evict: (pod) => this.delete(pod),
    });
    const { scheduling, start, termination } = world.scenario.pods;
    this.delays = {
      scheduling: parseGoDuration(scheduling),
      start: parseGoDuration(start),
      termination: parseGoDuration(termination),
    };
  }

  /**
   * The programs of a workload's containers.
   * @throws UsageError if one of the images is not known
   */
  partsOf(workload: Workload): readonly Part[] {
    let parts = this.parts.get(workload);
    if (!parts) {
      const { inventory, scenario } = this.world;
      parts = servingContainers(workload.spec.template.spec).map((container) => ({
        container,
        program: programFor({ workload, container, inventory }, scenario.programs),
      }));
      this.parts.set(workload, parts);
    }
    return parts;
  }

  /** @param only the node that the pod was made for, if it was made for one */
  begin(pod: VirtualPod, only?: VirtualNode): void {
    this.world.clock.after(this.delays.scheduling, () => {
      if (!pod.deleting) this.queue.add(pod, only);
    });
  }

  delete(pod: VirtualPod): void {
    const { clock, pods } = this.world;
    pod.deleting = true;
    pod.setReady(false, clock.now);
    pods.changed(pod);
    clock.after(this.delays.termination, () => {
      pod.runs = [];
      this.queue.remove(pod);
      pods.remove(pod);
      this.reportUnready(pod, undefined);
      this.reportStart(pod, []);
    });
  }

  /** Takes on a pod that has a node. */
  private accept(pod: VirtualPod): void {
    const { clock, pods } = this.world;
    const { startMs = this.delays.start, readyMs } = this.beginningOf(pod);
    if (this.waits(pod)) return;
    pods.changed(pod);
    const readyAtMs = readyMs === undefined ? undefined : clock.now + readyMs;
    clock.after(startMs, () => this.start(pod, readyAtMs));
  }

  /** What is known of how a pod began that was just put onto a node. */
  private beginningOf({ namespace, workload }: VirtualPod): Partial<PodBeginning> {
    const name = `${namespace}/${workload.metadata.name}`;
    const count = this.accepted.get(name) ?? 0;
    this.accepted.set(name, count + 1);
    return this.world.phases.pods?.[name]?.[count] ?? {};
  }

  /** Whether something that the pod refers to is missing, for which the kubelet waits. */
  private waits(pod: VirtualPod): boolean {
    const failures = this.podStart.failuresOf(pod.workload);
    if (failures.length === 0) return false;
    const { journal, pods } = this.world;
    // Volumes come before the sandbox, and that before the address.
    if (failures.some(({ reason }) => reason === 'FailedMount')) pod.ip = undefined;
    for (const { reason, message } of failures) {
      journal.event('kubelet', `Pod ${pod.namespace}/${pod.name}`, reason, message, 'Warning');
    }
    this.reportStart(
      pod,
      failures.map(({ message }) => `a pod does not start: ${message}`),
    );
    pods.changed(pod);
    return true;
  }

  private reportStart(pod: VirtualPod, messages: readonly string[]): void {
    this.world.journal.state('pods', pod.owner, `${pod.name} start`, messages);
  }

  /** @param readyAtMs when it becomes ready, if that is known */
  private start(pod: VirtualPod, readyAtMs?: number): void {
    if (pod.deleting) return;
    const { clock, pods } = this.world;
    pod.startedMs = clock.now;
    const lives = this.partsOf(pod.workload).map(({ container, program }) => {
      const run = new ProgramRun(program, clock.now, {
        name: container.name,
        view: program.gauges && this.watch.viewFrom(pod),
        usage: usageOf(pod.workload, container, program, this.world.scenario.usage),
        cpuLimit: cpuLimitOf(container),
      });
      const life = containerLife(container, run);
      for (const traffic of life.traffic) run.addProbe(traffic);
      return { run, life, container };
    });
    const runs = lives.map(({ run }) => run);
    pod.runs = runs;
    pods.changed(pod);
    const known = readyAtMs === undefined ? {} : { readyAtMs: Math.max(readyAtMs, clock.now) };
    this.planReadiness(
      pod,
      runs,
      lives.map(({ life }) => ({ ...life, ...known })),
    );
    for (const { run, life, container } of lives) this.planEnd(pod, run, life, restartPolicy(pod, container));
  }

  private planReadiness(pod: VirtualPod, runs: VirtualPod['runs'], lives: readonly ContainerLife[]): void {
    const { clock, pods } = this.world;
    // A program that begins to answer after its pod is ready changes what becomes of requests.
    const moments = new Set([...runs.map(({ answersFromMs }) => answersFromMs)]);
    const never = lives.find(({ readyAtMs }) => readyAtMs === undefined);
    const readyAt = Math.max(...lives.map(({ readyAtMs }) => readyAtMs ?? 0));
    if (!never) moments.add(readyAt);
    this.reportUnready(pod, never?.unready);
    for (const moment of moments) {
      clock.at(moment, () => {
        if (runs.some((run) => !pod.runs.includes(run)) || pod.deleting) return;
        if (!never && clock.now >= readyAt) pod.setReady(true, clock.now);
        pods.changed(pod);
      });
    }
  }

  private reportUnready(pod: VirtualPod, probe: string | undefined): void {
    const message = `a pod does not become ready: its ${probe} does not succeed`;
    this.world.journal.state(
      'pods',
      pod.owner,
      `${pod.name} readiness`,
      probe === undefined ? [] : [message],
    );
  }

  private planEnd(pod: VirtualPod, run: ProgramRun, life: ContainerLife, policy: RestartPolicy): void {
    const { clock } = this.world;
    run.onEnd = (succeeded) =>
      this.containerEnded(pod, run, policy, {
        succeeded,
        reason: succeeded ? 'Completed' : 'Failed',
        message: succeeded ? 'the program ended' : 'the program failed',
      });
    const { endsAfterMs } = run.program;
    const endsAt = endsAfterMs === undefined ? Number.POSITIVE_INFINITY : run.startedMs + endsAfterMs;
    const { killedAtMs = Number.POSITIVE_INFINITY, failing } = life;
    if (killedAtMs < endsAt) {
      const end = { succeeded: false, reason: 'Unhealthy', message: `${failing} failed` };
      clock.at(killedAtMs, () => this.containerEnded(pod, run, policy, end));
    } else if (endsAt < Number.POSITIVE_INFINITY) {
      clock.at(endsAt, () => run.onEnd(true));
    }
  }

  private containerEnded(pod: VirtualPod, run: ProgramRun, policy: RestartPolicy, end: ContainerEnd): void {
    if (!pod.runs.includes(run) || pod.deleting) return;
    const { succeeded, reason, message } = end;
    const restarts = policy === 'Always' || (policy === 'OnFailure' && !succeeded);
    this.world.journal.event(
      'kubelet',
      `Pod ${pod.namespace}/${pod.name}`,
      reason,
      restarts ? `${message}, the container is restarted` : message,
      restarts || !succeeded ? 'Warning' : 'Normal',
    );
    if (restarts) this.restart(pod);
    else this.stop(pod, run, succeeded);
  }

  private restart(pod: VirtualPod): void {
    const { clock, pods } = this.world;
    const backOff = Math.min(FIRST_BACK_OFF_MS * 2 ** pod.restarts, LONGEST_BACK_OFF_MS);
    pod.runs = [];
    pod.startedMs = undefined;
    pod.restarts++;
    pod.setReady(false, clock.now);
    pods.changed(pod);
    clock.after(backOff, () => this.start(pod));
  }

  /** Lets a container be; its pod has ended once all are but the sidecars. */
  private stop(pod: VirtualPod, run: ProgramRun, succeeded: boolean): void {
    const { clock, pods } = this.world;
    pod.runs = pod.runs.filter((other) => other !== run);
    pod.containersFailed ||= !succeeded;
    pod.setReady(false, clock.now);
    const { containers } = pod.spec;
    const programs = this.partsOf(pod.workload)
      .filter(({ container }) => containers.includes(container))
      .map(({ program }) => program);
    const hasEnded = !pod.runs.some(({ program }) => programs.includes(program));
    if (hasEnded) {
      pod.outcome = pod.containersFailed ? 'Failed' : 'Succeeded';
      pod.runs = [];
      this.queue.remove(pod);
      this.reportUnready(pod, undefined);
    }
    pods.changed(pod);
  }
}

type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** How a container came to its end. */
interface ContainerEnd {
  readonly succeeded: boolean;
  readonly reason: string;
  readonly message: string;
}

/** A sidecar is restarted whatever its pod says. */
function restartPolicy({ spec }: VirtualPod, container: Container): RestartPolicy {
  const policy = container.restartPolicy ?? spec.restartPolicy;
  return policy === 'OnFailure' || policy === 'Never' ? policy : 'Always';
}
