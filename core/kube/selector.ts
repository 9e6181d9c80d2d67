import { NotSupportedError, UsageError } from '../errors';

/** Labels of an object or a series. */
export type Labels = Readonly<Record<string, string>>;

/** `metav1.LabelSelectorRequirement`, plus the operators that only the textual form and `matchLabels` have. */
export interface SelectorRequirement {
  readonly key: string;
  /** `=` is kept apart from a one-valued `In` because the adapter makes different matchers of them. */
  readonly operator: '=' | '!=' | 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** `metav1.LabelSelector` as it stands in an object. */
export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?:
    | readonly {
        readonly key: string;
        readonly operator: string;
        readonly values?: readonly string[] | undefined;
      }[]
    | undefined;
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** A parsed label selector. An empty one matches everything. */
export class Selector {
  static readonly everything = new Selector([]);

  private constructor(readonly requirements: readonly SelectorRequirement[]) {}

  /**
   * @throws UsageError on an operator that `metav1.LabelSelector` does not have
   */
  static from(selector: LabelSelector | undefined): Selector {
    const equalities = Object.entries(selector?.matchLabels ?? {}).map(
      ([key, value]): SelectorRequirement => ({ key, operator: '=', values: [value] }),
    );
    const expressions = (selector?.matchExpressions ?? []).map((expression): SelectorRequirement => {
      const operator = OPERATORS.find((known) => known === expression.operator);
      if (!operator) throw new UsageError(`"${expression.operator}" is not a valid label selector operator`);
      return { key: expression.key, operator, values: expression.values ?? [] };
    });
    return new Selector([...equalities, ...expressions]);
  }

  /**
   * Reads the textual form of `kubectl -l` and of the scale subresource: `a=b,c!=d,e in (f,g),h,!i`.
   * @throws UsageError if it cannot be parsed
   */
  static parse(text: string): Selector {
    const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
    return new Selector(parts.map((part) => parseRequirement(part.trim(), text)));
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

function satisfies({ operator, values }: SelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case '=':
    case 'In':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

function requirementText({ key, operator, values }: SelectorRequirement): string {
  const sorted = [...values].sort();
  switch (operator) {
    case '=':
    case '!=':
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

function parseRequirement(part: string, whole: string): SelectorRequirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return { key: set[1] ?? '', operator: set[2] === 'in' ? 'In' : 'NotIn', values };
  }
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(part);
  if (equality) {
    return {
      key: equality[1] ?? '',
      operator: equality[2] === '!=' ? '!=' : '=',
      values: [equality[3] ?? ''],
    };
  }
  if (/^[^\s=!<>]+\s*[<>]/.test(part))
    throw new NotSupportedError(`label selector operators < and > ("${whole}")`);
  const presence = /^(!?)\s*([^\s=!]+)$/.exec(part);
  if (presence) {
    return { key: presence[2] ?? '', operator: presence[1] === '!' ? 'DoesNotExist' : 'Exists', values: [] };
  }
  throw new UsageError(`unable to parse label selector "${whole}": "${part}" is not a requirement`);
}
