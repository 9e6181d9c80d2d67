import { parseInt64 } from './parse-int64';

/** One condition, with the operators of `metav1.LabelSelectorRequirement`, of the textual form and of `matchLabels`. */
export interface SelectorRequirement {
  readonly key: string;
  /** `=` is kept apart from a one-valued `In` because the adapter makes different matchers of them. */
  readonly operator: '=' | '==' | '!=' | 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | '>' | '<';
  readonly values: readonly string[];
}

/** Whether the value that an object has under the key, if any, meets the requirement (`labels.Requirement.Matches`). */
export function satisfies({ operator, values }: SelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case '=':
    case '==':
    case 'In':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case '>':
    case '<': {
      const [actual, bound] = [value, values[0]].map((text) =>
        text === undefined ? text : parseInt64(text),
      );
      if (actual === undefined || bound === undefined) return false;
      return operator === '>' ? actual > bound : actual < bound;
    }
  }
}

/** As `labels.Requirement.String()` prints it. */
export function requirementText({ key, operator, values }: SelectorRequirement): string {
  const sorted = [...values].sort();
  switch (operator) {
    case '=':
    case '==':
    case '!=':
    case '>':
    case '<':
      return `${key}${operator}${sorted.join(',')}`;
    case 'In':
      return `${key} in (${sorted.join(',')})`;
    case 'NotIn':
      return `${key} notin (${sorted.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}
