import { PATIENCE } from '../../../apps/kube-api';

/** How the harness follows collections: it is back soon after the API server was away. */
export const QUICK = {
  patience: { ...PATIENCE, retryMs: { first: 200, most: 1_000 } },
  now: () => performance.now(),
  random: () => Math.random(),
  // A server that is stopped on purpose is no news.
  onProblem: () => undefined,
} as const;
