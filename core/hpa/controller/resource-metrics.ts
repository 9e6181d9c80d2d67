import { Quantity } from '../../kube/quantity';
import { type Failure, isFailure } from './inputs';
import { type EvaluatedMetric, type MetricContext } from './metric';
import { plainReplicas, type ReplicaProposal, utilizationReplicas } from './per-pod-replicas';
import { type MetricSpec, type ResourceTarget } from '../admission/spec';
import { type MetricValueStatus } from './status';

/** Use of a resource per pod (`computeStatusForResourceMetric`). */
export function evaluateResource(
  spec: Extract<MetricSpec, { type: 'Resource' }>,
  context: MetricContext,
): EvaluatedMetric {
  const { name: resource, target } = spec.resource;
  const name = target.averageValue
    ? `${resource} resource`
    : `${resource} resource utilization (percentage of request)`;
  const proposal = resourceReplicas(resource, '', target, context);
  if (isFailure(proposal)) {
    const prefix = `failed to get ${resource} resource metric value: `;
    return { spec, name, reason: 'FailedGetResourceMetric', error: proposal.error, prefix };
  }
  const current = resourceCurrent(resource, proposal, context);
  const status = { type: 'Resource', resource: { name: resource, current } } as const;
  return { spec, name, replicas: proposal.replicas, current, status };
}

/** Use of a resource by one container of each pod (`computeStatusForContainerResourceMetric`). */
export function evaluateContainerResource(
  spec: Extract<MetricSpec, { type: 'ContainerResource' }>,
  context: MetricContext,
): EvaluatedMetric {
  const { name: resource, container, target } = spec.containerResource;
  const name = target.averageValue
    ? `${resource} resource`
    : `${resource} container resource utilization (percentage of request)`;
  const proposal = resourceReplicas(resource, container, target, context);
  if (isFailure(proposal)) {
    const prefix = `failed to get ${container} container metric value: `;
    return { spec, name, reason: 'FailedGetContainerResourceMetric', error: proposal.error, prefix };
  }
  const current = resourceCurrent(resource, proposal, context);
  const containerResource = { name: resource, container, current };
  const status = { type: 'ContainerResource', containerResource } as const;
  return { spec, name, replicas: proposal.replicas, current, status };
}

/**
 * `computeStatusForResourceMetricGeneric`
 * @param container the container that alone counts; empty for the whole pod
 */
function resourceReplicas(
  resource: string,
  container: string,
  target: ResourceTarget,
  context: MetricContext,
): ReplicaProposal | Failure {
  const { metrics } = context.inputs;
  const samples = container === '' ? metrics.resource(resource) : metrics.resource(resource, container);
  const proposal = isFailure(samples)
    ? { error: `unable to get metrics for resource ${resource}: ${samples.error}` }
    : target.averageValue
      ? plainReplicas(samples, resource, target.averageValue.milliInt64(), context)
      : utilizationReplicas(samples, resource, container, target.averageUtilization, context);
  if (!isFailure(proposal)) return proposal;
  const what = target.averageValue ? 'usage' : 'utilization';
  return { error: `failed to get ${resource} ${what}: ${proposal.error}` };
}

/** Since 1.34 memory is written in binary units (`buildQuantity`). */
function resourceCurrent(
  resource: string,
  { usage, utilization }: ReplicaProposal,
  { config }: MetricContext,
): MetricValueStatus {
  const format = resource === 'memory' && config.rules.binaryMemory ? 'BinarySI' : 'DecimalSI';
  const averageValue = Quantity.milli(usage, format);
  return utilization === undefined ? { averageValue } : { averageValue, averageUtilization: utilization };
}
