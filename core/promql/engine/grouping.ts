import { type Labels } from '../../kube/selector';
import { type Grouping } from '../language/ast';
import { dropLabels, keepLabels, labelsKey, METRIC_NAME, NO_LABELS, perLabels } from '../labels';

/** The group that labels belong to. */
export interface Group {
  readonly labels: Labels;
  readonly key: string;
}

/** Computes the group of labels, and remembers it. */
export function groupingOf({ without, labels: names }: Grouping): (labels: Labels) => Group {
  const kept = (labels: Labels): Labels => {
    if (without) return dropLabels(labels, [METRIC_NAME, ...names]);
    return names.length === 0 ? NO_LABELS : keepLabels(labels, names);
  };
  return perLabels((labels) => {
    const group = kept(labels);
    return { labels: group, key: labelsKey(group) };
  });
}
