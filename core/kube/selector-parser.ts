import { UsageError } from '../errors';
import { NEWEST_MINOR } from './field-error';
import { labelKeyError, requirementError } from './requirement-error';
import { type SelectorRequirement } from './selector-requirement';

/** White space, a token, and the NUL that ends a token; a NUL where a token should begin ends the selector. */
const TOKEN = /[ \t\r\n]*(==|!=|[=!(),<>]|[^\0 \t\r\n=!(),<>]+)\0?/y;
const SYMBOL = /^[=!(),<>]/;
const END = '';
/** Before this minor version an empty value between commas could not be the last of a list: `(,,)`. */
const ANY_EMPTY_VALUES_SINCE = 35;

/**
 * The requirements of a selector's text, in the order written: the parser of `labels.Parse` of
 * `k8s.io/apimachinery`, with its messages. What it accepts and says differs a little between Kubernetes versions.
 * @throws UsageError with exactly Go's text if it cannot be parsed, or a key or value cannot be a label's
 */
export function parseRequirements(text: string, minor = NEWEST_MINOR): SelectorRequirement[] {
  const tokens = new Tokens(text);
  const first = tokens.peek();
  if (first === END) return [];
  if (!beginsRequirement(first)) throw unexpected(first, "!, identifier, or 'end of string'");
  const requirements: SelectorRequirement[] = [];
  for (;;) {
    requirements.push(new RequirementParser(tokens, minor).parse());
    const next = tokens.take();
    if (next === END) return requirements;
    if (next !== ',') throw unexpected(next, "',' or 'end of string'");
    if (!beginsRequirement(tokens.peek())) throw unexpected(tokens.peek(), "identifier after ','");
  }
}

/** The words and symbols of a selector; `END` when there are no more. */
class Tokens {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(text: string) {
    this.tokens = scan(text);
  }

  peek(): string {
    return this.tokens[this.position] ?? END;
  }

  take(): string {
    const token = this.peek();
    this.position += 1;
    return token;
  }
}

function scan(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) tokens.push(match[1] ?? END);
  return tokens;
}

/** `parseRequirement` and what it calls. `in` and `notin` are operators only behind a key. */
class RequirementParser {
  constructor(
    private readonly tokens: Tokens,
    private readonly minor: number,
  ) {}

  parse(): SelectorRequirement {
    const requirement = this.requirement();
    const problem = requirementError(requirement, this.minor);
    if (problem !== undefined) throw unparsable(problem);
    return requirement;
  }

  private requirement(): SelectorRequirement {
    const first = this.tokens.take();
    const key = first === '!' ? this.tokens.take() : first;
    if (!isWord(key)) throw unparsable(foundText(key, 'identifier'));
    const [invalidKey] = labelKeyError('<nil>', key, this.minor);
    if (invalidKey !== undefined) throw unparsable(invalidKey);
    if (first === '!') return { key, operator: 'DoesNotExist', values: [] };
    if (this.atEnd()) return { key, operator: 'Exists', values: [] };
    return { key, ...this.condition() };
  }

  private condition(): Omit<SelectorRequirement, 'key'> {
    const operator = this.tokens.take();
    switch (operator) {
      case '=':
      case '==':
      case '!=':
      case '>':
      case '<':
        return { operator, values: [this.exactValue()] };
      case 'in':
        return { operator: 'In', values: this.values() };
      case 'notin':
        return { operator: 'NotIn', values: this.values() };
      default:
        throw unparsable(foundText(operator, 'in, notin, =, ==, !=, gt, lt'));
    }
  }

  private exactValue(): string {
    if (this.atEnd()) return '';
    const value = this.tokens.take();
    if (!isWord(value)) throw unparsable(foundText(value, 'identifier'));
    return value;
  }

  /** `parseValues`: each value once and in order, `()` being one empty value. */
  private values(): string[] {
    const open = this.tokens.take();
    if (open !== '(') throw unparsable(`found '${open}' expected: '('`);
    const first = this.tokens.peek();
    if (first !== ')' && first !== ',' && !isWord(first)) {
      throw unparsable(foundText(first, "',', ')' or identifier"));
    }
    const values = first === ')' ? [''] : this.listedValues();
    this.tokens.take();
    return [...new Set(values)].sort(byCodePoints);
  }

  /** `parseIdentifiersList`, up to the closing parenthesis. */
  private listedValues(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.tokens.take();
      const next = this.tokens.peek();
      if (isWord(token)) {
        values.push(token);
        if (next === ')') return values;
        if (next !== ',') throw unparsable(foundText(next, "',' or ')'"));
      } else if (token === ',') {
        if (values.length === 0 || next === ')' || next === ',') values.push('');
        if (next === ')') return values;
        if (next === ',' && this.minor < ANY_EMPTY_VALUES_SINCE) this.tokens.take();
      } else {
        throw unparsable(foundText(token, "',', or identifier"));
      }
    }
  }

  private atEnd(): boolean {
    const next = this.tokens.peek();
    return next === END || next === ',';
  }
}

function beginsRequirement(token: string): boolean {
  return isWord(token) || token === '!';
}

function isWord(token: string): boolean {
  return token !== END && !SYMBOL.test(token);
}

function foundText(token: string, expected: string): string {
  return `found '${token}', expected: ${expected}`;
}

function unexpected(token: string, expected: string): UsageError {
  return new UsageError(foundText(token, expected));
}

function unparsable(problem: string): UsageError {
  return new UsageError(`unable to parse requirement: ${problem}`);
}

/** Go's order of strings. */
function byCodePoints(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  const index = a.findIndex((character, position) => character !== b[position]);
  if (index < 0) return a.length - b.length;
  return (a[index]?.codePointAt(0) ?? -1) - (b[index]?.codePointAt(0) ?? -1);
}
