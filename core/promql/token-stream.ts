import { messageOf, NotSupportedError, UsageError } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { goUnquote } from '../kube/go-quote';
import { parseError, type Token, tokenize } from './lexer';
import { parseNumber } from './literals';

/** The tokens of an expression with a reading position. Everything that fails says where, as line and column. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #index = 0;

  /** @throws UsageError if the text cannot be split into tokens */
  constructor(readonly text: string) {
    this.#tokens = tokenize(text);
  }

  /** The token `ahead` places after the next one; the end again past the end. */
  peek(ahead = 0): Token {
    const token = this.#tokens[this.#index + ahead] ?? this.#tokens.at(-1);
    return token ?? { kind: 'end', text: '', offset: this.text.length };
  }

  /** Takes the next token. */
  next(): Token {
    const token = this.peek();
    this.#index++;
    return token;
  }

  /** Whether the token `ahead` is this bracket, comma or operator. */
  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  /** The next token's text in lower case, if it is a word: PromQL keywords do not depend on case. */
  word(ahead = 0): string | undefined {
    const token = this.peek(ahead);
    return token.kind === 'identifier' ? token.text.toLowerCase() : undefined;
  }

  /** Takes the next token if it is this symbol. */
  acceptSymbol(symbol: string): boolean {
    const found = this.isSymbol(symbol);
    if (found) this.#index++;
    return found;
  }

  /** Takes the next token if it is one of these keywords, and says which. */
  acceptWord<W extends string>(...words: readonly W[]): W | undefined {
    const word = this.word();
    const found = words.find((candidate) => candidate === word);
    if (found !== undefined) this.#index++;
    return found;
  }

  /** Takes this symbol or fails. */
  expectSymbol(symbol: string, context: string): void {
    if (!this.acceptSymbol(symbol)) this.unexpected(context, `"${symbol}"`);
  }

  /** Takes a quoted string and gives what it stands for. */
  expectString(context: string): string {
    const token = this.peek();
    if (token.kind !== 'string') this.unexpected(context, 'string');
    this.#index++;
    return this.#located(token, () => goUnquote(token.text));
  }

  /** Takes a number or a duration; the latter as seconds. Undefined, and nothing taken, if there is neither. */
  acceptNumber(): number | undefined {
    const token = this.peek();
    if (token.kind === 'identifier' && /^(?:inf|nan)$/i.test(token.text)) {
      this.#index++;
      return token.text.toLowerCase() === 'inf' ? Infinity : Number.NaN;
    }
    if (token.kind !== 'number' && token.kind !== 'duration') return undefined;
    this.#index++;
    if (token.kind === 'number') return parseNumber(token.text);
    return this.#located(token, () => parsePrometheusDuration(token.text) / 1000);
  }

  /** Fails because of the next token. */
  unexpected(context: string, expected?: string): never {
    const token = this.peek();
    const inside = context === '' ? '' : ` in ${context}`;
    const instead = expected === undefined ? '' : `, expected ${expected}`;
    return this.fail(token.offset, `unexpected ${describe(token)}${inside}${instead}`);
  }

  /** Fails because of what stands at an offset. */
  fail(offset: number, problem: string): never {
    throw parseError(this.text, offset, problem);
  }

  /** Runs something that may find the token invalid, and says where the token is if it does. */
  #located<T>(token: Token, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError) || error instanceof NotSupportedError) throw error;
      return this.fail(token.offset, messageOf(error));
    }
  }
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'end of input';
    case 'symbol':
      return `"${token.text}"`;
    case 'identifier':
    case 'number':
    case 'duration':
    case 'string':
      return `${token.kind} ${token.kind === 'string' ? token.text : `"${token.text}"`}`;
  }
}
