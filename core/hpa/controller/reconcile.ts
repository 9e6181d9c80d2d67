import { Conditions } from './conditions';
import { type HpaConfig } from '../config/config';
import { type HpaInputs, isFailure, type ScaleView } from './inputs';
import { type Normalization } from './limits';
import { type EvaluatedMetric } from './metric';
import { evaluateMetrics, statusesOf } from './metric-set';
import { normalizeWithBehavior } from './normalize-behavior';
import { normalizeLegacy } from './normalize-legacy';
import { type Recommendation } from './recommendations';
import { type HpaEvent, type HpaResult, type MetricLabels, type ReconcileLabels } from './result';
import { type ScaleEvent, storeScaleEvent } from './scale-events';
import { type HpaState } from './state';
import { type HpaStatus, type MetricStatus, sameStatus } from './status';
import { type Nanoseconds } from '../time';
import { toleranceOf } from './tolerance';

const BELOW_MIN = 'Current number of replicas below Spec.MinReplicas';

/** What one pass through the rules wants. */
interface Decision {
  readonly desired: number;
  readonly reason: string;
}

/**
 * One sync of the HorizontalPodAutoscaler controller (`reconcileAutoscaler` of
 * `pkg/controller/podautoscaler/horizontal.go`, Kubernetes 1.28 to 1.37), as a pure function.
 *
 * The given state is left as it is. Every write of the status succeeds. When the controller syncs is the caller's
 * business.
 *
 * @param now the moment of the sync, on the same clock as the times of pods and samples
 */
export function reconcile(
  state: HpaState,
  inputs: HpaInputs,
  now: Nanoseconds,
  config: HpaConfig,
): HpaResult {
  return new Reconciliation(state, inputs, now, config).run();
}

class Reconciliation {
  private readonly conditions: Conditions;
  private readonly events: HpaEvent[] = [];
  private readonly min: number;
  private recommendations: readonly Recommendation[];
  private scaleUpEvents: readonly ScaleEvent[];
  private scaleDownEvents: readonly ScaleEvent[];
  private statuses: readonly MetricStatus[] = [];
  private metrics: readonly EvaluatedMetric[] = [];
  private error: ReconcileLabels['error'] = 'none';

  constructor(
    private readonly previous: HpaState,
    private readonly inputs: HpaInputs,
    private readonly now: Nanoseconds,
    private readonly config: HpaConfig,
  ) {
    this.conditions = new Conditions(previous.status.conditions, now);
    this.recommendations = previous.recommendations;
    this.scaleUpEvents = previous.scaleUpEvents;
    this.scaleDownEvents = previous.scaleDownEvents;
    this.min = inputs.spec.minReplicas;
  }

  run(): HpaResult {
    const { spec, scale } = this.inputs;
    const apiVersion = spec.scaleTargetRef.apiVersion ?? '';
    if (apiVersion.split('/').length > 2) {
      return this.failToGetScale(`unexpected GroupVersion string: ${apiVersion}`, 'spec');
    }
    if (isFailure(scale)) return this.failToGetScale(scale.error, 'internal');
    const message = "the HPA controller was able to get the target's current scale";
    this.conditions.set('AbleToScale', 'True', 'SucceededGetScale', message);
    const current = scale.specReplicas;
    if (this.recommendations.length === 0) this.recommendations = [{ replicas: current, at: this.now }];

    const decision = this.decide(scale);
    if (!decision) return this.finish(this.statusOfFailure(current));
    if (decision.desired === current) return this.finish(this.statusWith(current, current));
    return this.rescale(current, decision);
  }

  private failToGetScale(message: string, error: ReconcileLabels['error']): HpaResult {
    this.warn('FailedGetScale', message);
    const text = `the HPA controller was unable to get the target's current scale: ${message}`;
    this.conditions.set('AbleToScale', 'False', 'FailedGetScale', text);
    this.error = error;
    return this.finish({ ...this.previous.status, conditions: this.conditions.all });
  }

