import { z } from 'zod';
import { objectMeta } from '../object';
import { podSpec, podTemplate } from './pod';

const jobSpec = z.looseObject({
  // The API server takes no other policy in a Job, and has no default for it.
  template: podTemplate.extend({ spec: podSpec.extend({ restartPolicy: z.enum(['Never', 'OnFailure']) }) }),
  suspend: z.boolean().optional(),
  parallelism: z.number().optional(),
  completions: z.number().optional(),
  completionMode: z.string().optional(),
  backoffLimit: z.number().optional(),
  activeDeadlineSeconds: z.number().optional(),
  ttlSecondsAfterFinished: z.number().optional(),
  podFailurePolicy: z.looseObject({}).optional(),
});
/** `batch/v1.JobSpec`. Kubernetes' defaults (one pod, six retries) are not filled in here. */
export type JobSpec = z.infer<typeof jobSpec>;

export const job = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: objectMeta,
  spec: jobSpec,
});
/** A `batch/v1.Job`. */
export type Job = z.infer<typeof job>;

export const cronJob = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: objectMeta,
  spec: z.looseObject({
    schedule: z.string(),
    suspend: z.boolean().optional(),
    jobTemplate: z.looseObject({ spec: jobSpec }),
  }),
});
/** A `batch/v1.CronJob`. */
export type CronJob = z.infer<typeof cronJob>;
