import { type HpaConfig } from '../config/config';
import { type HpaPod, type PodMetric } from './inputs';
import { type Nanoseconds } from '../time';

/**
 * How a per-pod metric treats a pod.
 *
 * - ready: its sample counts.
 * - unready: pending, or for CPU not ready; counted as using nothing when that avoids scaling up.
 * - missing: running without a sample.
 * - ignored: failed or being deleted; its sample does not count.
 */
export type PodGroup = 'ready' | 'unready' | 'missing' | 'ignored';

/**
 * The group of a pod, by the controller's questions in their order (`groupPods`).
 * @param sample of the metric, if the pod has one
 * @param resource the resource name, or empty for a custom metric; readiness matters for `cpu` only
 */
export function groupOfPod(
  pod: HpaPod,
  sample: PodMetric | undefined,
  resource: string,
  now: Nanoseconds,
  config: HpaConfig,
): PodGroup {
  if (pod.deleting || pod.phase === 'Failed') return 'ignored';
  if (pod.phase === 'Pending') return 'unready';
  if (!sample) return 'missing';
  return resource === 'cpu' && isCpuUnready(pod, sample, now, config) ? 'unready' : 'ready';
}

/** Whether a CPU sample is that of a pod still starting, and therefore not representative. */
function isCpuUnready(
  { ready, startTime }: HpaPod,
  sample: PodMetric,
  now: Nanoseconds,
  config: HpaConfig,
): boolean {
  if (!ready || startTime === undefined) return true;
  const notReady = ready.status === 'False';
  if (now - startTime < config.cpuInitializationPeriod) {
    return notReady || sample.timestamp - ready.since < sample.window;
  }
  return notReady && ready.since - startTime < config.initialReadinessDelay;
}
