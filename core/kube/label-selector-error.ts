import { NEWEST_MINOR } from './field-error';
import { goQuote } from './go-quote';
import { requirementError } from './requirement-error';
import { type LabelSelector, selectorOperator } from './selector';
import { sortedEntries } from './sorted-entries';

/**
 * Why `metav1.LabelSelectorAsSelector` of `k8s.io/apimachinery` refuses a selector: the text of its error, undefined
 * if it accepts it. It stops at the first requirement that is wrong, `matchLabels` before `matchExpressions`; among
 * several wrong labels Go's is an arbitrary one, this is the first by key.
 * @param minor of the Kubernetes version whose words these are
 */
export function labelSelectorError(selector: LabelSelector, minor = NEWEST_MINOR): string | undefined {
  for (const [key, value] of sortedEntries(selector.matchLabels ?? {})) {
    const problem = requirementError({ key, operator: '=', values: [value] }, minor);
    if (problem !== undefined) return problem;
  }
  for (const { key, operator: name, values = [] } of selector.matchExpressions ?? []) {
    const operator = selectorOperator(name);
    if (!operator) return `${goQuote(name)} is not a valid label selector operator`;
    const problem = requirementError({ key, operator, values }, minor);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
