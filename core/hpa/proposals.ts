import { isFailure } from './inputs';
import { type EvaluatedMetric } from './metric-sources';
import { type MetricValueStatus } from './status';

/** What one metric asked for, for reports. */
export interface MetricProposal {
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
export function proposalOf({ name, target, result }: EvaluatedMetric): MetricProposal {
  const asked = { metric: name, target: valueText(target) };
  if (isFailure(result)) return { ...asked, current: UNKNOWN, error: result.error };
  return { ...asked, current: valueText(result.current), replicas: result.replicas };
}

const UNKNOWN = '<unknown>';

function valueText({ averageUtilization, averageValue, value }: MetricValueStatus): string {
  if (averageUtilization !== undefined) return `${averageUtilization}%`;
  return (averageValue ?? value)?.toString() ?? UNKNOWN;
}
