import { type HpaConfig } from './config';
import { type HpaPod, type PodMetric, type PodMetrics } from './inputs';
import { isAfter, isBefore } from './time';

/** The pods of a selector by how a per-pod metric treats them. */
export interface PodGroups {
  readonly readyCount: number;
  /** Pending, or for CPU not ready: counted as using nothing when that avoids scaling up. */
  readonly unready: ReadonlySet<string>;
  /** Running without a sample. */
  readonly missing: ReadonlySet<string>;
  /** Failed or being deleted. */
  readonly ignored: ReadonlySet<string>;
}

/**
 * Sorts pods into groups, in the controller's order of questions (`groupPods`).
 * @param resource the resource name, or empty for a custom metric; readiness matters for `cpu` only
 */
export function groupPods(
  pods: readonly HpaPod[],
  metrics: PodMetrics,
  resource: string,
  now: number,
  config: HpaConfig,
): PodGroups {
  const unready = new Set<string>();
  const missing = new Set<string>();
  const ignored = new Set<string>();
  let readyCount = 0;
  for (const pod of pods) {
    const sample = metrics.get(pod.name);
    if (pod.deleting || pod.phase === 'Failed') ignored.add(pod.name);
    else if (pod.phase === 'Pending') unready.add(pod.name);
    else if (!sample) missing.add(pod.name);
    else if (resource === 'cpu' && isCpuUnready(pod, sample, now, config)) unready.add(pod.name);
    else readyCount++;
  }
  return { readyCount, unready, missing, ignored };
}

/** Whether a CPU sample is that of a pod still starting, and therefore not representative. */
function isCpuUnready(
  { ready, startTimeMs }: HpaPod,
  sample: PodMetric,
  now: number,
  config: HpaConfig,
): boolean {
  if (!ready || startTimeMs === undefined) return true;
  const notReady = ready.status === 'False';
  if (isAfter(startTimeMs + config.cpuInitializationMs, now)) {
    return notReady || isBefore(sample.timestampMs, ready.sinceMs + sample.windowMs);
  }
  return notReady && isAfter(startTimeMs + config.initialReadinessDelayMs, ready.sinceMs);
}

/** The values of the pods that count: all samples but those of ignored and unready pods. */
export function countedValues(metrics: PodMetrics, { unready, ignored }: PodGroups): Map<string, bigint> {
  const values = new Map<string, bigint>();
  for (const [name, { value }] of metrics) {
    if (!unready.has(name) && !ignored.has(name)) values.set(name, value);
  }
  return values;
}
