import { type ObjectRef } from '../kube/object';
import { type Quantity } from '../kube/quantity';
import { type Labels, type Selector } from '../kube/selector';
import { milliQuantity } from './milli-quantity';
import { type CustomPlan, type ExternalPlan, objectNames, type Plan } from './plan';
import { type QueryOutcome, type QuerySample } from './request';
import { internalError, metricNotFound, plainError, type Status, unableToFetch } from './status';

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

/** `ExternalMetricValueList` of `external.metrics.k8s.io`. */
export interface ExternalMetricValues {
  readonly kind: 'external';
  readonly items: readonly ExternalMetricValue[];
}

export interface ExternalMetricValue {
  readonly metricName: string;
  readonly metricLabels: Labels;
  readonly value: Quantity;
  readonly timestampMs: number;
}

/**
 * Turns the results of a plan's queries into the answer to its request.
 * @param outcomes one for each of `plan.queries`, in their order
 * @param atMs when the queries were evaluated
 */
export function answer(plan: Plan, outcomes: readonly QueryOutcome[], atMs: number): Answer {
  if (plan.kind === 'refused') return plan.status;
  const samples: QuerySample[] = [];
  for (const outcome of outcomes) {
    if ('error' in outcome) return unableToFetch(`unable to fetch metrics from prometheus: ${outcome.error}`);
    if (outcome.type === 'vector') samples.push(...outcome.samples);
    else if (outcome.type === 'scalar' && plan.kind === 'external')
      samples.push({ labels: {}, value: outcome.value });
    else return unexpectedResult(plan, outcome.type);
  }
  return plan.kind === 'custom' ? customAnswer(plan, samples, atMs) : externalAnswer(plan, samples, atMs);
}

function unexpectedResult({ kind }: CustomPlan | ExternalPlan, type: string): Status {
  return kind === 'custom'
    ? unableToFetch(`unexpected results from prometheus: expected vector, got ${type}`)
    : plainError('encountered an unexpected query result type');
}

/** Values by object, in the order of the request; of several samples for one object the last counts. */
function customAnswer(plan: CustomPlan, samples: readonly QuerySample[], atMs: number): Answer {
  const { request, label } = plan;
  const values = new Map(samples.map(({ labels, value }) => [labels[label] ?? '', value]));
  const items: CustomMetricValue[] = [];
  for (const name of objectNames(request)) {
    const value = values.get(name);
    if (value === undefined) continue;
    const quantity = milliQuantity(Number.isNaN(value) ? 0 : value);
    if (!quantity) return unrepresentable(request.metric, value, `${label}="${name}"`);
    items.push(customValue(plan, name, quantity, atMs));
  }
  if (typeof request.objects === 'string' && items.length === 0) {
    const cause =
      samples.length === 0 ? 'the query has no results' : `no result has ${label}="${request.objects}"`;
    return metricNotFound(request.metric, request.groupResource, cause, request.objects);
  }
  return { kind: 'custom', items };
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
  { request }: ExternalPlan,
  samples: readonly QuerySample[],
  timestampMs: number,
): Answer {
  const items: ExternalMetricValue[] = [];
  for (const { labels, value } of samples) {
    const quantity = milliQuantity(value);
    if (!quantity) return unrepresentable(request.metric, value, JSON.stringify(labels));
    items.push({ metricName: request.metric, metricLabels: labels, value: quantity, timestampMs });
  }
  return { kind: 'external', items };
}

function unrepresentable(metric: string, value: number, sample: string): Status {
  const message = `the value of metric ${metric} is ${value}, which is not a quantity`;
  return internalError(
    message,
    `${message}, in the result with ${sample}; change metricsQuery so that it cannot be`,
  );
}
