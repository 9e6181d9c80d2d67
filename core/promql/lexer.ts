import { UsageError } from '../errors';

export type TokenKind = 'identifier' | 'number' | 'duration' | 'string' | 'symbol' | 'end';

/** A piece of an expression: its text as written, and where it starts. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
}

const SPACE_OR_COMMENT = /(?:[ \t\r\n]+|#[^\r\n]*)+/y;
const IDENTIFIER = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_IDENTIFIER = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const DIGITS = String.raw`\d(?:_?\d)*`;
const NUMBER = new RegExp(
  String.raw`(?:0[xX](?:_?[0-9a-fA-F])+|(?:${DIGITS}(?:\.(?:${DIGITS})?)?|\.${DIGITS})(?:[eE][+-]?${DIGITS})?)(?![\w.])`,
  'y',
);
const DURATION = /(?:\d+(?:ms|[smhdwy]))+(?!\w)/y;
const NUMBER_LIKE = /[\w.]+/y;
const QUOTED = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`[^`]*`/y;
const SYMBOL = /==|=~|!=|!~|<=|<\/|>=|>\/|[-+*/%^=<>(){}[\],:@]/y;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const BRACKET_NAMES: Readonly<Record<string, string>> = { '(': 'parenthesis', '[': 'bracket', '{': 'brace' };

/**
 * Splits an expression into tokens; the last one is of kind `end`.
 * @throws UsageError with line and column where a token cannot be read or a bracket has no partner
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  let offset = skipSpace(text, 0);
  while (offset < text.length) {
    const token = readToken(text, offset, open.at(-1)?.text);
    trackBrackets(text, token, open);
    tokens.push(token);
    offset = skipSpace(text, offset + token.text.length);
  }
  const unclosed = open.at(-1);
  if (unclosed) throw parseError(text, unclosed.offset, `unclosed left ${bracketName(unclosed.text)}`);
  tokens.push({ kind: 'end', text: '', offset });
  return tokens;
}

/** The error for something wrong at an offset of an expression. */
export function parseError(text: string, offset: number, problem: string): UsageError {
  const before = text.slice(0, offset).split('\n');
  const position = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
  return new UsageError(
    `invalid PromQL expression ${JSON.stringify(text)}: ${position}: parse error: ${problem}`,
  );
}

function readToken(text: string, offset: number, inside: string | undefined): Token {
  const first = text[offset] ?? '';
  if (/["'`]/.test(first)) return readString(text, offset);
  if (/\d/.test(first) || (first === '.' && /\d/.test(text[offset + 1] ?? '')))
    return readNumber(text, offset);
  const identifier = match(inside === '{' || inside === '[' ? LABEL_IDENTIFIER : IDENTIFIER, text, offset);
  if (identifier !== undefined) return { kind: 'identifier', text: identifier, offset };
  const symbol = match(SYMBOL, text, offset);
  if (symbol === undefined) throw parseError(text, offset, `unexpected character: '${first}'`);
  return { kind: 'symbol', text: symbol, offset };
}

function readString(text: string, offset: number): Token {
  const quoted = match(QUOTED, text, offset);
  if (quoted === undefined) throw parseError(text, offset, 'unterminated quoted string');
  return { kind: 'string', text: quoted, offset };
}

function readNumber(text: string, offset: number): Token {
  const number = match(NUMBER, text, offset);
  if (number !== undefined) return { kind: 'number', text: number, offset };
  const duration = match(DURATION, text, offset);
  if (duration !== undefined) return { kind: 'duration', text: duration, offset };
  const bad = match(NUMBER_LIKE, text, offset) ?? '';
  throw parseError(text, offset, `bad number or duration syntax: "${bad}"`);
}

function trackBrackets(text: string, token: Token, open: Token[]): void {
  if (token.kind !== 'symbol') return;
  if (Object.hasOwn(CLOSING, token.text)) {
    open.push(token);
    return;
  }
  const opening = Object.keys(CLOSING).find((candidate) => CLOSING[candidate] === token.text);
  if (opening === undefined) return;
  const last = open.pop();
  if (last?.text !== opening) {
    throw parseError(text, token.offset, `unexpected right ${bracketName(opening)} '${token.text}'`);
  }
}

function bracketName(opening: string): string {
  return BRACKET_NAMES[opening] ?? opening;
}

function skipSpace(text: string, offset: number): number {
  return offset + (match(SPACE_OR_COMMENT, text, offset)?.length ?? 0);
}

function match(sticky: RegExp, text: string, offset: number): string | undefined {
  sticky.lastIndex = offset;
  return sticky.exec(text)?.[0];
}
