import type { RunStep } from './run';

/** Starts a suspended CronJob by hand, as people and the scenarios of stacks do. @param cronJob `namespace/name` */
export function jobStep(cronJob: string, afterMs: number): RunStep {
  return {
    name: `${cronJob} started`,
    afterMs,
    act: async (scene) => {
      await scene.startJob(cronJob);
      return undefined;
    },
    rehearsed: ([at = '0s']) => ({ runs: [{ cronJob, at }] }),
  };
}
