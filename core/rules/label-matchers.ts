import { UsageError } from '../errors';
import { type Selector } from '../kube/selector';
import { type SelectorRequirement } from '../kube/selector-requirement';
import { goQuote } from '../kube/go-quote';
import { quoteMeta } from '../kube/go-regexp';

/** One label condition of a query, and what it contributes to the template's variables. */
export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  /** The matcher's value: literal, or a regular expression for `=~` and `!~`. */
  readonly value: string;
  /** The values asked for, joined by `|`: what `.LabelValuesByName` holds. */
  readonly values: string;
}

/** `label="value"`, quoted as Go's `%q` quotes. */
export function matcherText({ label, operator, value }: LabelMatcher): string {
  return `${label}${operator}${goQuote(value)}`;
}

/**
 * Matchers of a metric selector, sorted by key as `labels.Selector` keeps them.
 *
 * Values of `in` and `notin` become a regular expression as they are: a single one may be an expression of the
 * user's, which upstream documents as a feature.
 * @throws UsageError on the operators `<` and `>`, with upstream's message
 */
export function selectorMatchers(selector: Selector): LabelMatcher[] {
  return [...selector.requirements]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(requirementMatcher);
}

/**
 * Matcher of the objects asked for: equality for one name, otherwise an alternation of the names.
 * @param literal whether the names are escaped; upstream puts them there as they are
 */
export function nameMatcher(label: string, names: readonly string[], literal: boolean): LabelMatcher {
  const values = names.join('|');
  if (names.length <= 1) return { label, operator: '=', value: values, values };
  return { label, operator: '=~', value: literal ? names.map(quoteMeta).join('|') : values, values };
}

function requirementMatcher(requirement: SelectorRequirement): LabelMatcher {
  const label = requirement.key;
  const values = [...new Set(requirement.values)].sort().join('|');
  switch (requirement.operator) {
    case '=':
    case '==':
      return { label, operator: '=', value: values, values };
    case '!=':
      return { label, operator: '!=', value: values, values };
    case 'In':
    case 'NotIn':
      return { label, operator: requirement.operator === 'In' ? '=~' : '!~', value: values, values };
    case 'Exists':
      return { label, operator: '!=', value: '', values: '' };
    case 'DoesNotExist':
      return { label, operator: '=', value: '', values: '' };
    case '>':
    case '<':
      throw new UsageError('operator not supported by prometheus');
  }
}
