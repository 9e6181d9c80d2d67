import type { Stage } from '../../core/model';
import { SPORTSBOOK_PATH } from '../../core/workloads';
import { App, hey, LoadRun } from '../../constructs';
import { NAMESPACES } from './cluster';
import type { Options } from './options';
import type { Workload } from './workload';

/** The short load of the document, which is to scale nothing. */
const BURST = { requests: 200, workers: 2 } as const;

/** What calls the API: a short load, and the one that is to scale it. */
export type Loads = Readonly<Record<'burst' | 'hammer', App>>;

/** Both, by their identities alone. */
export function loadsOf(): Loads {
  return {
    burst: new App({ namespace: NAMESPACES.load, name: 'burst' }),
    hammer: new App({ namespace: NAMESPACES.load, name: 'hammer' }),
  };
}

/** A suspended CronJob for each of them. */
export function loadStage(chosen: Options, { service }: Workload, { burst, hammer }: Loads): Stage {
  const { loadTestImage, workers, perWorker, requests } = chosen;
  const url = `${service.url}${SPORTSBOOK_PATH}`;
  return {
    name: 'load',
    summary: 'the load tests, which wait for somebody to start them',
    fill(chart) {
      new LoadRun(chart, 'burst', { app: burst, image: loadTestImage, words: hey({ url, ...BURST }) });
      new LoadRun(chart, 'hammer', {
        app: hammer,
        image: loadTestImage,
        words: hey({ url, workers, perWorker, requests }),
      });
    },
  };
}
