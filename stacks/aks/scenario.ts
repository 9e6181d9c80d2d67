import { parseGoDuration } from '../../core/kube/duration';
import { Quantity } from '../../core/kube/quantity';
import {
  DEFAULT_AUTOSCALING,
  defineScenario,
  type ExpectationInput,
  type Scenario,
  type ScenarioInput,
} from '../../core/model';
import { BURST, LAST, RISING, type Load } from './load';
import type { Options } from './options';
import { followsValues } from './value-followed';
import { NGINX, type Workload } from './workload';

/** The loads at their moments, and what is expected of the autoscaler. */
export function scenarioOf(chosen: Options, workload: Workload, loads: readonly Load[]): Scenario {
  const autoscaler = `${workload.app.namespace}/${workload.app.name}`;
  const {
    duration: length,
    expect,
    usage,
  } = chosen.metric === 'cpu' ? followsBurst(autoscaler, chosen) : followsSource(autoscaler, chosen);
  const runs = loads.map(({ caller, at }) => ({ cronJob: `${caller.namespace}/${caller.name}`, at }));
  return defineScenario({ duration: length, runs, usage, expect: [expect] }, 'scenario of stack aks');
}

/** What a metric makes of the scenario. */
type Judged = Pick<ScenarioInput, 'duration' | 'usage'> & {
  readonly expect: ExpectationInput;
};

function followsSource(autoscaler: string, chosen: Options): Judged {
  const { target, min, max, scrapeInterval } = chosen;
  const { tolerance, downscaleStabilization } = DEFAULT_AUTOSCALING;
  return followsValues({
    ...{ autoscaler, target, min, max, tolerance },
    rising: RISING,
    last: LAST,
    stabilizationMs: parseGoDuration(downscaleStabilization),
    scrapeMs: parseGoDuration(scrapeInterval),
  });
}

/**
 * The pods that share the burst at its end, and what five minutes without it leave of them: their idle use is seen for a
 * load as well.
 */
function followsBurst(autoscaler: string, { cpuTarget, min, max }: Options): Judged {
  const { tolerance } = DEFAULT_AUTOSCALING;
  const used = BURST.workers * BURST.perWorker * (parseGoDuration(NGINX.perRequest) / 1000);
  const idle = cores(NGINX.idle);
  const wanted = (cores(NGINX.request) * cpuTarget) / 100;
  const within = (pods: number) => Math.min(max, Math.max(min, pods));
  /** Where each pod uses what is given: its share of the load, and its idle use. */
  const sharing = (perPod: number) => (perPod > idle ? within(Math.ceil(used / (perPod - idle))) : max);
  const atMost = sharing(wanted);
  return {
    duration: '20m',
    usage: [{ workload: autoscaler, cpu: { idle: NGINX.idle, perRequest: NGINX.perRequest } }],
    expect: {
      autoscaler,
      replicasAt: {
        [BURST.at]: { atLeast: min, atMost: wanted * (1 + tolerance) >= idle ? min : max },
        '7m30s': { atLeast: sharing(wanted * (1 + tolerance)), atMost },
        '20m': { atLeast: min, atMost: within(Math.ceil((atMost * idle) / wanted)) },
      },
      neverAbove: atMost,
      noScaleDownBefore: '12m30s',
      directionChangesAtMost: 1,
    },
  };
}

function cores(quantityText: string): number {
  return Number(Quantity.parse(quantityText).nanos) / 1e9;
}
