import { byteOffsetOf } from './line-column';
import { quoteString } from './quoting';

/** What a token is; operators are those that Prometheus counts as such, `@` among them. */
export type TokenKind =
  | 'end'
  | 'identifier'
  | 'metricIdentifier'
  | 'number'
  | 'duration'
  | 'string'
  | 'symbol'
  | 'operator'
  | 'aggregator'
  | 'keyword'
  | 'preprocessor';

/** A piece of an expression. */
export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** A symbol, operator or keyword in lower case; empty for everything that has no fixed spelling. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** How many characters messages show of a token that takes more bytes than this. */
const SHOWN_LENGTH = 10;

/** A token the way messages call it: `identifier "foo"`, `<op:+>`, `end of input` (`Item.desc`). */
export function describeToken({ kind, text }: Token): string {
  switch (kind) {
    case 'end':
      return 'end of input';
    case 'identifier':
      return `identifier ${quoteString(text)}`;
    case 'metricIdentifier':
      return `metric identifier ${quoteString(text)}`;
    case 'number':
    case 'duration':
    case 'string':
      return `${kind} ${quoteShortened(text)}`;
    case 'symbol':
    case 'preprocessor':
      return quoteShortened(text);
    case 'operator':
      return `<op:${text}>`;
    case 'aggregator':
      return `<aggr:${text}>`;
    case 'keyword':
      return `<${text}>`;
  }
}

function quoteShortened(text: string): string {
  if (byteOffsetOf(text, text.length) <= SHOWN_LENGTH) return quoteString(text);
  return `${quoteString(Array.from(text).slice(0, SHOWN_LENGTH).join(''))}...`;
}
