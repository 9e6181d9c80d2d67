import { UsageError } from '../errors';
import { ownValue } from '../own-value';
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

/** The operator of that name, if `metav1.LabelSelector` has it. */
export function selectorOperator(name: string): (typeof OPERATORS)[number] | undefined {
  return OPERATORS.find((known) => known === name);
}

/** A parsed label selector. An empty one matches everything. */
export class Selector {
  static readonly everything = new Selector([]);

  #text: string | undefined;

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
   * Reads the textual form of `kubectl -l` and of the scale subresource: `a=b,c!=d,e in (f,g),h,!i,j>1`.
   * @param minor of the Kubernetes version whose parser it is, the newest unless said otherwise
   * @throws UsageError with the message of `labels.Parse` of `k8s.io/apimachinery` if it cannot be parsed
   */
  static parse(text: string, minor?: number): Selector {
    return new Selector(parseRequirements(text, minor));
  }

  matches(labels: Labels): boolean {
    return this.requirements.every((requirement) =>
      satisfies(requirement, ownValue(labels, requirement.key)),
    );
  }

  /** Whether it selects everything because it says nothing. */
  get empty(): boolean {
    return this.requirements.length === 0;
  }

  /**
   * Canonical text, keys in order, as `labels.Selector.String()` prints it. Requirements on one key stay in the order
   * written; of more than a dozen Go may exchange those.
   */
  toString(): string {
    return (this.#text ??= [...this.requirements]
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(requirementText)
      .join(','));
  }
}

function readExpression({ key, operator: name, values = [] }: LabelSelectorRequirement): SelectorRequirement {
  const operator = selectorOperator(name);
  if (!operator) throw new UsageError(`"${name}" is not a valid label selector operator`);
  const wantsValues = operator === 'In' || operator === 'NotIn';
  if (wantsValues !== values.length > 0) {
    throw new UsageError(
      `label selector on "${key}": ${operator} ${wantsValues ? 'needs at least one value' : 'takes no values'}`,
    );
  }
  return { key, operator, values };
}
