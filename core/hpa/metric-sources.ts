import { Quantity } from '../kube/quantity';
import { type HpaConfig } from './config';
import { type Failure, type HpaInputs, isFailure, type PodMetrics, type ScaleView } from './inputs';
import { plainReplicas, type PodsView, type ReplicaProposal, utilizationReplicas } from './per-pod-replicas';
import { goText } from './selector-text';
import {
  type ContainerResourceSource,
  type ExternalSource,
  type MetricSpec,
  type MetricTarget,
  type ObjectSource,
  type PodsSource,
  type ResourceSource,
} from './spec';
import { type MetricStatus, type MetricValueStatus } from './status';
import {
  externalAverageReplicas,
  externalAverageTotal,
  externalValueTotal,
  objectAverageReplicas,
  valueReplicas,
} from './total-replicas';

/** What the evaluation of one metric reads. */
export interface MetricContext extends PodsView {
  readonly inputs: HpaInputs;
  readonly scale: ScaleView;
}

/** A replica count, and the status entry of the metric it comes from. */
interface MetricResult {
  readonly replicas: number;
  readonly current: MetricValueStatus;
  readonly status: MetricStatus;
}

/** One metric, evaluated. */
export interface EvaluatedMetric {
  /** As the reason of a rescale and the condition ScalingActive name it. */
  readonly name: string;
  readonly target: MetricValueStatus;
  /** Reason of the event and the condition if the metric fails. */
  readonly failureReason: string;
  /** What the error of the whole set puts before the metric's own. */
  readonly errorPrefix: string;
  readonly result: MetricResult | Failure;
}

/** Evaluates one entry of `spec.metrics` (`computeReplicasForMetric`). */
export function evaluateMetric(spec: MetricSpec, context: MetricContext): EvaluatedMetric {
  switch (spec.type) {
    case 'Resource':
      return evaluateResource(spec.resource, context);
    case 'ContainerResource':
      return evaluateContainerResource(spec.containerResource, context);
    case 'Pods':
      return evaluatePods(spec.pods, context);
    case 'Object':
      return evaluateObject(spec.object, context);
    case 'External':
      return evaluateExternal(spec.external, context);
  }
}

function resultOf(
  proposal: ReplicaProposal | Failure,
  currentOf: (proposal: ReplicaProposal) => MetricValueStatus,
  statusOf: (current: MetricValueStatus) => MetricStatus,
): MetricResult | Failure {
  if (isFailure(proposal)) return proposal;
  const current = currentOf(proposal);
  return { replicas: proposal.replicas, current, status: statusOf(current) };
}

function asValue({ usage }: ReplicaProposal): MetricValueStatus {
  return { value: Quantity.milli(usage) };
}

function asAverageValue({ usage }: ReplicaProposal): MetricValueStatus {
  return { averageValue: Quantity.milli(usage) };
}

function evaluateResource({ name, target }: ResourceSource, context: MetricContext): EvaluatedMetric {
  return {
    name: target.averageValue ? `${name} resource` : `${name} resource utilization (percentage of request)`,
    target: resourceTarget(target),
    failureReason: 'FailedGetResourceMetric',
    errorPrefix: `failed to get ${name} resource metric value: `,
    result: resultOf(
      resourceReplicas(name, '', target, context),
      resourceCurrent(name, context.config),
      (current) => ({
        type: 'Resource',
        resource: { name, current },
      }),
    ),
  };
}

function evaluateContainerResource(source: ContainerResourceSource, context: MetricContext): EvaluatedMetric {
  const { name, container, target } = source;
  const proposal = resourceReplicas(name, container, target, context);
  return {
    name: target.averageValue
      ? `${name} resource`
      : `${name} container resource utilization (percentage of request)`,
    target: resourceTarget(target),
    failureReason: 'FailedGetContainerResourceMetric',
    errorPrefix: `failed to get ${container} container metric value: `,
    result: resultOf(proposal, resourceCurrent(name, context.config), (current) => ({
      type: 'ContainerResource',
      containerResource: { name, container, current },
    })),
  };
}

function resourceTarget({ averageValue, averageUtilization }: MetricTarget): MetricValueStatus {
  return averageValue ? { averageValue } : { averageUtilization };
}

