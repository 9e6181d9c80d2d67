import { type HpaConfig } from './config';
import { type Failure, type HpaPod, isFailure, type PodMetrics } from './inputs';
import { floatToInt32, int32, int64 } from './numbers';
import { countedValues, groupPods, type PodGroups } from './pod-groups';
import { podRequests } from './requests';
import { type Tolerance } from './tolerance';

/** A replica count and the usage that led to it. */
export interface ReplicaProposal {
  readonly replicas: number;
  /** Milli-units: per pod, or of the object or external metric as a whole. */
  readonly usage: bigint;
  /** Percent of the request. */
  readonly utilization?: number | undefined;
}

/** What every per-pod calculation reads. */
export interface PodsView {
  readonly pods: readonly HpaPod[];
  readonly currentReplicas: number;
  readonly now: number;
  readonly config: HpaConfig;
  readonly tolerance: Tolerance;
}

interface Measurement {
  /** Usage over target. */
  readonly ratio: number;
  readonly usage: bigint;
  readonly utilization?: number | undefined;
}

/** How values per pod become a ratio, and what a pod without a sample is taken to use when scaling down. */
interface UsageLaw {
  measure(values: ReadonlyMap<string, bigint>): Measurement | Failure;
  missingValue(pod: string): bigint;
}

interface CountedPods {
  readonly values: Map<string, bigint>;
  readonly groups: PodGroups;
}

export const NO_PODS = 'no pods returned by selector while calculating replica count';

/**
 * Replicas for a target in percent of the request (`GetResourceReplicas`).
 * @param container the container that alone counts; empty for the whole pod
 */
export function utilizationReplicas(
  metrics: PodMetrics,
  resource: string,
  container: string,
  targetPercent: number,
  view: PodsView,
): ReplicaProposal | Failure {
  const counted = countPods(metrics, resource, view);
  if (isFailure(counted)) return counted;
  const requests = podRequests(view.pods, container, resource, view.config);
  if (isFailure(requests)) return requests;
  // A missing pod is taken to use its whole request, or the target if that is higher.
  const fallbackPercent = BigInt(Math.max(100, targetPercent));
  const law: UsageLaw = {
    measure: (values) => utilization(values, requests, targetPercent),
    missingValue: (pod) => int64((requests.get(pod) ?? 0n) * fallbackPercent) / 100n,
  };
  return replicasByLaw(counted, law, view);
}

/**
 * Replicas for a target in absolute units per pod (`calcPlainMetricReplicas`).
 * @param resource the resource name, or empty for a custom metric
 */
export function plainReplicas(
  metrics: PodMetrics,
  resource: string,
  target: bigint,
  view: PodsView,
): ReplicaProposal | Failure {
  const counted = countPods(metrics, resource, view);
  if (isFailure(counted)) return counted;
  const law: UsageLaw = {
    measure: (values) => averageUsage(values, target),
    missingValue: () => target,
  };
  return replicasByLaw(counted, law, view);
}

function countPods(metrics: PodMetrics, resource: string, view: PodsView): CountedPods | Failure {
  if (view.pods.length === 0) return { error: NO_PODS };
  const groups = groupPods(view.pods, metrics, resource, view.now, view.config);
  const values = countedValues(metrics, groups);
  if (values.size === 0) {
    return { error: 'did not receive metrics for targeted pods (pods might be unready)' };
  }
  return { values, groups };
}

/** `GetResourceUtilizationRatio`: whole percents, over the pods that have both a sample and a request. */
function utilization(
  values: ReadonlyMap<string, bigint>,
  requests: ReadonlyMap<string, bigint>,
  targetPercent: number,
): Measurement | Failure {
  let used = 0n;
  let requested = 0n;
  let count = 0n;
  for (const [pod, value] of values) {
    const request = requests.get(pod);
    if (request === undefined) continue;
    used = int64(used + value);
    requested = int64(requested + request);
    count++;
  }
  if (requested === 0n) return { error: 'no metrics returned matched known pods' };
  const percent = int32(int64(used * 100n) / requested);
  return { ratio: percent / targetPercent, usage: used / count, utilization: percent };
}

/** `GetMetricUsageRatio`: the truncated average over all samples, those of unlisted pods included. */
function averageUsage(values: ReadonlyMap<string, bigint>, target: bigint): Measurement {
  let used = 0n;
  for (const value of values.values()) used = int64(used + value);
  const usage = used / BigInt(values.size);
  return { ratio: Number(usage) / Number(target), usage };
}

/** The part that both calculations share; the reported usage is always the one before pods were filled in. */
function replicasByLaw(
  { values, groups }: CountedPods,
  law: UsageLaw,
  view: PodsView,
): ReplicaProposal | Failure {
  const measured = law.measure(values);
  if (isFailure(measured)) return measured;
  const { ratio, usage, utilization } = measured;
  const propose = (replicas: number): ReplicaProposal => ({ replicas, usage, utilization });

  const scaleUpWithUnready = groups.unready.size > 0 && ratio > 1;
  if (!scaleUpWithUnready && groups.missing.size === 0) {
    const kept = view.tolerance(ratio);
    return propose(kept ? view.currentReplicas : floatToInt32(Math.ceil(ratio * groups.readyCount)));
  }
  fillMissing(values, groups.missing, ratio, law);
  if (scaleUpWithUnready) for (const pod of groups.unready) values.set(pod, 0n);
  const refilled = law.measure(values);
  if (isFailure(refilled)) return refilled;
  return propose(replicasAfterFilling(ratio, refilled.ratio, values.size, view));
}

/** Assumes for pods without a sample what speaks against the change; at a ratio of exactly one, nothing. */
function fillMissing(
  values: Map<string, bigint>,
  missing: ReadonlySet<string>,
  ratio: number,
  law: UsageLaw,
): void {
  if (ratio === 1) return;
  for (const pod of missing) values.set(pod, ratio < 1 ? law.missingValue(pod) : 0n);
}

/** No change if the filled ratio is within tolerance or if it, or the number of pods it is based on, reverses it. */
function replicasAfterFilling(before: number, after: number, podCount: number, view: PodsView): number {
  const current = view.currentReplicas;
  if (view.tolerance(after) || (before < 1 && after > 1) || (before > 1 && after < 1)) return current;
  const replicas = floatToInt32(Math.ceil(after * podCount));
  const reversed = (after < 1 && replicas > current) || (after > 1 && replicas < current);
  return reversed ? current : replicas;
}
