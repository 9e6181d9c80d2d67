import { UsageError } from '../../errors';

/** A stretch of text between actions, white space already trimmed where a neighbour asks for it. */
interface TextPiece {
  readonly kind: 'text';
  readonly text: string;
}

interface ActionPiece {
  readonly kind: 'action';
  readonly tokens: readonly Token[];
}

/** What a template consists of before it is parsed; comments are gone. */
export type Piece = TextPiece | ActionPiece;

type TokenKind = 'field' | 'dot' | 'identifier' | 'variable' | 'string' | 'number' | 'character' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Whether white space separates it from the token before. */
  readonly spaced: boolean;
}

const LEFT = '<<';
const RIGHT = '>>';

/** Tokens of an action, tried in this order at each place. */
const TOKENS: readonly (readonly [TokenKind, RegExp])[] = [
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\.)+'/y],
  ['number', /[+-]?\.?\d[\w.]*/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['identifier', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['symbol', /:=|[|(),=]/y],
];

/**
 * Splits a Go template with the delimiters `<<` and `>>` (text/template/parse `lex.go`). `<<- ` and ` ->>` trim the
 * white space of the text beside them.
 * @param what names the template in errors
 * @throws UsageError on an action that does not end or holds a character without meaning
 */
export function lexTemplate(source: string, what: string): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimStart = false;
  for (;;) {
    const open = source.indexOf(LEFT, position);
    const text = source.slice(position, open < 0 ? source.length : open);
    const trimEnd = open >= 0 && isLeftTrim(source, open + LEFT.length);
    pushText(pieces, trimmed(text, trimStart, trimEnd));
    if (open < 0) return pieces;
    const action = lexAction(source, open + LEFT.length + (trimEnd ? 2 : 0), what);
    if (action.tokens) pieces.push({ kind: 'action', tokens: action.tokens });
    position = action.end;
    trimStart = action.trim;
  }
}

interface LexedAction {
  /** Absent for a comment. */
  readonly tokens?: readonly Token[];
  /** Where the text after the action begins. */
  readonly end: number;
  /** Whether that text loses its leading white space. */
  readonly trim: boolean;
}

function lexAction(source: string, start: number, what: string): LexedAction {
  if (source.startsWith('/*', start)) return lexComment(source, start, what);
  const tokens: Token[] = [];
  let position = start;
  for (;;) {
    const close = rightDelimiter(source, position);
    if (close) return { tokens, ...close };
    if (position >= source.length) throw new UsageError(`${what}: unclosed action`);
    if (isSpace(source, position)) {
      position += 1;
    } else {
      const token = tokenAt(source, position, what);
      tokens.push({ ...token, spaced: isSpace(source, position - 1) });
      position += token.text.length;
    }
  }
}

function lexComment(source: string, start: number, what: string): LexedAction {
  const close = source.indexOf('*/', start + 2);
  if (close < 0) throw new UsageError(`${what}: unclosed comment`);
  const end = rightDelimiter(source, close + 2);
  if (!end) throw new UsageError(`${what}: comment ends before closing delimiter`);
  return end;
}

function tokenAt(source: string, position: number, what: string): Omit<Token, 'spaced'> {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match) return { kind, text: match[0] };
  }
  throw new UsageError(`${what}: unexpected "${source.charAt(position)}" in an action`);
}

function rightDelimiter(source: string, position: number): { end: number; trim: boolean } | undefined {
  if (source.startsWith(RIGHT, position)) return { end: position + RIGHT.length, trim: false };
  const trims = isSpace(source, position) && source.startsWith(`-${RIGHT}`, position + 1);
  return trims ? { end: position + 2 + RIGHT.length, trim: true } : undefined;
}

function isLeftTrim(source: string, position: number): boolean {
  return source.startsWith('-', position) && isSpace(source, position + 1);
}

function isSpace(source: string, position: number): boolean {
  return /^[ \t\r\n]$/.test(source.charAt(position));
}

function trimmed(text: string, start: boolean, end: boolean): string {
  const left = start ? text.replace(/^[ \t\r\n]+/, '') : text;
  return end ? left.replace(/[ \t\r\n]+$/, '') : left;
}

function pushText(pieces: Piece[], text: string): void {
  if (text !== '') pieces.push({ kind: 'text', text });
}
