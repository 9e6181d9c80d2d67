import { type Int64 } from '../../kube/int64';
import { labelSelectorError } from '../../kube/label-selector-error';
import { Quantity } from '../../kube/quantity';
import { type Failure, isFailure } from './inputs';
import { type EvaluatedMetric, type MetricContext } from './metric';
import { plainReplicas, type ReplicaProposal } from './per-pod-replicas';
import { goText } from './selector-text';
import { type MetricIdentifier, type MetricSpec } from '../admission/spec';
import { type MetricValueStatus } from './status';
import {
  externalAverageReplicas,
  externalAverageTotal,
  externalValueTotal,
  objectAverageReplicas,
  valueReplicas,
} from './total-replicas';

type ObjectSpec = Extract<MetricSpec, { type: 'Object' }>;
type ExternalSpec = Extract<MetricSpec, { type: 'External' }>;

/** A custom metric of each pod (`computeStatusForPodsMetric`). */
export function evaluatePods(
  spec: Extract<MetricSpec, { type: 'Pods' }>,
  context: MetricContext,
): EvaluatedMetric {
  const { metric, target } = spec.pods;
  const name = `pods metric ${metric.name}`;
  const proposal = podsReplicas(metric, target.averageValue.milliInt64(), context);
  if (isFailure(proposal)) {
    const prefix = 'failed to get pods metric value: ';
    return { spec, name, reason: 'FailedGetPodsMetric', error: proposal.error, prefix };
  }
  const current = asAverageValue(proposal);
  return {
    spec,
    name,
    replicas: proposal.replicas,
    current,
    status: { type: 'Pods', pods: { metric, current } },
  };
}

function podsReplicas(
  { name, selector }: MetricIdentifier,
  target: Int64,
  context: MetricContext,
): ReplicaProposal | Failure {
  const problem = selectorProblem(selector, context);
  if (problem) return problem;
  const samples = context.inputs.metrics.pods(name, selector);
  if (isFailure(samples)) return { error: `unable to get metric ${name}: ${samples.error}` };
  return plainReplicas(samples, '', target, context);
}

/**
 * A custom metric of one object (`computeStatusForObjectMetric`). Which target counts follows from its type; a target
 * whose type lacks its value is an error only here.
 */
export function evaluateObject(spec: ObjectSpec, context: MetricContext): EvaluatedMetric {
  const { metric, target } = spec.object;
  const problem = selectorProblem(metric.selector, context);
  if (problem) return objectFailure(spec, '', problem);
  if (target.type === 'Value' && target.value) return evaluateObjectValue(spec, target.value, context);
  if (target.type === 'AverageValue' && target.averageValue) {
    return evaluateObjectAverage(spec, target.averageValue, context);
  }
  return objectFailure(spec, '', {
    error: 'invalid object metric source: neither a value target nor an average value target was set',
  });
}

function objectFailure(spec: ObjectSpec, prefix: string, { error }: Failure): EvaluatedMetric {
  return {
    spec,
    name: objectName(spec),
    reason: 'FailedGetObjectMetric',
    error,
    prefix: `failed to get object metric value: ${prefix}`,
  };
}

function objectName({ object: { describedObject, metric } }: ObjectSpec): string {
  return `${describedObject.kind} metric ${metric.name}`;
}

function evaluateObjectValue(spec: ObjectSpec, target: Quantity, context: MetricContext): EvaluatedMetric {
  const { describedObject, metric } = spec.object;
  const usage = objectUsage(spec, context);
  const proposal = isFailure(usage) ? usage : valueReplicas(usage, target.milliInt64(), context);
  if (isFailure(proposal)) return objectFailure(spec, '', proposal);
  const current = asValue(proposal);
  const status = { type: 'Object', object: { metric, current, describedObject } } as const;
  return { spec, name: objectName(spec), replicas: proposal.replicas, current, status };
}

function evaluateObjectAverage(spec: ObjectSpec, target: Quantity, context: MetricContext): EvaluatedMetric {
  const { describedObject: described, metric } = spec.object;
  const usage = objectUsage(spec, context);
  if (isFailure(usage)) return objectFailure(spec, `failed to get ${metric.name} object metric: `, usage);
  const { scale, tolerance, config } = context;
  const { statusReplicas } = scale;
  const proposal = objectAverageReplicas(usage, target.milliInt64(), statusReplicas, tolerance, config.rules);
  const current = asAverageValue(proposal);
  const describedObject = config.rules.namesObjectOfAverage ? described : { kind: '', name: '' };
  const status = { type: 'Object', object: { metric, current, describedObject } } as const;
  // The controller names this kind of metric an external one.
  return { spec, name: externalName(metric), replicas: proposal.replicas, current, status };
}

