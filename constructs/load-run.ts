import { Construct } from 'constructs';
import type { App } from './app';
import { appPod } from './app-deployment';
import { k8s } from './kubernetes';

/** A schedule is required; that of a suspended CronJob never matters. */
const NEVER = '0 0 1 1 *';
/** Without a deadline, whoever ends the suspension would start the run of last January at once. */
const DEADLINE_SECONDS = 60;
/** How long a finished Job can be looked at. */
const KEPT_SECONDS = 3600;

/** A load test that runs when somebody asks for it. */
export interface LoadRunProps {
  readonly app: App;
  readonly image: string;
  /** What it runs, the program first: the words that `hey` makes, for one. */
  readonly words: readonly [program: string, ...args: string[]];
  /**
   * Whether the words take the place of the image's entrypoint, for images whose own is another program. That of
   * `plimsoll/load-test` starts them, and has a load test that is ended early report what it measured.
   */
  readonly replacesEntrypoint?: boolean;
}

/**
 * A load test on demand: a suspended CronJob, of which `kubectl create job NAME --from=cronjob/APP` makes a Job that
 * runs once. It stays within the `restricted` Pod Security level.
 */
export class LoadRun extends Construct {
  constructor(scope: Construct, id: string, { app, image, words, replacesEntrypoint = false }: LoadRunProps) {
    super(scope, id);
    const { name, namespace, podLabels } = app;
    const [program, ...args] = words;
    const pod = appPod({
      app,
      image,
      ...(replacesEntrypoint ? { command: [program], args } : { args: words }),
      user: 10001,
      resources: { cpu: { request: '100m', limit: '1' }, memory: '128Mi' },
    });
    new k8s.KubeCronJob(this, 'CronJob', {
      metadata: { name, namespace, labels: { ...podLabels } },
      spec: {
        schedule: NEVER,
        suspend: true,
        startingDeadlineSeconds: DEADLINE_SECONDS,
        concurrencyPolicy: 'Forbid',
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          spec: {
            backoffLimit: 0,
            ttlSecondsAfterFinished: KEPT_SECONDS,
            template: {
              metadata: { labels: { ...podLabels } },
              spec: { ...pod, restartPolicy: 'Never' },
            },
          },
        },
      },
    });
  }
}
