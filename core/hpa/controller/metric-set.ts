import { ambiguousSelector } from './ambiguous-selector';
import { type Conditions } from './conditions';
import { evaluateExternal, evaluateObject, evaluatePods } from './custom-metrics';
import { formatWithoutArguments } from './go-format';
import { isFailure } from './inputs';
import { type EvaluatedMetric, type MetricContext } from './metric';
import { evaluateContainerResource, evaluateResource } from './resource-metrics';
import { type HpaEvent } from './result';
import { selectorError, type SelectorProblem } from './selector-problem';
import { type MetricSpec } from '../admission/spec';
import { type MetricStatus } from './status';

interface EvaluatedSet {
  readonly metrics: readonly EvaluatedMetric[];
}

/** The largest valid proposal; `error` is set if others failed. */
interface ScalableSet extends EvaluatedSet {
  readonly best: { readonly replicas: number; readonly metric: string };
  readonly error?: string | undefined;
}

/** Too much failed to scale. */
interface BlockedSet extends EvaluatedSet {
  readonly best?: undefined;
  readonly error: string;
}

/**
 * Evaluates `spec.metrics` in order (`computeReplicasForMetrics`), sets ScalingActive and reports each failure.
 * A later metric wins over the best so far only with more replicas, or if that best is zero.
 */
export function evaluateMetrics(
  context: MetricContext,
  conditions: Conditions,
  events: HpaEvent[],
): ScalableSet | BlockedSet {
  const { formatsErrors } = context.config.rules;
  const problem = selectorProblem(context);
  if (problem) {
    events.push({ type: 'Warning', reason: problem.event, message: problem.message });
    const { reason, message } = problem.condition ?? { reason: problem.event, message: problem.message };
    conditions.set('ScalingActive', 'False', reason, asError(message, formatsErrors));
    return { metrics: [], error: asError(problem.message, formatsErrors) };
  }
  const metrics: EvaluatedMetric[] = [];
  for (const spec of context.inputs.spec.metrics) {
    const metric = evaluateMetric(spec, context);
    if (isFailure(metric)) events.push({ type: 'Warning', reason: metric.reason, message: metric.error });
    metrics.push(metric);
  }
  return combine(metrics, context, conditions);
}

/** `computeReplicasForMetric`. */
function evaluateMetric(spec: MetricSpec, context: MetricContext): EvaluatedMetric {
  switch (spec.type) {
    case 'Resource':
      return evaluateResource(spec, context);
    case 'ContainerResource':
      return evaluateContainerResource(spec, context);
    case 'Pods':
      return evaluatePods(spec, context);
    case 'Object':
      return evaluateObject(spec, context);
    case 'External':
      return evaluateExternal(spec, context);
  }
}

/** `status.currentMetrics`: an entry of no type stands where a metric failed. */
export function statusesOf(metrics: readonly EvaluatedMetric[]): readonly MetricStatus[] {
  return metrics.map((metric) => (isFailure(metric) ? { type: '' } : metric.status));
}

function combine(
  metrics: readonly EvaluatedMetric[],
  context: MetricContext,
  conditions: Conditions,
): ScalableSet | BlockedSet {
  let best = { replicas: 0, metric: '' };
  let invalid = 0;
  let firstInvalid: Extract<EvaluatedMetric, { error: string }> | undefined;
  for (const metric of metrics) {
    if (isFailure(metric)) {
      invalid++;
      firstInvalid ??= metric;
    } else if (best.replicas === 0 || metric.replicas > best.replicas) {
      best = { replicas: metric.replicas, metric: metric.name };
    }
  }
  let error: string | undefined;
  if (firstInvalid) {
    const cause = `${firstInvalid.prefix}${firstInvalid.error}`;
    error = `invalid metrics (${invalid} invalid out of ${metrics.length}), first error is: ${cause}`;
    if (invalid === metrics.length || best.replicas < context.scale.specReplicas) {
      const text = `the HPA was unable to compute the replica count: ${firstInvalid.error}`;
      const message = asError(text, context.config.rules.formatsErrors);
      conditions.set('ScalingActive', 'False', firstInvalid.reason, message);
      return { metrics, error };
    }
  }
  const message = `the HPA was able to successfully calculate a replica count from ${best.metric}`;
  conditions.set('ScalingActive', 'True', 'ValidMetricFound', message);
  return { metrics, best, error };
}

function asError(message: string, formatted: boolean): string {
  return formatted ? formatWithoutArguments(message) : message;
}

/** `validateAndParseSelector`. */
function selectorProblem(context: MetricContext): SelectorProblem | undefined {
  const { selector } = context.scale;
  if (selector === '') {
    return {
      event: 'SelectorRequired',
      message: 'selector is required',
      condition: { reason: 'InvalidSelector', message: "the HPA target's scale is missing a selector" },
    };
  }
  const unreadable = selectorError(selector, context.config.minor);
  if (unreadable !== undefined) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${unreadable}`;
    return { event: 'InvalidSelector', message };
  }
  return ambiguousSelector(context);
}
