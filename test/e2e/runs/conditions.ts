import { z } from 'zod';

const withConditions = z.object({
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() })),
  }),
});

/** @throws Error with what the condition says, or that there is none, unless it is true */
export function requireCondition(object: unknown, type: string): void {
  const { status } = withConditions.parse(object);
  const found = status.conditions.find((condition) => condition.type === type);
  if (found?.status !== 'True') throw new Error(found?.message ?? `no condition ${type} yet`);
}
