import { UsageError } from '../core/errors';
import { parseGoDuration } from '../core/kube/duration';
import { namespaceOf } from '../core/kube/inventory';
import type { JobSpec } from '../core/kube/kinds/job';
import type { Workload } from '../core/kube/kinds/pod';
import { refOf, refText } from '../core/kube/object';
import { JobRun } from './job-run';
import type { Kubelet } from './kubelet';
import type { PodStart } from './pod-start';
import type { World } from './world';

interface Maker {
  readonly workload: Workload;
  readonly spec: JobSpec;
}

/** Jobs among the objects, and those that the scenario makes from CronJobs. */
export class Jobs {
  private readonly jobs: Maker[] = [];
  private readonly cronJobs = new Map<string, Maker>();
  private readonly active: JobRun[] = [];
  /** How many Jobs were planned of each CronJob. */
  private readonly planned = new Map<string, number>();

  constructor(
    private readonly context: {
      readonly world: World;
      readonly kubelet: Kubelet;
      readonly podStart: PodStart;
    },
  ) {
    context.world.pods.onChange((pod) => {
      if (pod.controller?.kind === 'Job') for (const run of this.active) run.notice(pod);
    });
  }

  /** Whether it makes its pods by way of a Job. */
  static makes({ kind }: Workload): boolean {
    return kind === 'Job' || kind === 'CronJob';
  }

  /** Takes on a Job or CronJob of the objects, in the form of a workload. */
  add(workload: Workload): void {
    const { inventory, journal } = this.context.world;
    const text = refText(refOf(workload));
    const job = inventory.jobs.find((object) => refText(refOf(object)) === text);
    if (job) this.jobs.push({ workload, spec: job.spec });
    const cronJob = inventory.cronJobs.find((object) => refText(refOf(object)) === text);
    if (!cronJob) return;
    this.cronJobs.set(nameOf(workload), { workload, spec: cronJob.spec.jobTemplate.spec });
    if (cronJob.spec.suspend) return;
    const message = 'its schedule is not modelled: only the runs of the scenario make Jobs of it';
    journal.state('pods', refOf(workload), 'schedule', [message]);
  }

  get workloads(): readonly Workload[] {
    return [...this.jobs, ...this.cronJobs.values()].map(({ workload }) => workload);
  }

  /**
   * Starts the Jobs, and plans those of the scenario.
   * @throws UsageError if the scenario runs a CronJob that is not among the objects
   * @throws NotSupportedError if a Job that is started is not modelled
   */
  start(): void {
    const { scenario } = this.context.world;
    for (const { workload, spec } of this.jobs) {
      if (!spec.suspend) this.launch(new JobRun(workload, spec, workload.metadata.name, this.context));
    }
    for (const run of scenario.runs) this.planRun(run);
  }

  private planRun({ cronJob, at }: World['scenario']['runs'][number]): void {
    const maker = this.cronJobs.get(cronJob);
    if (!maker) {
      const known = [...this.cronJobs.keys()].join(', ') || 'none';
      throw new UsageError(`run of ${cronJob}: there is no CronJob of that name; there is: ${known}`);
    }
    const { world } = this.context;
    const { workload, spec } = maker;
    const count = (this.planned.get(cronJob) ?? 0) + 1;
    this.planned.set(cronJob, count);
    const name = `${workload.metadata.name}-${count}`;
    const run = new JobRun(workload, spec, name, this.context);
    world.clock.at(parseGoDuration(at), () => {
      const message = `Job ${name} is made from it`;
      world.journal.event('scenario', refText(refOf(workload)), 'JobCreated', message, 'Normal');
      this.launch(run);
    });
  }

  private launch(run: JobRun): void {
    this.active.push(run);
    run.start();
  }
}

function nameOf(workload: Workload): string {
  return `${namespaceOf(workload)}/${workload.metadata.name}`;
}