  /** What to scale to; undefined if the metrics do not allow to say. */
  private decide(scale: ScaleView): Decision | undefined {
    const current = scale.specReplicas;
    const { maxReplicas } = this.inputs.spec;
    if (current === 0) {
      if (this.scalesFromZero()) return this.decideByMetrics(scale);
      this.disable();
      return { desired: 0, reason: '' };
    }
    if (current > maxReplicas) {
      return { desired: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
    }
    if (current < this.min) return { desired: this.min, reason: BELOW_MIN };
    return this.decideByMetrics(scale);
  }

  /** Up to 1.35 zero replicas are left only with `minReplicas: 0`; since then if the controller put them there. */
  private scalesFromZero(): boolean {
    if (!this.config.rules.remembersScaleToZero) return this.min === 0;
    return this.scaledToZero() && (this.min !== 0 || this.hasObjectOrExternalMetric());
  }

  private scaledToZero(): boolean {
    return this.remembersScaleToZero() && this.conditions.isTrue('ScaledToZero');
  }

  private remembersScaleToZero(): boolean {
    return this.config.rules.remembersScaleToZero && this.config.featureGates.HPAScaleToZero;
  }

  private hasObjectOrExternalMetric(): boolean {
    return this.inputs.spec.metrics.some(({ type }) => type === 'Object' || type === 'External');
  }

  private disable(): void {
    const message = 'scaling is disabled since the replica count of the target is zero';
    this.conditions.set('ScalingActive', 'False', 'ScalingDisabled', message);
    if (!this.remembersScaleToZero()) this.conditions.remove('ScaledToZero');
  }

  private decideByMetrics(scale: ScaleView): Decision | undefined {
    const { inputs, now, config } = this;
    const current = scale.specReplicas;
    const tolerance = toleranceOf(inputs.spec, config);
    const context = { inputs, scale, pods: inputs.pods, currentReplicas: current, now, config, tolerance };
    const set = evaluateMetrics(context, this.conditions, this.events);
    this.metrics = set.metrics;
    this.statuses = statusesOf(set.metrics);
    if (set.error !== undefined) this.error = 'internal';
    if (!set.best) {
      this.warn('FailedComputeMetricsReplicas', set.error);
      return undefined;
    }
    const recommended = Math.max(0, set.best.replicas);
    const reason = rescaleReason(recommended, current, set.best.metric);
    const desired = this.normalize(recommended, current);
    // Zero that the controller itself set, under a minimum that was raised since.
    if (current === 0 && desired < this.min && this.scaledToZero()) {
      return { desired: this.min, reason: reason || BELOW_MIN };
    }
    return { desired, reason };
  }

  private normalize(desired: number, current: number): number {
    const { behavior, maxReplicas } = this.inputs.spec;
    const normalization: Normalization = {
      current,
      desired,
      bounds: { min: this.min, max: maxReplicas },
      recommendations: this.recommendations,
      now: this.now,
      config: this.config,
    };
    const { scaleUpEvents, scaleDownEvents } = this;
    const { replicas, recommendations } = behavior
      ? normalizeWithBehavior(normalization, behavior, { scaleUpEvents, scaleDownEvents }, this.conditions)
      : normalizeLegacy(normalization, this.conditions);
    this.recommendations = recommendations;
    return replicas;
  }

  private rescale(current: number, { desired, reason }: Decision): HpaResult {
    const { updateError } = this.inputs;
    if (updateError !== undefined) {
      this.warn('FailedRescale', `New size: ${desired}; reason: ${reason}; error: ${updateError}`);
      const text = `the HPA controller was unable to update the target scale: ${updateError}`;
      this.conditions.set('AbleToScale', 'False', 'FailedUpdateScale', text);
      this.error = 'internal';
      return this.finish(this.statusOfFailure(current), 'none', undefined, reason);
    }
    const text = `the HPA controller was able to update the target scale to ${desired}`;
    this.conditions.set('AbleToScale', 'True', 'SucceededRescale', text);
    this.events.push({
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: `New size: ${desired}; reason: ${reason}`,
    });
    this.storeEvent(current, desired);
    this.rememberScaleToZero(current, desired);
    const status = this.statusWith(current, desired, this.now);
    return this.finish(status, desired > current ? 'scale_up' : 'scale_down', desired, reason);
  }

  private storeEvent(current: number, desired: number): void {
    const { behavior } = this.inputs.spec;
    if (!behavior) return;
    const change = Math.abs(desired - current);
    if (desired > current) {
      this.scaleUpEvents = storeScaleEvent(this.scaleUpEvents, change, behavior.scaleUp, this.now);
    } else {
      this.scaleDownEvents = storeScaleEvent(this.scaleDownEvents, change, behavior.scaleDown, this.now);
    }
  }

  /** Since 1.36 every rescale says whether it was the controller that went to zero. */
  private rememberScaleToZero(current: number, desired: number): void {
    if (!this.remembersScaleToZero()) {
      this.conditions.remove('ScaledToZero');
    } else if (current > 0 && desired === 0 && this.min === 0 && this.hasObjectOrExternalMetric()) {
      const message = 'the HPA controller scaled the workload to zero';
      this.conditions.set('ScaledToZero', 'True', 'ScaledToZero', message);
    } else {
      const message = 'the HPA controller did not scale the workload to zero';
      this.conditions.set('ScaledToZero', 'False', 'NotScaledToZero', message);
    }
  }

  private warn(reason: string, message: string): void {
    this.events.push({ type: 'Warning', reason, message });
  }

  /** `setStatus` */
  private statusWith(
    currentReplicas: number,
    desiredReplicas: number,
    lastScaleTime = this.previous.status.lastScaleTime,
  ): HpaStatus {
    const { inputs, config, previous } = this;
    const observes = config.rules.observesGeneration && config.featureGates.HPAGeneration;
    return {
      observedGeneration: observes ? inputs.generation : previous.status.observedGeneration,
      currentReplicas,
      desiredReplicas,
      currentMetrics: this.statuses,
      conditions: this.conditions.all,
      lastScaleTime,
    };
  }

  /** Metrics were evaluated or the scale was to be written, in vain: what was desired before stays. */
  private statusOfFailure(currentReplicas: number): HpaStatus {
    const { status } = this.previous;
    const failed = this.statusWith(currentReplicas, status.desiredReplicas);
    const { failureKeepsMetricStatuses: kept } = this.config.rules;
    return kept ? { ...failed, currentMetrics: status.currentMetrics } : failed;
  }

  private finish(
    wanted: HpaStatus,
    action: ReconcileLabels['action'] = 'none',
    scaleTo?: number,
    rescaleReason?: string,
  ): HpaResult {
    const { recommendations, scaleUpEvents, scaleDownEvents, events, metrics, error, previous } = this;
    const statusChanged = !sameStatus(wanted, previous.status);
    const status = statusChanged ? wanted : previous.status;
    return {
      state: { recommendations, scaleUpEvents, scaleDownEvents, status },
      status,
      statusChanged,
      scaleTo,
      rescaleReason,
      events,
      labels: { action, error },
      metrics,
      metricLabels: metrics.map((metric) => metricLabels(metric, previous.status.currentReplicas)),
    };
  }
}

function metricLabels(metric: EvaluatedMetric, replicasInStatus: number): MetricLabels {
  const metric_type = metric.spec.type;
  if (isFailure(metric)) return { action: 'none', error: 'internal', metric_type };
  const change = metric.replicas - replicasInStatus;
  return { action: change > 0 ? 'scale_up' : change < 0 ? 'scale_down' : 'none', error: 'none', metric_type };
}

/** What the metrics say, before any normalization. */
function rescaleReason(recommended: number, current: number, metric: string): string {
  if (recommended === current) return '';
  return recommended > current ? `${metric} above target` : 'All metrics below target';
}
