import { messageOf } from '../../core/errors';
import type { Sample } from '../../core/workloads/program';
import { WORKER_METRICS } from '../../core/workloads/worker';
import type { WorkerConfig } from '../../core/workloads/worker-config';
import type { Logger } from '../runtime';
import type { Checkpoints } from './checkpoints';
import { Crew } from './crew';
import { beginning, Plan, type Progress } from './progress';
import { Usage, type UsageNow } from './usage';

/** What a job is made with. */
export interface JobProps {
  readonly config: WorkerConfig;
  readonly first: number;
  /** Absent: progress is lost with the process. */
  readonly checkpoints: Checkpoints | undefined;
  /** Script of the threads, compiled. */
  readonly script: string;
  readonly logger: Logger;
}

/** What a job tells of itself. */
export interface JobStatus {
  readonly progress: Progress;
  /** Chunks since the process began. */
  readonly chunks: number;
  readonly checkpoints: number;
  readonly threads: number;
  readonly usage: UsageNow;
  readonly millicores: number;
}

/** Works from where the newest checkpoint is, and writes one now and then. */
export class Job {
  private readonly usage = new Usage();
  private readonly crew: Crew;
  private readonly saving: NodeJS.Timeout;
  private readonly begun: Progress;
  private saved: Progress;
  private checkpoints = 0;

  private constructor(
    private readonly props: JobProps,
    private readonly plan: Plan,
  ) {
    const { config, script, logger } = props;
    this.begun = this.saved = plan.progress;
    this.crew = new Crew(script, config.millicores, {
      take: () => plan.take(),
      complete: ({ chunk, tally }) => plan.complete(chunk, tally),
    });
    this.saving = setInterval(() => {
      this.usage.measure();
      this.save().catch((error: unknown) =>
        logger.error('no checkpoint was written', { reason: messageOf(error) }),
      );
    }, config.checkpointPeriodMs);
  }

  /** @throws UsageError if checkpoints cannot be kept */
  static async start(props: JobProps): Promise<Job> {
    const { checkpoints, first, config, logger } = props;
    const found = (await checkpoints?.read()) ?? { nothing: 'CHECKPOINT_DIR is not set' };
    // Numbers are what a name stands for: of another first number, the checkpoint is somebody else's.
    if ('progress' in found && found.progress.first === first) {
      logger.info('resuming', { next: found.progress.next, chunks: found.progress.chunks });
      return new Job(props, new Plan(found.progress, config.chunkSize));
    }
    logger.info('beginning', {
      first,
      reason: 'nothing' in found ? found.nothing : 'it is of other numbers',
    });
    return new Job(props, new Plan(beginning(first), config.chunkSize));
  }

  get status(): JobStatus {
    const { progress } = this.plan;
    return {
      progress,
      chunks: progress.chunks - this.begun.chunks,
      checkpoints: this.checkpoints,
      threads: this.crew.size,
      usage: this.usage.now,
      millicores: this.props.config.millicores,
    };
  }

  /** What the process counted since it began. */
  get samples(): readonly Sample[] {
    const { chunks, checkpoints, cpu, steps } = WORKER_METRICS.series;
    const { status } = this;
    return [
      { name: chunks.name, labels: {}, value: status.chunks },
      { name: checkpoints.name, labels: {}, value: status.checkpoints },
      { name: cpu.name, labels: {}, value: status.usage.cpuSeconds },
      { name: steps.name, labels: {}, value: status.progress.steps - this.begun.steps },
    ];
  }

  /** Gives the CPU back, and writes a last checkpoint. @throws if that cannot be written */
  async stop(): Promise<void> {
    clearInterval(this.saving);
    await this.crew.stop();
    await this.save();
    const { progress } = this.plan;
    this.props.logger.info('stopped working', { next: progress.next, chunks: progress.chunks });
  }

  private async save(): Promise<void> {
    const { progress } = this.plan;
    if (!this.props.checkpoints || progress === this.saved) return;
    await this.props.checkpoints.write(progress);
    this.saved = progress;
    this.checkpoints += 1;
  }
}
