import { minikube as stack } from '../../../stacks/minikube';
import { jobStep } from './job-step';
import type { RunDefinition } from './run';

const SECONDS = 1000;

/** A short load that scales nothing, then 250 requests a second: 3 pods of 2, and 2 again some minutes after it. */
export const minikube: RunDefinition = {
  name: 'minikube',
  summary: 'KEDA: 2, 3 and 2 replicas at 250 requests a second',
  stack,
  set: [],
  factor: 5,
  later: [],
  known: ['sportsbook/keda-hpa-sb-api-scaler'],
  steps: (factor) => [jobStep('load-test/burst', 0), jobStep('load-test/hammer', (120 * SECONDS) / factor)],
  ends: { 'sportsbook/keda-hpa-sb-api-scaler': 2 },
  lastsMs: (factor) => (780 * SECONDS) / factor,
};

/** The same sum, from the adapter: nothing is known of it before the first requests. */
export const minikubeWithAdapter: RunDefinition = {
  ...minikube,
  name: 'minikube-adapter',
  summary: 'the same from the adapter, as an external metric',
  set: ['path=adapter'],
  known: [],
  ends: { 'sportsbook/sb-api': 2 },
};
