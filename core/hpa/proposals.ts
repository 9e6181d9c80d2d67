import { isFailure } from './controller/inputs';
import { type EvaluatedMetric } from './controller/metric';
import { type MetricSpec } from './admission/spec';
import { type MetricValueStatus } from './controller/status';

/** What one metric asked for, for reports. */
interface MetricProposal {
  /** The metric as the controller's reason texts name it. */
  readonly metric: string;
  /** A quantity, a percentage of the request such as `50%`, or `<unknown>`. */
  readonly current: string;
  /** A quantity or a percentage, likewise. */
  readonly target: string;
  /** Absent if the metric failed. */
  readonly replicas?: number | undefined;
  /** Why the metric failed, as its event says it. */
  readonly error?: string | undefined;
}

/** The proposal of an evaluated metric. */
export function proposalOf(metric: EvaluatedMetric): MetricProposal {
  const asked = { metric: metric.name, target: valueText(targetOf(metric.spec)) };
  if (isFailure(metric)) return { ...asked, current: UNKNOWN, error: metric.error };
  return { ...asked, current: valueText(metric.current), replicas: metric.replicas };
}

const UNKNOWN = '<unknown>';

/** The part of the target that the controller looks at. */
function targetOf(spec: MetricSpec): MetricValueStatus {
  switch (spec.type) {
    case 'Resource':
      return averageOrUtilization(spec.resource.target);
    case 'ContainerResource':
      return averageOrUtilization(spec.containerResource.target);
    case 'Pods':
      return { averageValue: spec.pods.target.averageValue };
    case 'Object': {
      const { type, value, averageValue } = spec.object.target;
      if (type === 'Value') return { value };
      return type === 'AverageValue' ? { averageValue } : {};
    }
    case 'External': {
      const { value, averageValue } = spec.external.target;
      return averageValue ? { averageValue } : { value };
    }
  }
}

function averageOrUtilization({ averageValue, averageUtilization }: MetricValueStatus): MetricValueStatus {
  return averageValue ? { averageValue } : { averageUtilization };
}

function valueText({ averageUtilization, averageValue, value }: MetricValueStatus): string {
  if (averageUtilization !== undefined) return `${averageUtilization}%`;
  return (averageValue ?? value)?.toString() ?? UNKNOWN;
}
