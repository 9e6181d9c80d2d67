import { NotSupportedError, UsageError } from '../errors';
import { type SelectorRequirement } from './selector-requirement';

const TOKEN = /==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g;
const SPECIAL = /^[=!(),<>]/;
const END = '';
const LABEL_PART = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;
const PREFIX = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/**
 * The requirements of a selector's text, in the order written. Follows `labels.Parse` of `k8s.io/apimachinery`;
 * `==` is read as `=`.
 * @throws UsageError if it cannot be parsed, or a key or value cannot be a label's
 * @throws NotSupportedError on the operators `<` and `>`
 */
export function parseRequirements(text: string): SelectorRequirement[] {
  const tokens = new Tokens(text);
  const requirements: SelectorRequirement[] = [];
  if (tokens.peek() === END) return requirements;
  do requirements.push(parseRequirement(tokens));
  while (tokens.take(','));
  if (tokens.peek() !== END) throw tokens.unexpected("',' or 'end of string'");
  return requirements;
}

/** The words and symbols of a selector; `END` when there are no more. */
class Tokens {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(private readonly text: string) {
    this.tokens = text.match(TOKEN) ?? [];
  }

  peek(): string {
    return this.tokens[this.position] ?? END;
  }

  /** Steps over the symbol if it comes next. */
  take(symbol: string): boolean {
    const found = this.peek() === symbol;
    if (found) this.position += 1;
    return found;
  }

  word(): string {
    if (!this.atWord()) throw this.unexpected('identifier');
    return this.next();
  }

  /** The next word, or empty text if a symbol or the end comes next. */
  wordOrNothing(): string {
    return this.atWord() ? this.next() : '';
  }

  unexpected(expected: string): UsageError {
    return new UsageError(
      `unable to parse label selector "${this.text}": found '${this.peek()}', expected: ${expected}`,
    );
  }

  unsupported(what: string): NotSupportedError {
    return new NotSupportedError(`${what} ("${this.text}")`);
  }

  invalid(what: string): UsageError {
    return new UsageError(`unable to parse label selector "${this.text}": ${what}`);
  }

  private atWord(): boolean {
    return this.peek() !== END && !SPECIAL.test(this.peek());
  }

  private next(): string {
    const token = this.peek();
    this.position += 1;
    return token;
  }
}

function parseRequirement(tokens: Tokens): SelectorRequirement {
  const absent = tokens.take('!');
  const key = tokens.word();
  if (!isLabelKey(key)) throw tokens.invalid(`"${key}" is not a valid label key`);
  if (absent) return { key, operator: 'DoesNotExist', values: [] };
  if (tokens.peek() === END || tokens.peek() === ',') return { key, operator: 'Exists', values: [] };
  const { operator, values } = parseCondition(tokens);
  const wrong = values.find((value) => value !== '' && !LABEL_PART.test(value));
  if (wrong !== undefined) throw tokens.invalid(`"${wrong}" is not a valid label value`);
  return { key, operator, values };
}

function parseCondition(tokens: Tokens): Omit<SelectorRequirement, 'key'> {
  if (tokens.take('=') || tokens.take('==')) return { operator: '=', values: [parseExactValue(tokens)] };
  if (tokens.take('!=')) return { operator: '!=', values: [parseExactValue(tokens)] };
  if (tokens.take('in')) return { operator: 'In', values: parseValues(tokens) };
  if (tokens.take('notin')) return { operator: 'NotIn', values: parseValues(tokens) };
  if (tokens.take('<') || tokens.take('>')) throw tokens.unsupported('label selector operators < and >');
  throw tokens.unexpected('in, notin, =, ==, !=, gt, lt');
}

function parseExactValue(tokens: Tokens): string {
  return tokens.peek() === ',' || tokens.peek() === END ? '' : tokens.word();
}

/** Each once and in order; nothing between two commas is the empty value. */
function parseValues(tokens: Tokens): string[] {
  if (!tokens.take('(')) throw tokens.unexpected("'('");
  const values = new Set<string>();
  do values.add(tokens.wordOrNothing());
  while (tokens.take(','));
  if (!tokens.take(')')) throw tokens.unexpected("',' or ')'");
  return [...values].sort();
}

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  return LABEL_PART.test(key.slice(slash + 1)) && (slash < 0 || PREFIX.test(key.slice(0, slash)));
}
