import { kind as stack } from '../../../stacks/kind';
import { PEER_IMAGE, withPeer } from '../overlay';
import { kindFaults } from './kind-faults';
import type { RunDefinition } from './run';

const SECONDS = 1000;
const GENERATORS = ['load-test/load-test-1', 'load-test/load-test-2'];
/** Whom each of them calls. */
const BACKENDS = ['backend/backend-1', 'backend/backend-2'];
/**
 * The stack's own 50 are exactly 2 and 5 times what its autoscalers want: one request more in a window, and the controller
 * goes to 3 and 6. With 44 four pods would be within its tolerance. This is the middle.
 */
const RATE = 47;

const kindLoad: RunDefinition = {
  name: 'kind',
  summary: 'L7 requests seen before the backends, 2 and 5 replicas',
  stack,
  set: [`load1=${RATE}`, `load2=${RATE}`],
  factor: 5,
  later: ['load'],
  known: [],
  steps: () => [
    {
      name: 'load began',
      afterMs: 0,
      act: async (scene) => {
        await scene.applyStage('load');
        // Their rate in the rehearsal changes at once, while real generators have to start.
        return Promise.all(BACKENDS.map((backend) => scene.firstRequest(backend)));
      },
      rehearsed: (at) => ({
        load: GENERATORS.flatMap((generator, index) => [
          { generator, at: '0s', rate: 0 },
          { generator, at: at[index] ?? '0s', rate: RATE },
        ]),
      }),
    },
  ],
  ends: { 'backend/backend-1': 2, 'backend/backend-2': 5 },
  // While pods come, a window holds requests of old and of new ones, and there may be one pod too many for five minutes.
  lastsMs: (factor) => (450 * SECONDS) / factor,
};

/** Requests that an L7 proxy sees, 47 a second to each of two backends: 2 and 5 replicas; and then what goes wrong. */
export const kind: RunDefinition = { ...kindLoad, afterwards: kindFaults };

/** The same by the clock, for the proof that scaled time hides nothing. */
export const kindInRealTime: RunDefinition = {
  ...kindLoad,
  name: 'kind-real-time',
  summary: 'the same, with the periods that clusters have',
  factor: 1,
  lastsMs: () => 330 * SECONDS,
};

export const kindWithPeer: RunDefinition = {
  ...kindLoad,
  name: 'kind-peer',
  summary: 'the same with prometheus-adapter',
  adapted: withPeer,
  images: [PEER_IMAGE],
};
