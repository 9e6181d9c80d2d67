import { parseGoDuration } from '../../core/kube/duration';
import { DEFAULT_AUTOSCALING, defineScenario, type Scenario } from '../../core/model';
import { isPrometheusAdapter } from '../../core/workloads';
import type { Options } from './options';
import { settling } from './settling';
import type { Backend } from './workload';

/** Constant loads, and what is expected of the autoscaler of each backend. */
export function scenarioOf(chosen: Options, backends: readonly Backend[]): Scenario {
  const { min, max, scrapeInterval, adapterImage, relistInterval } = chosen;
  const expect = backends.map(({ app, load, target }) =>
    settling({
      autoscaler: `${app.namespace}/${app.name}`,
      load,
      target,
      min,
      max,
      tolerance: DEFAULT_AUTOSCALING.tolerance,
      // The rule names the series, so that this project's adapter need not have listed it.
      listedMs: isPrometheusAdapter(adapterImage) ? parseGoDuration(relistInterval) : 0,
      scrapeMs: parseGoDuration(scrapeInterval),
    }),
  );
  return defineScenario({ duration: '15m', expect }, 'scenario of stack kind');
}
