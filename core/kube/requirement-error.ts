import { invalid, stringListText } from './field-error';
import { goQuote } from './go-quote';
import { parseInt64 } from './parse-int64';
import { labelKeyProblems, labelValueProblems } from './name-syntax';
import { type SelectorRequirement } from './selector-requirement';

/**
 * Why `labels.NewRequirement` of `k8s.io/apimachinery` refuses a requirement: all its reasons, as the error prints
 * them; undefined if it does not.
 * @param minor of the Kubernetes version whose words these are
 */
export function requirementError(requirement: SelectorRequirement, minor: number): string | undefined {
  const { key, values } = requirement;
  const problems = [
    ...labelKeyError('key', key, minor),
    ...valueCountProblems(requirement, minor),
    ...integerProblems(requirement),
    ...values.flatMap((value, index) => {
      const wrong = labelValueProblems(value, minor);
      return wrong.length > 0 ? [invalid(`values[${index}][${key}]`, goQuote(value), wrong.join('; '))] : [];
    }),
  ];
  return problems.length > 1 ? `[${problems.join(', ')}]` : problems[0];
}

/** The key's field error, or nothing. */
export function labelKeyError(path: string, key: string, minor: number): string[] {
  const wrong = labelKeyProblems(key, minor);
  return wrong.length > 0 ? [invalid(path, goQuote(key), wrong.join('; '))] : [];
}

/** The other operators cannot be written with the wrong number of values. */
function valueCountProblems({ operator, values }: SelectorRequirement, minor: number): string[] {
  const problem = (detail: string): string[] => [invalid('values', stringListText(values, minor), detail)];
  const inSet = operator === 'In' || operator === 'NotIn';
  if (inSet && values.length === 0) return problem("for 'in', 'notin' operators, values set can't be empty");
  const presence = operator === 'Exists' || operator === 'DoesNotExist';
  if (presence && values.length > 0) return problem('values set must be empty for exists and does not exist');
  return [];
}

function integerProblems({ operator, values }: SelectorRequirement): string[] {
  if (operator !== '>' && operator !== '<') return [];
  return values.flatMap((value, index) =>
    parseInt64(value) === undefined
      ? [
          invalid(
            `values[${index}]`,
            goQuote(value),
            "for 'Gt', 'Lt' operators, the value must be an integer",
          ),
        ]
      : [],
  );
}
