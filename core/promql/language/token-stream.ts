import { NotSupportedError } from '../../errors';
import { type Position } from './ast';
import { Lexer } from './lexer';
import { byteOffsetOf } from './line-column';
import { type LanguageOptions } from '../options';
import { ParseError } from './parse-error';
import { describeToken, type Token } from './tokens';

const ASCII = /^[\0-\x7f]*$/;
/** How deep expressions may nest: recursion has to end somewhere before the stack does. */
const MAX_DEPTH = 1000;

/** Where an unexpected token stands, and what could stand there, in the words of Prometheus. */
export interface Place {
  readonly context: string;
  readonly expected: string;
}

/**
 * The tokens of an expression with a reading position. A token is read no earlier than Prometheus' parser looks at it,
 * so that of several errors the same is the first.
 */
export class TokenStream {
  readonly #lexer: Lexer;
  readonly #isAscii: boolean;
  #ahead: Token | undefined;
  #lastClosing = 0;
  #aggregations = 0;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly options: LanguageOptions,
  ) {
    this.#lexer = new Lexer(text);
    this.#isAscii = ASCII.test(text);
  }

  /** The next token. */
  peek(): Token {
    return (this.#ahead ??= this.#read());
  }

  /** Takes the next token. */
  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#ahead = undefined;
    return token;
  }

  /** Whether the next token is this symbol, operator or keyword. */
  isAt(word: string): boolean {
    return this.peek().word === word;
  }

  /** Takes the next token if it is this symbol, operator or keyword. */
  accept(word: string): Token | undefined {
    return this.isAt(word) ? this.next() : undefined;
  }

  /** Takes this symbol, or fails. */
  expect(word: string, place?: Place): Token {
    return this.accept(word) ?? this.unexpected(place);
  }

  /** Where the last token ended, of those read so far, that can close an expression: a bracket or a number. */
  get lastClosing(): number {
    return this.#lastClosing;
  }

  /** Runs what reads an aggregation: whatever has no better place is reported as unexpected there. */
  inAggregation<T>(read: () => T): T {
    this.#aggregations++;
    const result = read();
    this.#aggregations--;
    return result;
  }

  /** Runs what reads something nested. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw new NotSupportedError(`PromQL nested deeper than ${MAX_DEPTH}`);
    const result = read();
    this.#depth--;
    return result;
  }

  /** Fails because of the next token. */
  unexpected(place?: Place): never {
    const token = this.peek();
    const context = place?.context ?? (this.#aggregations > 0 ? 'aggregation' : '');
    const inside = context === '' ? '' : ` in ${context}`;
    const instead = place === undefined ? '' : `, expected ${place.expected}`;
    return this.fail(token.start, `unexpected ${describeToken(token)}${inside}${instead}`);
  }

  /** Fails because of what stands at an index. */
  fail(index: number, problem: string): never {
    throw new ParseError(this.text, index, problem);
  }

  /** A part of the text in bytes. */
  positionOf(start: number, end: number): Position {
    if (this.#isAscii) return { start, end };
    return { start: byteOffsetOf(this.text, start), end: byteOffsetOf(this.text, end) };
  }

  #read(): Token {
    const token = this.#lexer.next();
    const { kind, word } = token;
    const closes = word === ')' || word === ']' || word === '}' || kind === 'number' || kind === 'duration';
    if (closes) this.#lastClosing = token.end;
    return token;
  }
}
