import { condition, Conditions } from './conditions';
import { type HpaConfig } from './config';
import { type HpaInputs, isFailure, type ScaleView } from './inputs';
import { type Normalization } from './limits';
import { evaluateMetrics } from './metric-set';
import { normalizeWithBehavior } from './normalize-behavior';
import { normalizeLegacy } from './normalize-legacy';
import { type MetricProposal } from './proposals';
import { type Recommendation } from './recommendations';
import { type HpaEvent, type HpaResult, type ReconcileLabels } from './result';
import { type ScaleEvent, storeScaleEvent } from './scale-events';
import { type HpaState } from './state';
import { type HpaStatus, type MetricStatus, semanticEqual } from './status';
import { toleranceOf } from './tolerance';

const BELOW_MIN = 'Current number of replicas below Spec.MinReplicas';

/** What one pass through the rules wants. */
interface Decision {
  readonly desired: number;
  readonly reason: string;
}

/**
 * One sync of the HorizontalPodAutoscaler controller (`reconcileAutoscaler` of
 * `pkg/controller/podautoscaler/horizontal.go`, Kubernetes 1.32 to 1.37), as a pure function.
 *
 * The given state is left as it is. Every write of the status succeeds. Not modelled: `status.observedGeneration`
 * (1.37), and when the controller syncs: that is the caller's clock.
 *
 * @param now the time of the sync in milliseconds, on the same clock as the times of pods and samples
 */
export function reconcile(state: HpaState, inputs: HpaInputs, now: number, config: HpaConfig): HpaResult {
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
  private proposals: readonly MetricProposal[] = [];
  private error: ReconcileLabels['error'] = 'none';

  constructor(
    private readonly previous: HpaState,
    private readonly inputs: HpaInputs,
    private readonly now: number,
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
    this.conditions.set(condition('AbleToScale', 'True', 'SucceededGetScale', message));
    const current = scale.specReplicas;
    if (this.recommendations.length === 0) this.recommendations = [{ replicas: current, at: this.now }];

    const decision = this.decide(scale);
    if (!decision) return this.finish(this.statusWith(current, this.previous.status.desiredReplicas));
    if (decision.desired === current) return this.finish(this.statusWith(current, current));
    return this.rescale(current, decision);
  }

  private failToGetScale(message: string, error: ReconcileLabels['error']): HpaResult {
    this.warn('FailedGetScale', message);
    const text = `the HPA controller was unable to get the target's current scale: ${message}`;
    this.conditions.set(condition('AbleToScale', 'False', 'FailedGetScale', text));
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
    if (this.config.minor < 36) return this.min === 0;
    return this.scaledToZero() && (this.min !== 0 || this.hasObjectOrExternalMetric());
  }

  private scaledToZero(): boolean {
    return this.config.featureGates.HPAScaleToZero && this.conditions.isTrue('ScaledToZero');
  }

  private hasObjectOrExternalMetric(): boolean {
    return this.inputs.spec.metrics.some(({ type }) => type === 'Object' || type === 'External');
  }

  private disable(): void {
    const message = 'scaling is disabled since the replica count of the target is zero';
    this.conditions.set(condition('ScalingActive', 'False', 'ScalingDisabled', message));
    if (!this.config.featureGates.HPAScaleToZero) this.conditions.remove('ScaledToZero');
  }

  private decideByMetrics(scale: ScaleView): Decision | undefined {
    const { inputs, now, config } = this;
    const current = scale.specReplicas;
    const tolerance = toleranceOf(inputs.spec, config);
    const context = { inputs, scale, pods: inputs.pods, currentReplicas: current, now, config, tolerance };
    const set = evaluateMetrics(context, this.conditions, this.events);
    this.statuses = set.statuses;
    this.proposals = set.proposals;
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
      this.conditions.set(condition('AbleToScale', 'False', 'FailedUpdateScale', text));
      this.error = 'internal';
      const status = this.statusWith(current, this.previous.status.desiredReplicas);
      return { ...this.finish(status), rescaleReason: reason };
    }
    const text = `the HPA controller was able to update the target scale to ${desired}`;
    this.conditions.set(condition('AbleToScale', 'True', 'SucceededRescale', text));
    this.events.push({
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: `New size: ${desired}; reason: ${reason}`,
    });
    this.storeEvent(current, desired);
    this.rememberScaleToZero(current, desired);
    const status = { ...this.statusWith(current, desired), lastScaleTime: this.now };
    return {
      ...this.finish(status, desired > current ? 'scale_up' : 'scale_down'),
      scaleTo: desired,
      rescaleReason: reason,
    };
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
    if (this.config.minor < 36) return;
    if (!this.config.featureGates.HPAScaleToZero) {
      this.conditions.remove('ScaledToZero');
    } else if (current > 0 && desired === 0 && this.min === 0 && this.hasObjectOrExternalMetric()) {
      const message = 'the HPA controller scaled the workload to zero';
      this.conditions.set(condition('ScaledToZero', 'True', 'ScaledToZero', message));
    } else {
      const message = 'the HPA controller did not scale the workload to zero';
      this.conditions.set(condition('ScaledToZero', 'False', 'NotScaledToZero', message));
    }
  }

  private warn(reason: string, message: string): void {
    this.events.push({ type: 'Warning', reason, message });
  }

  private statusWith(currentReplicas: number, desiredReplicas: number): HpaStatus {
    return {
      currentReplicas,
      desiredReplicas,
      currentMetrics: this.statuses,
      conditions: this.conditions.all,
      lastScaleTime: this.previous.status.lastScaleTime,
    };
  }

  private finish(status: HpaStatus, action: ReconcileLabels['action'] = 'none'): HpaResult {
    const { recommendations, scaleUpEvents, scaleDownEvents, events, proposals, error } = this;
    return {
      state: { recommendations, scaleUpEvents, scaleDownEvents, status },
      status,
      statusChanged: !semanticEqual(status, this.previous.status),
      events,
      labels: { action, error },
      proposals,
    };
  }
}

/** What the metrics say, before any normalization. */
function rescaleReason(recommended: number, current: number, metric: string): string {
  if (recommended === current) return '';
  return recommended > current ? `${metric} above target` : 'All metrics below target';
}