function objectUsage(
  { object: { describedObject, metric } }: ObjectSpec,
  { inputs, config }: MetricContext,
): Int64 | Failure {
  const usage = inputs.metrics.object(metric.name, describedObject, metric.selector);
  if (!isFailure(usage)) return usage;
  const { kind, name } = describedObject;
  return {
    error: config.rules.objectErrorInOrder
      ? `unable to get metric ${metric.name} on ${kind} ${inputs.namespace}/${name}: ${usage.error}`
      : `unable to get metric ${metric.name}: ${kind} on ${inputs.namespace} ${name}/${usage.error}`,
  };
}

/** A metric from outside the cluster (`computeStatusForExternalMetric`). */
export function evaluateExternal(spec: ExternalSpec, context: MetricContext): EvaluatedMetric {
  const { metric, target } = spec.external;
  const proposal = target.averageValue
    ? averageOfExternal(metric, target.averageValue.milliInt64(), context)
    : valueOfExternal(metric, target.value.milliInt64(), context);
  if (isFailure(proposal)) {
    const { name } = metric;
    const prefix = target.averageValue
      ? `failed to get ${name} external metric: `
      : `failed to get external metric ${name}: `;
    return externalFailure(spec, prefix, proposal);
  }
  const current = target.averageValue ? asAverageValue(proposal) : asValue(proposal);
  const status = { type: 'External', external: { metric, current } } as const;
  return { spec, name: externalName(metric), replicas: proposal.replicas, current, status };
}

function externalFailure(spec: ExternalSpec, prefix: string, { error }: Failure): EvaluatedMetric {
  const { metric } = spec.external;
  return {
    spec,
    name: externalName(metric),
    reason: 'FailedGetExternalMetric',
    error,
    prefix: `failed to get ${metric.name} external metric value: ${prefix}`,
  };
}

function averageOfExternal(
  metric: MetricIdentifier,
  target: Int64,
  context: MetricContext,
): ReplicaProposal | Failure {
  const series = externalSeries(metric, context);
  if (isFailure(series)) return series;
  const { scale, tolerance, config } = context;
  const total = externalAverageTotal(series, config.rules);
  return externalAverageReplicas(total, target, scale.statusReplicas, tolerance, config.rules);
}

function valueOfExternal(
  metric: MetricIdentifier,
  target: Int64,
  context: MetricContext,
): ReplicaProposal | Failure {
  const series = externalSeries(metric, context);
  if (isFailure(series)) return series;
  return valueReplicas(externalValueTotal(series, context.config.rules), target, context);
}

function externalSeries(
  { name, selector }: MetricIdentifier,
  context: MetricContext,
): readonly Int64[] | Failure {
  const problem = selectorProblem(selector, context);
  if (problem) return problem;
  const { inputs } = context;
  const series = inputs.metrics.external(name, selector);
  if (!isFailure(series)) return series;
  const path = `${inputs.namespace}/${name}/${goText(selector)}`;
  return { error: `unable to get external metric ${path}: ${series.error}` };
}

/** What came of the selectors of specs: they come back sync after sync. */
const checked = new WeakMap<object, { readonly minor: number; readonly failure: Failure | undefined }>();

/** The API server takes any metric selector; the controller finds out. */
function selectorProblem(
  selector: MetricIdentifier['selector'],
  { config }: MetricContext,
): Failure | undefined {
  if (!selector) return undefined;
  const { minor } = config;
  const known = checked.get(selector);
  if (known?.minor === minor) return known.failure;
  const error = labelSelectorError(selector, minor);
  const failure = error === undefined ? undefined : { error };
  checked.set(selector, { minor, failure });
  return failure;
}

function externalName({ name, selector }: MetricIdentifier): string {
  return `external metric ${name}(${goText(selector)})`;
}

function asValue({ usage }: ReplicaProposal): MetricValueStatus {
  return { value: Quantity.milli(usage) };
}

function asAverageValue({ usage }: ReplicaProposal): MetricValueStatus {
  return { averageValue: Quantity.milli(usage) };
}
