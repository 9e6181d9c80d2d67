import { type LabelSelector } from '../../kube/selector';
import { sortedEntries } from '../../kube/sorted-entries';

/** A metric selector as Go's `%+v` prints a `*metav1.LabelSelector`, which is how reasons and errors show it. */
export function goText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = sortedEntries(selector.matchLabels ?? {})
    .map(([key, value]) => `${key}: ${value},`)
    .join('');
  const expressions = (selector.matchExpressions ?? [])
    .map(({ key, operator, values = [] }) => requirementText(key, operator, values))
    .join('');
  return (
    `&LabelSelector{MatchLabels:map[string]string{${labels}},` +
    `MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
  );
}

function requirementText(key: string, operator: string, values: readonly string[]): string {
  return `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`;
}
