import { add, divide, type Int64, multiply } from '../../kube/int64';
import { type HpaConfig } from '../config/config';
import { type Failure, type HpaPod, isFailure, type PodMetric, type PodMetrics } from './inputs';
import { floatToInt32, int32 } from './numbers';
import { groupOfPod, type PodGroup } from './pod-groups';
import { podRequest } from './requests';
import { type Nanoseconds } from '../time';
import { type Tolerance } from './tolerance';

/** A replica count and the usage that led to it. */
export interface ReplicaProposal {
  readonly replicas: number;
  /** Milli-units: per pod, or of the object or external metric as a whole. */
  readonly usage: Int64;
  /** Percent of the request. */
  readonly utilization?: number | undefined;
}

/** What every per-pod calculation reads. */
export interface PodsView {
  readonly pods: readonly HpaPod[];
  readonly currentReplicas: number;
  readonly now: Nanoseconds;
  readonly config: HpaConfig;
  readonly tolerance: Tolerance;
}

interface Measurement {
  /** Usage over target. */
  readonly ratio: number;
  readonly usage: Int64;
  readonly utilization?: number | undefined;
}

/** What pods without a usable sample are taken to use: leave them out, nothing, or what speaks against scaling down. */
type Assumption = 'leave out' | 'nothing' | 'much';

/** How many pods are in each group that matters, and how many samples belong to pods that are not listed. */
interface Counts {
  readonly ready: number;
  readonly unready: number;
  readonly missing: number;
  readonly strangers: number;
}

/** How samples become a ratio. */
interface UsageLaw {
  /** Takes in a listed pod; one that is ready has a sample. */
  add(pod: HpaPod, group: PodGroup, sample: PodMetric | undefined): void;
  /** Takes in a sample of a pod that is not listed. */
  addStranger(sample: PodMetric): void;
  /** Of the samples that count. */
  measure(counts: Counts): Measurement | Failure;
  /** Of the same samples together with what is assumed of other pods. */
  measureWith(counts: Counts, missing: Assumption, unready: Assumption): Measurement | Failure;
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
  const requestOf = (pod: HpaPod): Int64 | Failure => podRequest(pod, container, resource, view.config);
  return replicasByLaw(metrics, resource, new UtilizationLaw(requestOf, targetPercent), view);
}

/**
 * Replicas for a target in absolute units per pod (`calcPlainMetricReplicas`).
 * @param resource the resource name, or empty for a custom metric
 */
export function plainReplicas(
  metrics: PodMetrics,
  resource: string,
  target: Int64,
  view: PodsView,
): ReplicaProposal | Failure {
  return replicasByLaw(metrics, resource, new PlainLaw(target), view);
}

/** `GetResourceUtilizationRatio`: whole percents, over the pods that have both a sample and a request. */
class UtilizationLaw implements UsageLaw {
  /** Why the request of some pod cannot be said, were it only that of an ignored one. */
  private failure: Failure | undefined;
  private used: Int64 = 0;
  private requested: Int64 = 0;
  private requestedByMissing: Int64 = 0;
  private requestedByUnready: Int64 = 0;
  /** The pod that was taken in last, and its request: most pods come from one template. */
  private last: HpaPod | undefined;
  private request: Int64 = 0;
  /** What missing pods use if each uses its whole request, or the target if that is higher. */
  private mostByMissing: Int64 = 0;

  constructor(
    private readonly requestOf: (pod: HpaPod) => Int64 | Failure,
    private readonly targetPercent: number,
  ) {}

  add(pod: HpaPod, group: PodGroup, sample: PodMetric | undefined): void {
    const request = sameTemplate(pod, this.last) ? this.request : this.requestOf(pod);
    if (isFailure(request)) {
      this.failure ??= request;
      return;
    }
    this.last = pod;
    this.request = request;
    if (group === 'unready') {
      this.requestedByUnready = add(this.requestedByUnready, request);
    } else if (group === 'missing') {
      const most = divide(multiply(request, Math.max(100, this.targetPercent)), 100);
      this.mostByMissing = add(this.mostByMissing, most);
      this.requestedByMissing = add(this.requestedByMissing, request);
    } else if (group === 'ready' && sample) {
      this.used = add(this.used, sample.value);
      this.requested = add(this.requested, request);
    }
  }

  /** Who is not listed has no request. */
  addStranger(): void {}

  measure({ ready }: Counts): Measurement | Failure {
    return this.failure ?? this.ratio(this.used, this.requested, ready);
  }

  measureWith(counts: Counts, missing: Assumption, unready: Assumption): Measurement | Failure {
    let { used, requested } = this;
    let count = counts.ready;
    if (missing === 'much') used = add(used, this.mostByMissing);
    if (missing !== 'leave out') {
      requested = add(requested, this.requestedByMissing);
      count += counts.missing;
    }
    if (unready !== 'leave out') {
      requested = add(requested, this.requestedByUnready);
      count += counts.unready;
    }
    return this.ratio(used, requested, count);
  }

