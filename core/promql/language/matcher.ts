import { RE2JS, RE2JSSyntaxException } from 're2js';
import { UsageError } from '../../errors';
import { fromStrayByte, isUtf8, quoteString } from './quoting';

export const MATCH_OPERATORS = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = (typeof MATCH_OPERATORS)[number];

/** Text without anything special, but for punctuation behind a backslash. */
const ESCAPED_OR_LITERAL = /^(?:[^\\.+*?()|[\]{}^$]|\\[!-/:-@[-`{-~])*$/;
const LEGACY_LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * One condition on a label, as in `{pod=~"a|b"}`. A series without the label has it empty. Regular expressions are
 * RE2, must match the whole value, and `.` matches line ends too (`labels.FastRegexMatcher`).
 */
export class Matcher {
  readonly #regex: RE2JS | undefined;
  readonly #alternatives: ReadonlySet<string> | undefined;
  readonly #isPositive: boolean;

  /**
   * @throws UsageError if the value of `=~` or `!~` is not a regular expression that RE2 takes, with Prometheus' message
   */
  constructor(
    readonly label: string,
    readonly operator: MatchOperator,
    readonly value: string,
  ) {
    const isRegex = operator === '=~' || operator === '!~';
    this.#isPositive = operator === '=' || operator === '=~';
    this.#alternatives = isRegex ? literalAlternatives(value) : undefined;
    this.#regex = isRegex && !this.#alternatives ? compile(value) : undefined;
  }

  /** Whether a value of the label satisfies the condition. */
  matches(value: string): boolean {
    const found = this.#alternatives?.has(value) ?? this.#regex?.testExact(value) ?? value === this.value;
    return found === this.#isPositive;
  }

  /** All values that satisfy the condition, if they can be listed. */
  get possibleValues(): ReadonlySet<string> | undefined {
    if (this.operator === '=') return new Set([this.value]);
    return this.#isPositive ? this.#alternatives : undefined;
  }

  /** The condition as it stands in a selector. */
  toString(): string {
    const label = LEGACY_LABEL_NAME.test(this.label) ? this.label : quoteString(this.label);
    return `${label}${this.operator}${quoteString(this.value)}`;
  }
}

/** The values of an expression that is nothing but literals between bars, such as `a|b\.c`. */
function literalAlternatives(pattern: string): ReadonlySet<string> | undefined {
  const parts = pattern.split('|');
  if (pattern.includes('\\') && !isUtf8(pattern)) return undefined;
  if (!parts.every((part) => ESCAPED_OR_LITERAL.test(part))) return undefined;
  return new Set(parts.map((part) => part.replace(/\\(.)/gs, '$1')));
}

function compile(pattern: string): RE2JS {
  if (!isUtf8(pattern)) throw syntaxError(`invalid UTF-8: \`${fromStrayByte(pattern)}\``);
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw syntaxError(problemOf(pattern, error));
  }
}

/** Compiles again, since the flag is a prefix of the pattern that messages would show. */
function problemOf(pattern: string, first: RE2JSSyntaxException): string {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return describe(error);
  }
  return describe(first);
}

/** Go does not tell a name that is taken from one that is no name, and always shows the part that is wrong. */
function describe(error: RE2JSSyntaxException): string {
  const description = error.getDescription().replace('duplicate capture group name', 'invalid named capture');
  return `${description}: \`${error.getPattern() ?? ''}\``;
}

function syntaxError(problem: string): UsageError {
  return new UsageError(`error parsing regexp: ${problem}`);
}
