import type { Stage } from '../../core/model';
import { LoadTest } from '../../constructs';
import type { Options } from './options';
import type { Backend } from './workload';

/** Load tests that run as long as the stack does. */
export function loadStage({ loadTestImage }: Options, backends: readonly Backend[]): Stage {
  return {
    name: 'load',
    summary: 'one load test per backend',
    fill(chart) {
      for (const { caller, service, load } of backends) {
        if (load === 0) continue;
        new LoadTest(chart, caller.name, {
          app: caller,
          image: loadTestImage,
          target: service,
          method: 'POST',
          path: '/echo',
          body: 'foo',
          rate: load,
        });
      }
    },
  };
}
