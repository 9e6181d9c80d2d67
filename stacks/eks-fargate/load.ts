import type { Stage } from '../../core/model';
import { App, hey, LoadRun, type ServicePort } from '../../constructs';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/** hey's load in the document: workers, requests a second of each, and for how long. */
export const LOAD = { workers: 5, perWorker: 5, duration: '10m' } as const;
export const REQUESTS_PER_SECOND = LOAD.workers * LOAD.perWorker;

/** A load test, and the words that start it. */
interface Load {
  readonly app: App;
  readonly words: ReturnType<typeof hey>;
}

/** Requests that podinfo counts, and requests that cost it CPU. */
export type Loads = Readonly<Record<'requests' | 'tokens', Load>>;

/** Without the label of the Fargate profile, so load tests run on the EC2 nodes. */
export function loadsOn({ url }: ServicePort): Loads {
  const load = { ...LOAD, keepAlive: false };
  return {
    requests: {
      app: new App({ namespace: NAMESPACES.demo, name: 'load-requests' }),
      words: hey({ ...load, url }),
    },
    tokens: {
      app: new App({ namespace: NAMESPACES.demo, name: 'load-tokens' }),
      words: hey({ ...load, url: `${url}/token`, method: 'POST', body: 'test' }),
    },
  };
}

/** A suspended CronJob for each of them. */
export function loadStage({ loadtesterImage }: Options, loads: Loads): Stage {
  return {
    name: 'load',
    summary: 'load tests to start on demand, on the EC2 nodes',
    fill(chart) {
      for (const { app, words } of Object.values(loads)) {
        // Flagger's image starts a server that runs load tests on request.
        new LoadRun(chart, app.name, { app, image: loadtesterImage, words, replacesEntrypoint: true });
      }
    },
  };
}
