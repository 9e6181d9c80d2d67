import { z } from 'zod';
import { objectMeta } from '../object';

const identity = { apiVersion: z.string(), kind: z.string(), metadata: objectMeta };

export const scaledObject = z.looseObject({
  ...identity,
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      name: z.string(),
    }),
    minReplicaCount: z.number().optional(),
    maxReplicaCount: z.number().optional(),
    triggers: z.array(z.looseObject({ type: z.string() })).optional(),
  }),
});
