import { add, type Int64, MAX_INT64 } from '../../kube/int64';
import { type Failure, type HpaPod } from './inputs';
import { floatToInt32, floatToInt64, MAX_INT32 } from './numbers';
import { NO_PODS, type PodsView, type ReplicaProposal } from './per-pod-replicas';
import { type Tolerance } from './tolerance';
import { type VersionRules } from '../config/version';

/**
 * Replicas for a `Value` target of an Object or External metric (`getUsageRatioReplicaCount`): the ratio times the
 * number of ready pods, terminating ones included. At zero replicas the tolerance does not apply.
 */
export function valueReplicas(usage: Int64, target: Int64, view: PodsView): ReplicaProposal | Failure {
  const ratio = Number(usage) / Number(target);
  if (view.currentReplicas === 0) return { replicas: floatToInt32(Math.ceil(ratio)), usage };
  if (view.tolerance(ratio)) return { replicas: view.currentReplicas, usage };
  if (view.pods.length === 0) return { error: `unable to calculate ready pods: ${NO_PODS}` };
  const product = ratio * readyPodCount(view.pods);
  return { replicas: ceilToInt32(product, view.config.rules.saturatesValue), usage };
}

function readyPodCount(pods: readonly HpaPod[]): number {
  let count = 0;
  for (const { phase, ready } of pods) if (phase === 'Running' && ready?.status === 'True') count++;
  return count;
}

function ceilToInt32(value: number, saturates: boolean): number {
  return saturates && value > MAX_INT32 ? MAX_INT32 : floatToInt32(Math.ceil(value));
}

/**
 * Replicas for an `AverageValue` target of an Object metric (`GetObjectPerPodMetricReplicas`).
 * @param statusReplicas `scale.status.replicas`, which this law uses in place of the specified ones
 */
export function objectAverageReplicas(
  usage: Int64,
  target: Int64,
  statusReplicas: number,
  tolerance: Tolerance,
  { toleranceIsInterval }: VersionRules,
): ReplicaProposal {
  const kept = averageTolerance(tolerance, toleranceIsInterval);
  return averageReplicas(usage, target, statusReplicas, kept, false);
}

/** Replicas for an `AverageValue` target of an External metric (`GetExternalPerPodMetricReplicas`). */
export function externalAverageReplicas(
  usage: Int64,
  target: Int64,
  statusReplicas: number,
  tolerance: Tolerance,
  { saturatesExternalAverage: saturates, toleranceIsInterval }: VersionRules,
): ReplicaProposal {
  const kept = averageTolerance(tolerance, toleranceIsInterval);
  const proposal = averageReplicas(usage, target, statusReplicas, kept, saturates);
  return saturates && Number(usage) >= Number(MAX_INT64) ? { ...proposal, usage: MAX_INT64 } : proposal;
}

/** While it was a distance, these laws asked whether a ratio lies beyond it, which one that is no number does not. */
function averageTolerance(tolerance: Tolerance, isInterval: boolean): Tolerance {
  return isInterval ? tolerance : (ratio) => Number.isNaN(ratio) || tolerance(ratio);
}

function averageReplicas(
  usage: Int64,
  target: Int64,
  statusReplicas: number,
  tolerance: Tolerance,
  saturates: boolean,
): ReplicaProposal {
  const ratio = Number(usage) / (Number(target) * statusReplicas);
  return {
    replicas: tolerance(ratio)
      ? statusReplicas
      : ceilToInt32(Math.ceil(Number(usage) / Number(target)), saturates),
    usage: floatToInt64(Math.ceil(Number(usage) / statusReplicas)),
  };
}

/** Sum of the series of an External metric with a `Value` target. */
export function externalValueTotal(series: readonly Int64[], { saturatesValue }: VersionRules): Int64 {
  let total: Int64 = 0;
  for (const value of series) {
    if (saturatesValue && value > 0 && overflows(total, value)) return MAX_INT64;
    total = add(total, value);
  }
  return total;
}

function overflows(total: Int64, value: Int64): boolean {
  const small = typeof total === 'number' && typeof value === 'number';
  return !small && BigInt(total) + BigInt(value) > MAX_INT64;
}

/** Sum of the series of an External metric with an `AverageValue` target; a negative sum is taken for an overflow. */
export function externalAverageTotal(
  series: readonly Int64[],
  { saturatesExternalAverage }: VersionRules,
): Int64 {
  let total: Int64 = 0;
  for (const value of series) {
    total = add(total, value);
    if (saturatesExternalAverage && total < 0) return MAX_INT64;
  }
  return total;
}
