import { RE2JS, RE2JSSyntaxException } from 're2js';
import { UsageError } from '../errors';

export const MATCH_OPERATORS = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = (typeof MATCH_OPERATORS)[number];

const ESCAPED_OR_LITERAL = /^(?:[^\\.+*?()|[\]{}^$]|\\[^a-zA-Z0-9\s])*$/;
const LEGACY_LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * One condition on a label, as in `{pod=~"a|b"}`. A series without the label has it empty. Regular expressions are
 * RE2, must match the whole value, and `.` matches line ends too (`labels.FastRegexMatcher`).
 */
export class Matcher {
  readonly #regex: RE2JS | undefined;
  readonly #alternatives: ReadonlySet<string> | undefined;

  /**
   * @throws UsageError if the value of `=~` or `!~` is not a regular expression that RE2 takes
   */
  constructor(
    readonly label: string,
    readonly operator: MatchOperator,
    readonly value: string,
  ) {
    const isRegex = operator === '=~' || operator === '!~';
    this.#alternatives = isRegex ? literalAlternatives(value) : new Set([value]);
    this.#regex = this.#alternatives ? undefined : compile(value);
  }

  /** Whether a value of the label satisfies the condition. */
  matches(value: string): boolean {
    const found = this.#alternatives?.has(value) ?? this.#regex?.testExact(value) ?? false;
    return found === this.#positive;
  }

  /** All values that satisfy the condition, if they can be listed. */
  get possibleValues(): ReadonlySet<string> | undefined {
    return this.#positive ? this.#alternatives : undefined;
  }

  get #positive(): boolean {
    return this.operator === '=' || this.operator === '=~';
  }

  /** The condition as it stands in a selector. */
  toString(): string {
    const label = LEGACY_LABEL_NAME.test(this.label) ? this.label : JSON.stringify(this.label);
    return `${label}${this.operator}${JSON.stringify(this.value)}`;
  }
}

/** The values of an expression that is nothing but literals between bars, such as `a|b\.c`. */
function literalAlternatives(pattern: string): ReadonlySet<string> | undefined {
  const parts = pattern.split('|');
  if (!parts.every((part) => ESCAPED_OR_LITERAL.test(part))) return undefined;
  return new Set(parts.map((part) => part.replace(/\\(.)/gs, '$1')));
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new UsageError(`invalid regular expression ${JSON.stringify(pattern)}: ${error.message}`);
  }
}