/** An average value, where there is one, wins over a utilization. */
function resourceReplicas(
  resource: string,
  container: string,
  { averageValue, averageUtilization }: MetricTarget,
  context: MetricContext,
): ReplicaProposal | Failure {
  if (averageValue) {
    const proposal = withResourceSamples(resource, container, context, (samples) =>
      plainReplicas(samples, resource, averageValue.milliValue(), context),
    );
    return withPrefix(`failed to get ${resource} usage: `, proposal);
  }
  if (averageUtilization !== undefined) {
    const proposal = withResourceSamples(resource, container, context, (samples) =>
      utilizationReplicas(samples, resource, container, averageUtilization, context),
    );
    return withPrefix(`failed to get ${resource} utilization: `, proposal);
  }
  return {
    error:
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
  };
}

function withResourceSamples(
  resource: string,
  container: string,
  { inputs }: MetricContext,
  calculate: (samples: PodMetrics) => ReplicaProposal | Failure,
): ReplicaProposal | Failure {
  const samples =
    container === '' ? inputs.metrics.resource(resource) : inputs.metrics.resource(resource, container);
  return isFailure(samples)
    ? { error: `unable to get metrics for resource ${resource}: ${samples.error}` }
    : calculate(samples);
}

function withPrefix(prefix: string, proposal: ReplicaProposal | Failure): ReplicaProposal | Failure {
  return isFailure(proposal) ? { error: `${prefix}${proposal.error}` } : proposal;
}

/** Since 1.34 memory is written in binary units. */
function resourceCurrent(
  resource: string,
  config: HpaConfig,
): (proposal: ReplicaProposal) => MetricValueStatus {
  const format = resource === 'memory' && config.minor >= 34 ? 'BinarySI' : 'DecimalSI';
  return ({ usage, utilization }) => {
    const averageValue = Quantity.milli(usage, format);
    return utilization === undefined ? { averageValue } : { averageUtilization: utilization, averageValue };
  };
}

function evaluatePods({ metric, target }: PodsSource, context: MetricContext): EvaluatedMetric {
  const samples = context.inputs.metrics.pods(metric.name, metric.selector);
  const proposal = isFailure(samples)
    ? { error: `unable to get metric ${metric.name}: ${samples.error}` }
    : plainReplicas(samples, '', target.averageValue.milliValue(), context);
  return {
    name: `pods metric ${metric.name}`,
    target: { averageValue: target.averageValue },
    failureReason: 'FailedGetPodsMetric',
    errorPrefix: 'failed to get pods metric value: ',
    result: resultOf(proposal, asAverageValue, (current) => ({ type: 'Pods', pods: { metric, current } })),
  };
}

/** Which target counts follows from its type; a target whose type lacks its value is an error only here. */
function evaluateObject(source: ObjectSource, context: MetricContext): EvaluatedMetric {
  const { type, value, averageValue } = source.target;
  if (type === 'Value' && value) return evaluateObjectValue(source, value, context);
  if (type === 'AverageValue' && averageValue) return evaluateObjectAverage(source, averageValue, context);
  return {
    ...objectMetric(source),
    target: {},
    result: {
      error: 'invalid object metric source: neither a value target nor an average value target was set',
    },
  };
}

function objectMetric({ describedObject, metric }: ObjectSource): Omit<EvaluatedMetric, 'target' | 'result'> {
  return {
    name: `${describedObject.kind} metric ${metric.name}`,
    failureReason: 'FailedGetObjectMetric',
    errorPrefix: 'failed to get object metric value: ',
  };
}

function evaluateObjectValue(
  source: ObjectSource,
  target: Quantity,
  context: MetricContext,
): EvaluatedMetric {
  const { describedObject, metric } = source;
  const usage = objectUsage(source, context);
  const proposal = isFailure(usage) ? usage : valueReplicas(usage, target.milliValue(), context);
  return {
    ...objectMetric(source),
    target: { value: target },
    result: resultOf(proposal, asValue, (current) => ({
      type: 'Object',
      object: { describedObject, metric, current },
    })),
  };
}

