import { z } from 'zod';
import { objectMeta } from '../object';

export const priorityClass = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: objectMeta,
  value: z.number().int(),
  globalDefault: z.boolean().optional(),
  preemptionPolicy: z.enum(['Never', 'PreemptLowerPriority']).optional(),
});
/** `scheduling.k8s.io/v1` PriorityClass. */
export type PriorityClass = z.infer<typeof priorityClass>;
