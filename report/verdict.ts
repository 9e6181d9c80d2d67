import type { Timeline } from '../core/model';

/** Whether every expectation holds. */
export function expectationsMet({ outcomes }: Timeline): boolean {
  return outcomes.every(({ met }) => met);
}