  private ratio(used: Int64, requested: Int64, count: number): Measurement | Failure {
    // Of idle requests, or of some that overflow to zero.
    if (requested === 0) return { error: 'no metrics returned matched known pods' };
    const percent = int32(divide(multiply(used, 100), requested));
    return { ratio: percent / this.targetPercent, usage: divide(used, count), utilization: percent };
  }
}

function sameTemplate(left: HpaPod, right: HpaPod | undefined): boolean {
  return (
    left.containers === right?.containers &&
    left.initContainers === right.initContainers &&
    left.requests === right.requests &&
    left.overhead === right.overhead
  );
}

/** `GetMetricUsageRatio`: the truncated average over all samples, those of unlisted pods included. */
class PlainLaw implements UsageLaw {
  private used: Int64 = 0;

  constructor(private readonly target: Int64) {}

  add(_pod: HpaPod, group: PodGroup, sample: PodMetric | undefined): void {
    if (group === 'ready' && sample) this.used = add(this.used, sample.value);
  }

  addStranger({ value }: PodMetric): void {
    this.used = add(this.used, value);
  }

  measure({ ready, strangers }: Counts): Measurement {
    return this.ratio(this.used, ready + strangers);
  }

  measureWith(counts: Counts, missing: Assumption, unready: Assumption): Measurement {
    let { used } = this;
    let count = counts.ready + counts.strangers;
    if (missing === 'much') used = add(used, multiply(this.target, counts.missing));
    if (missing !== 'leave out') count += counts.missing;
    if (unready !== 'leave out') count += counts.unready;
    return this.ratio(used, count);
  }

  private ratio(used: Int64, count: number): Measurement {
    const usage = divide(used, count);
    return { ratio: Number(usage) / Number(this.target), usage };
  }
}

/** The part that both calculations share; the reported usage is always the one before pods were filled in. */
function replicasByLaw(
  metrics: PodMetrics,
  resource: string,
  law: UsageLaw,
  view: PodsView,
): ReplicaProposal | Failure {
  if (view.pods.length === 0) return { error: NO_PODS };
  const counts = countPods(metrics, resource, law, view);
  if (counts.ready + counts.strangers === 0) {
    return { error: 'did not receive metrics for targeted pods (pods might be unready)' };
  }
  const measured = law.measure(counts);
  if (isFailure(measured)) return measured;
  const { ratio, usage, utilization } = measured;

  const scaleUpWithUnready = counts.unready > 0 && ratio > 1;
  if (!scaleUpWithUnready && counts.missing === 0) {
    const kept = view.tolerance(ratio);
    const replicas = kept ? view.currentReplicas : floatToInt32(Math.ceil(ratio * counts.ready));
    return { replicas, usage, utilization };
  }
  // Pods without a sample are assumed to speak against the change; at a ratio of exactly one, nothing is assumed.
  const missing: Assumption = ratio < 1 ? 'much' : ratio > 1 ? 'nothing' : 'leave out';
  const unready: Assumption = scaleUpWithUnready ? 'nothing' : 'leave out';
  const refilled = law.measureWith(counts, missing, unready);
  if (isFailure(refilled)) return refilled;
  const counted =
    counts.ready +
    counts.strangers +
    (missing === 'leave out' ? 0 : counts.missing) +
    (unready === 'leave out' ? 0 : counts.unready);
  return { replicas: replicasAfterFilling(ratio, refilled.ratio, counted, view), usage, utilization };
}

/** Counts the pods of each group, and lets the law take in all samples. */
function countPods(metrics: PodMetrics, resource: string, law: UsageLaw, view: PodsView): Counts {
  const { pods, now, config } = view;
  let [ready, unready, missing, strangers] = [0, 0, 0, metrics.size];
  for (const pod of pods) {
    const sample = metrics.get(pod.name);
    const group = groupOfPod(pod, sample, resource, now, config);
    if (sample) strangers--;
    if (group === 'ready') ready++;
    else if (group === 'unready') unready++;
    else if (group === 'missing') missing++;
    law.add(pod, group, sample);
  }
  if (strangers > 0) {
    const listed = new Set(pods.map(({ name }) => name));
    for (const [name, sample] of metrics) if (!listed.has(name)) law.addStranger(sample);
  }
  return { ready, unready, missing, strangers };
}

/** No change if the filled ratio is within tolerance or if it, or the number of pods it is based on, reverses it. */
function replicasAfterFilling(before: number, after: number, podCount: number, view: PodsView): number {
  const current = view.currentReplicas;
  if (view.tolerance(after) || (before < 1 && after > 1) || (before > 1 && after < 1)) return current;
  const replicas = floatToInt32(Math.ceil(after * podCount));
  const reversed = (after < 1 && replicas > current) || (after > 1 && replicas < current);
  return reversed ? current : replicas;
}
