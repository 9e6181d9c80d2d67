import { type ObjectRef } from '../kube/object';
import { type Quantity } from '../kube/quantity';
import { type Labels, type Selector } from '../kube/selector';
import { formatG } from '../promql/go-float';
import { type AgeResult, NewestSamples } from './newest-samples';
import { type CustomPlan, type ExternalPlan, objectNames, type Plan } from './plan';
import { type QueryFailure, type QueryOutcome } from './request';
import { sampleQuantity } from './sample-quantity';
import {
  internalError,
  metricNotFound,
  plainError,
  sourceUnavailable,
  type Status,
  unableToFetch,
} from './status';

/** What the adapter sends back. */
export type Answer = CustomMetricValues | ExternalMetricValues | Status;

/** `MetricValueList` of `custom.metrics.k8s.io`, in the shape of v1beta2. */
export interface CustomMetricValues {
  readonly kind: 'custom';
  readonly items: readonly CustomMetricValue[];
}

export interface CustomMetricValue {
  readonly describedObject: ObjectRef;
  readonly metric: { readonly name: string; readonly selector?: Selector | undefined };
  readonly value: Quantity;
  readonly timestampMs: number;
}

/** A sample of a vector, or a scalar, which has no labels. */
interface ResultSample {
  readonly labels: Labels | undefined;
  readonly value: number;
}

/** `ExternalMetricValueList` of `external.metrics.k8s.io`. */
export interface ExternalMetricValues {
  readonly kind: 'external';
  readonly items: readonly ExternalMetricValue[];
}

export interface ExternalMetricValue {
  readonly metricName: string;
  /** Absent for a scalar, which has none. */
  readonly metricLabels: Labels | undefined;
  readonly value: Quantity;
  readonly timestampMs: number;
}

/**
 * Turns the results of a plan's queries into the answer to its request.
 * @param outcomes one for each of `plan.queries`, in their order
 * @param atMs when the values were evaluated
 * @param evaluatedMs when each of the queries was, where not all were evaluated together: the age of samples counts from
 * when it was asked for
 */
export function answer(
  plan: Plan,
  outcomes: readonly QueryOutcome[],
  atMs: number,
  evaluatedMs: readonly number[] = [],
): Answer {
  if (plan.kind === 'refused') return plan.status;
  const samples: ResultSample[] = [];
  const first = outcomes.length - plan.ageQueries;
  for (const outcome of outcomes.slice(0, first)) {
    if ('error' in outcome) return failure(plan, outcome);
    // A flood of samples is more than a call takes as arguments.
    if (outcome.type === 'vector') for (const sample of outcome.samples) samples.push(sample);
    else if (outcome.type === 'scalar' && plan.kind === 'external')
      samples.push({ labels: undefined, value: outcome.value });
    else return unexpectedResult(plan, outcome.type);
  }
  const ages: AgeResult[] = [];
  for (const [index, outcome] of outcomes.slice(first).entries()) {
    if ('error' in outcome) return failure(plan, outcome);
    if (outcome.type !== 'vector') return unexpectedResult(plan, outcome.type);
    ages.push({ samples: outcome.samples, atMs: evaluatedMs[first + index] ?? atMs });
  }
  const newest = NewestSamples.of(plan, ages);
  return plan.kind === 'custom'
    ? customAnswer(plan, samples, newest, atMs)
    : externalAnswer(plan, samples, newest, atMs);
}

function failure({ source }: CustomPlan | ExternalPlan, failed: QueryFailure): Status {
  const cause = `unable to fetch metrics from prometheus: ${failed.error}`;
  return failed.unavailable ? sourceUnavailable(source, cause, failed.retryAfterMs) : unableToFetch(cause);
}

function unexpectedResult({ kind }: CustomPlan | ExternalPlan, type: string): Status {
  return kind === 'custom'
    ? unableToFetch(`unexpected results from prometheus: expected vector, got ${type}`)
    : plainError('encountered an unexpected query result type');
}

