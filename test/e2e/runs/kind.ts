import { kind as stack } from '../../../stacks/kind';
import type { RunDefinition } from './run';

const SECONDS = 1000;
const GENERATORS = ['load-test/load-test-1', 'load-test/load-test-2'];
const RATE = 50;

/** Requests that an L7 proxy sees, 50 a second to each of two backends: 2 and 5 replicas. */
export const kind: RunDefinition = {
  name: 'kind',
  summary: 'L7 requests seen before the backends, 2 and 5 replicas',
  stack,
  set: [],
  factor: 5,
  later: ['load'],
  steps: () => [
    {
      name: 'load began',
      afterMs: 0,
      // Their rate in the rehearsal changes at once, while real generators have to start.
      countsFromEnd: true,
      act: async (scene) => {
        await scene.applyStage('load');
        await Promise.all(GENERATORS.map((name) => scene.rolledOut('deployment', name)));
      },
      rehearsed: (at) => ({
        load: GENERATORS.flatMap((generator) => [
          { generator, at: '0s', rate: 0 },
          { generator, at, rate: RATE },
        ]),
      }),
    },
  ],
  lastsMs: (factor) => (300 * SECONDS) / factor,
};
