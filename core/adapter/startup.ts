import { formatDuration } from '../kube/duration';
import { type AdapterConfig } from '../rules';
import { type AdapterFlags } from './flags';

/** Why the adapter would exit at its start with these flags and this (valid) file; `undefined` if it would not. */
export function startupProblem(flags: AdapterFlags, config: AdapterConfig): string | undefined {
  const { metricsMaxAgeMs, metricsRelistIntervalMs } = flags;
  if (config.rules.length === 0 || metricsMaxAgeMs >= metricsRelistIntervalMs) return undefined;
  return (
    `max age must not be less than relist interval: --metrics-max-age is ${formatDuration(metricsMaxAgeMs)}, ` +
    `--metrics-relist-interval is ${formatDuration(metricsRelistIntervalMs)}`
  );
}
