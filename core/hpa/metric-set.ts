import { messageOf } from '../errors';
import { Selector } from '../kube/selector';
import { condition, type Conditions } from './conditions';
import { isFailure } from './inputs';
import { type EvaluatedMetric, evaluateMetric, type MetricContext } from './metric-sources';
import { type MetricProposal, proposalOf } from './proposals';
import { type HpaEvent } from './result';
import { type MetricSpec } from './spec';
import { type MetricStatus } from './status';

interface EvaluatedSet {
  readonly statuses: readonly MetricStatus[];
  readonly proposals: readonly MetricProposal[];
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

/** A selector that cannot be used: nothing was evaluated. */
interface SelectorProblem {
  /** Reason of the event. */
  readonly event: string;
  /** Reason and message of the condition, where they differ from the event's. */
  readonly condition?: { readonly reason: string; readonly message: string } | undefined;
  readonly message: string;
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
  const problem = selectorProblem(context);
  if (problem) {
    events.push({ type: 'Warning', reason: problem.event, message: problem.message });
    const { reason, message } = problem.condition ?? { reason: problem.event, message: problem.message };
    conditions.set(condition('ScalingActive', 'False', reason, message));
    return { statuses: [], proposals: [], error: problem.message };
  }
  const evaluated = context.inputs.spec.metrics.map((spec) => evaluateAndReport(spec, context, events));
  return combine(evaluated, context, conditions);
}

function evaluateAndReport(spec: MetricSpec, context: MetricContext, events: HpaEvent[]): EvaluatedMetric {
  const metric = evaluateMetric(spec, context);
  if (isFailure(metric.result)) {
    events.push({ type: 'Warning', reason: metric.failureReason, message: metric.result.error });
  }
  return metric;
}

function combine(
  evaluated: readonly EvaluatedMetric[],
  context: MetricContext,
  conditions: Conditions,
): ScalableSet | BlockedSet {
  let replicas = 0;
  let metric = '';
  let invalidCount = 0;
  let firstInvalid: { readonly reason: string; readonly error: string; readonly prefix: string } | undefined;
  for (const { name, result, failureReason, errorPrefix } of evaluated) {
    if (isFailure(result)) {
      invalidCount++;
      firstInvalid ??= { reason: failureReason, error: result.error, prefix: errorPrefix };
    } else if (replicas === 0 || result.replicas > replicas) {
      ({ replicas } = result);
      metric = name;
    }
  }
  const set: EvaluatedSet = {
    statuses: evaluated.map(({ result }) => (isFailure(result) ? { type: '' } : result.status)),
    proposals: evaluated.map(proposalOf),
  };
  let error: string | undefined;
  if (firstInvalid) {
    const cause = `${firstInvalid.prefix}${firstInvalid.error}`;
    error = `invalid metrics (${invalidCount} invalid out of ${evaluated.length}), first error is: ${cause}`;
    if (invalidCount === evaluated.length || replicas < context.scale.specReplicas) {
      const message = `the HPA was unable to compute the replica count: ${firstInvalid.error}`;
      conditions.set(condition('ScalingActive', 'False', firstInvalid.reason, message));
      return { ...set, error };
    }
  }
  const message = `the HPA was able to successfully calculate a replica count from ${metric}`;
  conditions.set(condition('ScalingActive', 'True', 'ValidMetricFound', message));
  return { ...set, best: { replicas, metric }, error };
}

/** `validateAndParseSelector`. */
function selectorProblem({ scale, inputs, config }: MetricContext): SelectorProblem | undefined {
  if (scale.selector === '') {
    return {
      event: 'SelectorRequired',
      message: 'selector is required',
      condition: { reason: 'InvalidSelector', message: "the HPA target's scale is missing a selector" },
    };
  }
  const parseError = selectorError(scale.selector);
  if (parseError !== undefined) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${parseError}`;
    return { event: 'InvalidSelector', message };
  }
  if (!inputs.otherHpas?.length) return undefined;
  const rivals = [inputs.name, ...inputs.otherHpas].map((name) => `{${name} ${inputs.namespace}}`);
  const message =
    config.minor >= 37
      ? `are controlled by more than one HPA (e.g. [${rivals.slice(0, 2).join(' ')}])`
      : `are controlled by multiple HPAs: [${rivals.join(' ')}]`;
  return { event: 'AmbiguousSelector', message: `pods by selector ${scale.selector} ${message}` };
}

function selectorError(selector: string): string | undefined {
  try {
    Selector.parse(selector);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
