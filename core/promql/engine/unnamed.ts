import { type Labels } from '../../kube/selector';
import { dropMetricName } from '../labels';

/** The labels of a result that measures something else than its operand: without the name, unless that goes later. */
export function unnamed(labels: Labels, delayedNameRemoval: boolean): Labels {
  return delayedNameRemoval ? labels : dropMetricName(labels);
}