/** Values by object, in the order of the request. */
function customAnswer(
  plan: CustomPlan,
  samples: readonly ResultSample[],
  newest: NewestSamples | undefined,
  atMs: number,
): Answer {
  const { request, label, policies } = plan;
  const values = valuesByObject(plan, samples);
  const items: CustomMetricValue[] = [];
  let stale: string | undefined;
  for (const name of objectNames(request)) {
    const value = values.get(name);
    if (value === undefined) continue;
    const problem = newest?.problemOf(name);
    if (problem !== undefined) {
      stale = `${problem} with ${label}="${name}"`;
      if (plan.settings.staleness?.action === 'error') return tooOld(request.metric, stale);
      continue;
    }
    if (value === 'several') return several(request.metric, `${label}="${name}"`);
    const result = sampleQuantity(value, 'custom', policies);
    if (result.kind === 'refused') return unrepresentable(request.metric, value, `${label}="${name}"`);
    if (result.kind === 'value') {
      items.push(customValue(plan, name, result.quantity, newest?.timeOf(name) ?? atMs));
    }
  }
  if (typeof request.objects === 'string' && items.length === 0) {
    const cause =
      stale ?? missingCause(samples, `${label}="${request.objects}"`, values.get(request.objects));
    return metricNotFound(request.metric, request.groupResource, cause, request.objects);
  }
  return { kind: 'custom', items };
}

/** What the results say of each object; `several` where there is more than one, and that is an error. */
function valuesByObject(
  { label, policies }: CustomPlan,
  samples: readonly ResultSample[],
): ReadonlyMap<string, number | 'several'> {
  const values = new Map<string, number | 'several'>();
  for (const { labels, value } of samples) {
    const name = labels?.[label] ?? '';
    const before = values.get(name);
    if (before === undefined || policies.duplicates === 'upstream') values.set(name, value);
    else values.set(name, policies.duplicates === 'sum' && before !== 'several' ? before + value : 'several');
  }
  return values;
}

function missingCause(
  samples: readonly ResultSample[],
  object: string,
  value: number | 'several' | undefined,
): string {
  if (samples.length === 0) return 'the query has no results';
  return value === undefined
    ? `no result has ${object}`
    : `the result with ${object} is ${spelled(value)}, which the rule leaves out`;
}

function customValue(
  { request, resource }: CustomPlan,
  name: string,
  value: Quantity,
  timestampMs: number,
): CustomMetricValue {
  const { metric, metricSelector, namespace } = request;
  const { group, version, kind } = resource;
  return {
    describedObject: { apiVersion: group === '' ? version : `${group}/${version}`, kind, namespace, name },
    metric: { name: metric, ...(metricSelector.empty ? {} : { selector: metricSelector }) },
    value,
    timestampMs,
  };
}

function externalAnswer(
  { request, policies, settings }: ExternalPlan,
  samples: readonly ResultSample[],
  newest: NewestSamples | undefined,
  atMs: number,
): Answer {
  const items: ExternalMetricValue[] = [];
  const problem = samples.length > 0 ? newest?.problemOf('') : undefined;
  if (problem !== undefined) {
    return settings.staleness?.action === 'error'
      ? tooOld(request.metric, problem)
      : { kind: 'external', items };
  }
  const timestampMs = newest?.timeOf('') ?? atMs;
  for (const { labels, value } of samples) {
    const result = sampleQuantity(value, 'external', policies);
    if (result.kind === 'refused')
      return unrepresentable(request.metric, value, JSON.stringify(labels ?? {}));
    if (result.kind === 'skipped') continue;
    items.push({ metricName: request.metric, metricLabels: labels, value: result.quantity, timestampMs });
  }
  return { kind: 'external', items };
}

function tooOld(metric: string, problem: string): Status {
  return internalError(`the samples of metric ${metric} are too old`, problem);
}

function unrepresentable(metric: string, value: number, sample: string): Status {
  const message = `the value of metric ${metric} is ${spelled(value)}, which is not a quantity`;
  return internalError(
    message,
    `${message}, in the result with ${sample}; change metricsQuery so that it cannot be`,
  );
}

function several(metric: string, object: string): Status {
  const message = `the query of metric ${metric} has several results for one object`;
  return internalError(message, `${message}, with ${object}; aggregate by <<.GroupBy>> in metricsQuery`);
}

/** A value as Prometheus spells it. */
function spelled(value: number | 'several'): string {
  return value === 'several' ? value : formatG(value);
}