/** The controller names this kind of metric an external one. */
function evaluateObjectAverage(
  source: ObjectSource,
  target: Quantity,
  context: MetricContext,
): EvaluatedMetric {
  const { metric } = source;
  const usage = objectUsage(source, context);
  const proposal = isFailure(usage)
    ? usage
    : objectAverageReplicas(usage, target.milliValue(), context.scale.statusReplicas, context.tolerance);
  const described = objectMetric(source);
  // Up to 1.32 the status left out which object the average belongs to.
  const describedObject = context.config.minor >= 33 ? source.describedObject : { kind: '', name: '' };
  return {
    ...described,
    name: externalName(metric),
    errorPrefix: `${described.errorPrefix}failed to get ${metric.name} object metric: `,
    target: { averageValue: target },
    result: resultOf(proposal, asAverageValue, (current) => ({
      type: 'Object',
      object: { describedObject, metric, current },
    })),
  };
}

function objectUsage(
  { describedObject, metric }: ObjectSource,
  { inputs, config }: MetricContext,
): bigint | Failure {
  const usage = inputs.metrics.object(metric.name, describedObject, metric.selector);
  if (!isFailure(usage)) return usage;
  const { kind, name } = describedObject;
  // Up to 1.36 the arguments of this message stood in the wrong order.
  return {
    error:
      config.minor >= 37
        ? `unable to get metric ${metric.name} on ${kind} ${inputs.namespace}/${name}: ${usage.error}`
        : `unable to get metric ${metric.name}: ${kind} on ${inputs.namespace} ${name}/${usage.error}`,
  };
}

/** An average value is looked at first, whatever the target's type. */
function evaluateExternal(source: ExternalSource, context: MetricContext): EvaluatedMetric {
  const { value, averageValue } = source.target;
  if (averageValue) return evaluateExternalAverage(source, averageValue, context);
  if (value) return evaluateExternalValue(source, value, context);
  return {
    ...externalMetric(source, ''),
    target: {},
    result: {
      error: 'invalid external metric source: neither a value target nor an average value target was set',
    },
  };
}

function externalName({ name, selector }: ExternalSource['metric']): string {
  return `external metric ${name}(${goText(selector)})`;
}

function externalMetric(
  { metric }: ExternalSource,
  errorPrefix: string,
): Omit<EvaluatedMetric, 'target' | 'result'> {
  return {
    name: externalName(metric),
    failureReason: 'FailedGetExternalMetric',
    errorPrefix: `failed to get ${metric.name} external metric value: ${errorPrefix}`,
  };
}

function evaluateExternalAverage(
  source: ExternalSource,
  target: Quantity,
  context: MetricContext,
): EvaluatedMetric {
  const { metric } = source;
  const { scale, tolerance, config } = context;
  const series = externalSeries(source, context);
  const proposal = isFailure(series)
    ? series
    : externalAverageReplicas(
        externalAverageTotal(series, config),
        target.milliValue(),
        scale.statusReplicas,
        tolerance,
        config,
      );
  return {
    ...externalMetric(source, `failed to get ${metric.name} external metric: `),
    target: { averageValue: target },
    result: resultOf(proposal, asAverageValue, (current) => ({
      type: 'External',
      external: { metric, current },
    })),
  };
}

function evaluateExternalValue(
  source: ExternalSource,
  target: Quantity,
  context: MetricContext,
): EvaluatedMetric {
  const { metric } = source;
  const series = externalSeries(source, context);
  const proposal = isFailure(series)
    ? series
    : valueReplicas(externalValueTotal(series, context.config), target.milliValue(), context);
  return {
    ...externalMetric(source, `failed to get external metric ${metric.name}: `),
    target: { value: target },
    result: resultOf(proposal, asValue, (current) => ({ type: 'External', external: { metric, current } })),
  };
}

function externalSeries({ metric }: ExternalSource, { inputs }: MetricContext): readonly bigint[] | Failure {
  const series = inputs.metrics.external(metric.name, metric.selector);
  if (!isFailure(series)) return series;
  const path = `${inputs.namespace}/${metric.name}/${goText(metric.selector)}`;
  return { error: `unable to get external metric ${path}: ${series.error}` };
}
