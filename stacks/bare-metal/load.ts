import type { Stage } from '../../core/model';
import { App, LoadRun, type ServicePort } from '../../constructs';
import { ownImage } from '../own-images';
import { NAMESPACES } from './cluster';
import type { Options } from './options';

/** Requests of the document's loop, and the pause after each. */
const LOOP = { requests: 3000, pauseMs: 100 } as const;
/** From a request to its answer: with it the loop sends 8.8 requests a second, at which 17 pods are within the tolerance. */
export const LATENCY_MS = 9;
/** The loop's pause, the start of curl as the rehearsal counts it, and the answer. */
const TURN_MS = LOOP.pauseMs + 5 + LATENCY_MS;
/** Requests a second. */
export const LOAD_PER_SECOND = 1000 / TURN_MS;
/** How long it lasts. When it has ended the averages have not fallen yet. */
export const LOAD_MS = LOOP.requests * TURN_MS;

/** The shell that the loop runs in, by its identity alone. */
export function loadOf(): App {
  return new App({ namespace: NAMESPACES.load, name: 'shell-demo' });
}

/** The document's shell: one request after the other, each on a connection of its own. */
export function loadStage({ registry }: Options, load: App, { url }: ServicePort): Stage {
  const { requests, pauseMs } = LOOP;
  const loop = `for i in $(seq 1 1 ${requests}); do curl -sL ${url}; sleep ${pauseMs / 1000}; done`;
  return {
    name: 'load',
    summary: 'the loop of requests, which load.sh starts',
    fill(chart) {
      new LoadRun(chart, 'shell-demo', {
        app: load,
        image: ownImage('load-test', registry).reference,
        words: ['sh', '-c', loop],
      });
    },
  };
}
