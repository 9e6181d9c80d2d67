import { type Labels } from '../../kube/selector';
import { type VectorMatching } from '../language/ast';
import { dropLabels, keepLabels, labelsKey, METRIC_NAME, perLabels } from '../labels';

/** Elements with the same signature belong together. */
export function signatureOf(matching: VectorMatching): (labels: Labels) => string {
  return perLabels((labels) => labelsKey(matchedLabels(labels, matching)));
}

/** The labels of an element that are compared. */
export function matchedLabels(of: Labels, { on, labels }: VectorMatching): Labels {
  return on ? keepLabels(of, labels) : dropLabels(of, [METRIC_NAME, ...labels]);
}
