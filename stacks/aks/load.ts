import { formatDuration } from '../../core/kube/duration';
import type { Stage } from '../../core/model';
import { PROM_FAKE_VALUE_PATH } from '../../core/workloads';
import { App, Connection, hey, LoadRun, type ServicePort } from '../../constructs';
import { ownImage } from '../own-images';
import { NAMESPACES } from './cluster';
import type { Options } from './options';
import type { Source } from './source';
import type { ValueFrom } from './value-followed';
import type { Workload } from './workload';

const MINUTE_MS = 60_000;
/** What the settable source is told, and when the rehearsal tells it. */
export const RISING: readonly ValueFrom[] = [
  { value: 10, fromMs: 3 * MINUTE_MS },
  { value: 50, fromMs: 6 * MINUTE_MS },
];
export const LAST: ValueFrom = { value: 5, fromMs: 12 * MINUTE_MS };
/** The load of the CPU variant: 900 requests a second for five minutes. */
export const BURST = { at: '3m', workers: 10, perWorker: 90, duration: '5m' } as const;

/** A load that somebody starts, and the Service that it calls. */
export interface Load {
  readonly caller: App;
  readonly target: ServicePort;
  readonly words: readonly [string, ...string[]];
  /** When the rehearsal starts it. */
  readonly at: string;
}

/** Loads of what the metric measures: values for the source, or a burst on the workload. */
export function loadsOf({ metric }: Options, workload: Workload, source: Source): readonly Load[] {
  return metric === 'cpu' ? [burst(workload.service)] : [...RISING, LAST].map(setting(source.service));
}

/** A request that sets the value: from inside the cluster, as the source is reachable nowhere else. */
function setting(target: ServicePort) {
  return ({ value: number, fromMs }: ValueFrom): Load => ({
    caller: new App({ namespace: NAMESPACES.load, name: `set-${number}` }),
    target,
    words: [
      ...(['curl', '--silent', '--show-error', '--fail'] as const),
      ...['--data', String(number), `${target.url}${PROM_FAKE_VALUE_PATH}`],
    ],
    at: formatDuration(fromMs),
  });
}

/** A new connection for every request, so that new pods get their share. */
function burst(target: ServicePort): Load {
  const { at, workers, perWorker, duration: length } = BURST;
  return {
    caller: new App({ namespace: NAMESPACES.load, name: 'hey' }),
    target,
    words: hey({ url: `${target.url}/`, workers, perWorker, duration: length, keepAlive: false }),
    at,
  };
}

/** A suspended CronJob for each of them, and its way to what it calls. */
export function loadStage({ registry }: Options, loads: readonly Load[]): Stage {
  return {
    name: 'load',
    summary: 'loads that wait for somebody to start them',
    fill(chart) {
      for (const { caller, target, words } of loads) {
        new LoadRun(chart, caller.name, {
          app: caller,
          image: ownImage('load-test', registry).reference,
          words,
        });
        new Connection(chart, `${caller.name}-to-${target.service}`, { from: caller, to: target.pod });
      }
    },
  };
}
