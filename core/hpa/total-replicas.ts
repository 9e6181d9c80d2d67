import { type HpaConfig } from './config';
import { type Failure, type HpaPod } from './inputs';
import { floatToInt32, floatToInt64, int64, MAX_INT32, MAX_INT64 } from './numbers';
import { NO_PODS, type PodsView, type ReplicaProposal } from './per-pod-replicas';
import { type Tolerance } from './tolerance';

/** Minor version since which a `Value` calculation saturates instead of overflowing. */
const SATURATING_VALUE = 35;
/** The same for `AverageValue` of an External metric; for an Object metric it overflows to this day. */
const SATURATING_EXTERNAL_AVERAGE = 34;

/**
 * Replicas for a `Value` target of an Object or External metric (`getUsageRatioReplicaCount`): the ratio times the
 * number of ready pods, terminating ones included. At zero replicas the tolerance does not apply.
 */
export function valueReplicas(usage: bigint, target: bigint, view: PodsView): ReplicaProposal | Failure {
  const ratio = Number(usage) / Number(target);
  if (view.currentReplicas === 0) return { replicas: floatToInt32(Math.ceil(ratio)), usage };
  if (view.tolerance(ratio)) return { replicas: view.currentReplicas, usage };
  if (view.pods.length === 0) return { error: `unable to calculate ready pods: ${NO_PODS}` };
  const product = ratio * readyPodCount(view.pods);
  return { replicas: ceilToInt32(product, view.config.minor >= SATURATING_VALUE), usage };
}

function readyPodCount(pods: readonly HpaPod[]): number {
  return pods.filter((pod) => pod.phase === 'Running' && pod.ready?.status === 'True').length;
}

function ceilToInt32(value: number, saturates: boolean): number {
  return saturates && value > MAX_INT32 ? MAX_INT32 : floatToInt32(Math.ceil(value));
}

/**
 * Replicas for an `AverageValue` target of an Object metric (`GetObjectPerPodMetricReplicas`).
 * @param statusReplicas `scale.status.replicas`, which this law uses in place of the specified ones
 */
export function objectAverageReplicas(
  usage: bigint,
  target: bigint,
  statusReplicas: number,
  tolerance: Tolerance,
): ReplicaProposal {
  return averageReplicas(usage, target, statusReplicas, tolerance, false);
}

/** Replicas for an `AverageValue` target of an External metric (`GetExternalPerPodMetricReplicas`). */
export function externalAverageReplicas(
  usage: bigint,
  target: bigint,
  statusReplicas: number,
  tolerance: Tolerance,
  config: HpaConfig,
): ReplicaProposal {
  const saturates = config.minor >= SATURATING_EXTERNAL_AVERAGE;
  const proposal = averageReplicas(usage, target, statusReplicas, tolerance, saturates);
  return saturates && Number(usage) >= Number(MAX_INT64) ? { ...proposal, usage: MAX_INT64 } : proposal;
}

function averageReplicas(
  usage: bigint,
  target: bigint,
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
export function externalValueTotal(series: readonly bigint[], config: HpaConfig): bigint {
  let total = 0n;
  for (const value of series) {
    if (config.minor >= SATURATING_VALUE && value > 0n && total > MAX_INT64 - value) return MAX_INT64;
    total = int64(total + value);
  }
  return total;
}

/** Sum of the series of an External metric with an `AverageValue` target; a negative sum is taken for an overflow. */
export function externalAverageTotal(series: readonly bigint[], config: HpaConfig): bigint {
  let total = 0n;
  for (const value of series) {
    total = int64(total + value);
    if (config.minor >= SATURATING_EXTERNAL_AVERAGE && total < 0n) return MAX_INT64;
  }
  return total;
}
