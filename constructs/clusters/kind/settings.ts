import { z } from 'zod';

/** Settings of a kind cluster, besides what its descriptor says. */
export const kindSettings = z.strictObject({
  existingCluster: z
    .boolean()
    .default(false)
    .describe('use the kind cluster of that name that is there, and leave it when the stack goes'),
});
/** See {@link kindSettings}. */
export type KindSettings = z.infer<typeof kindSettings>;
