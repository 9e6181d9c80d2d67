import { eksFargate as stack } from '../../../stacks/eks-fargate';
import { withoutFargate } from '../overlay';
import { jobStep } from './job-step';
import type { RunDefinition } from './run';

const SECONDS = 1000;

/** 25 requests a second for ten minutes: 3 pods of 1, and 1 again. The resource metrics are there all the time. */
export const eksFargate: RunDefinition = {
  name: 'eks-fargate',
  summary: 'requests that podinfo counts: 1, 3 and 1 replicas; on nodes, as there is no Fargate here',
  stack,
  set: [],
  adapted: withoutFargate,
  factor: 5,
  later: [],
  known: ['demo/podinfo'],
  steps: () => [jobStep('demo/load-requests', 0)],
  ends: { 'demo/podinfo': 1 },
  lastsMs: (factor) => (1080 * SECONDS) / factor,
};
