import { UsageError } from '../errors';
import { parseRequirements } from './selector-parser';
import { requirementText, satisfies, type SelectorRequirement } from './selector-requirement';

/** Labels of an object or a series. */
export type Labels = Readonly<Record<string, string>>;

/** `metav1.LabelSelector` as it stands in an object. */
export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly LabelSelectorRequirement[] | undefined;
}

/** `metav1.LabelSelectorRequirement`. */
interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** A parsed label selector. An empty one matches everything. */
export class Selector {
  static readonly everything = new Selector([]);

  private constructor(readonly requirements: readonly SelectorRequirement[]) {}

  /**
   * As `metav1.LabelSelectorAsSelector`, except that keys and values are taken as they are: the policies of Cilium
   * have keys that no label could have. No selector at all selects everything.
   * @throws UsageError on an operator that `metav1.LabelSelector` does not have, or values that do not fit it
   */
  static from(selector: LabelSelector | undefined): Selector {
    const equalities = Object.entries(selector?.matchLabels ?? {}).map(
      ([key, value]): SelectorRequirement => ({ key, operator: '=', values: [value] }),
    );
    const expressions = (selector?.matchExpressions ?? []).map(readExpression);
    return new Selector([...equalities, ...expressions]);
  }

  /**
   * Reads the textual form of `kubectl -l` and of the scale subresource: `a=b,c!=d,e in (f,g),h,!i`.
   * @throws UsageError if it cannot be parsed
   * @throws NotSupportedError on the operators `<` and `>`
   */
  static parse(text: string): Selector {
    return new Selector(parseRequirements(text));
  }

  matches(labels: Labels): boolean {
    return this.requirements.every((requirement) => satisfies(requirement, labels[requirement.key]));
  }

  /** Whether it selects everything because it says nothing. */
  get empty(): boolean {
    return this.requirements.length === 0;
  }

  /** Canonical text, keys in order, as `labels.Selector.String()` prints it. */
  toString(): string {
    return [...this.requirements]
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(requirementText)
      .join(',');
  }
}

function readExpression({ key, operator: name, values = [] }: LabelSelectorRequirement): SelectorRequirement {
  const operator = OPERATORS.find((known) => known === name);
  if (!operator) throw new UsageError(`"${name}" is not a valid label selector operator`);
  const wantsValues = operator === 'In' || operator === 'NotIn';
  if (wantsValues !== values.length > 0) {
    throw new UsageError(
      `label selector on "${key}": ${operator} ${wantsValues ? 'needs at least one value' : 'takes no values'}`,
    );
  }
  return { key, operator, values };
}
