import { aks as stack } from '../../../stacks/aks';
import { PEER_IMAGE, withPeer } from '../overlay';
import { jobStep } from './job-step';
import type { RunDefinition } from './run';

const SECONDS = 1000;

/**
 * A value that somebody sets by hand: 10 changes nothing, 50 makes ten pods of one in steps, and with 5 half of them are
 * enough.
 */
export const aks: RunDefinition = {
  name: 'aks',
  summary: 'a value set by POST: 1, 4, 8, 10 and 5 replicas',
  stack,
  set: [],
  factor: 5,
  later: [],
  known: ['hpa-walkthrough/nginx'],
  steps: (factor) => [
    jobStep('load-test/set-10', 0),
    jobStep('load-test/set-50', (90 * SECONDS) / factor),
    jobStep('load-test/set-5', (240 * SECONDS) / factor),
  ],
  ends: { 'hpa-walkthrough/nginx': 5 },
  lastsMs: (factor) => (660 * SECONDS) / factor,
};

export const aksWithPeer: RunDefinition = {
  ...aks,
  name: 'aks-peer',
  summary: 'the same with prometheus-adapter',
  adapted: withPeer,
  images: [PEER_IMAGE],
};
