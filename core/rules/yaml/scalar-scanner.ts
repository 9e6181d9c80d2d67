import { type Cursor } from './cursor';
import { type Mark, YamlError } from './mark';
import { type ScalarToken } from './token';

/** White space and breaks between two words of a scalar that goes over several lines. */
class Gap {
  private blanks = '';
  private firstBreak = '';
  private moreBreaks = '';

  constructor(
    /** Whether a break was met; blanks after it do not count. */
    public broken = false,
  ) {}

  get empty(): boolean {
    return !this.broken && this.blanks === '';
  }

  read(cursor: Cursor): void {
    if (cursor.isBlank()) {
      if (this.broken) cursor.skip();
      else this.blanks += cursor.read();
    } else if (this.broken) {
      this.moreBreaks += cursor.readLine();
    } else {
      this.blanks = '';
      this.firstBreak = cursor.readLine();
      this.broken = true;
    }
  }

  /** One break is a space; of several the first goes. */
  get text(): string {
    if (!this.broken) return this.blanks;
    if (this.firstBreak !== '\n') return this.firstBreak + this.moreBreaks;
    return this.moreBreaks === '' ? ' ' : this.moreBreaks;
  }
}

/**
 * A scalar without quotes.
 * @param indent column that its further lines must reach
 * @returns with it whether it ended at the beginning of a line
 */
export function scanPlain(
  cursor: Cursor,
  indent: number,
  inFlow: boolean,
): { token: ScalarToken; endedLine: boolean } {
  const start = cursor.mark;
  let end = start;
  let value = '';
  let gap = new Gap();
  for (;;) {
    if (cursor.isDocumentIndicator() || cursor.peek() === '#') break;
    while (!cursor.isBlankOrEnd() && !endsPlain(cursor, inFlow)) {
      if (!gap.empty) {
        value += gap.text;
        gap = new Gap();
      }
      value += cursor.read();
      end = cursor.mark;
    }
    if (!cursor.isBlank() && !cursor.isBreak()) break;
    while (cursor.isBlank() || cursor.isBreak()) {
      if (gap.broken && cursor.mark.column < indent && cursor.peek() === '\t') {
        throw new YamlError('found a tab character that violates indentation', cursor.mark);
      }
      gap.read(cursor);
    }
    if (!inFlow && cursor.mark.column < indent) break;
  }
  return { token: { type: 'scalar', start, end, value, plain: true }, endedLine: gap.broken };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  return (cursor.peek() === ':' && cursor.isBlankOrEnd(1)) || (inFlow && cursor.is(',?[]{}'));
}

/** A scalar in single or double quotes. */
export function scanQuoted(cursor: Cursor, quote: "'" | '"'): ScalarToken {
  const start = cursor.mark;
  let value = '';
  cursor.skip();
  for (;;) {
    if (cursor.isDocumentIndicator()) throw new YamlError('found unexpected document indicator', cursor.mark);
    if (cursor.atEnd) throw new YamlError('found unexpected end of stream', cursor.mark);
    const gap = new Gap();
    while (!cursor.isBlankOrEnd() && !gap.broken && !closes(cursor, quote)) {
      if (quote === '"' && cursor.peek() === '\\' && cursor.isBreak(1)) {
        cursor.skip();
        cursor.skipLine();
        gap.broken = true;
      } else {
        value += quote === '"' ? doubleQuoted(cursor) : singleQuoted(cursor);
      }
    }
    if (cursor.peek() === quote) break;
    while (cursor.isBlank() || cursor.isBreak()) gap.read(cursor);
    value += gap.text;
  }
  cursor.skip();
  return { type: 'scalar', start, end: cursor.mark, value, plain: false };
}

function closes(cursor: Cursor, quote: string): boolean {
  return cursor.peek() === quote && !(quote === "'" && cursor.peek(1) === quote);
}

function singleQuoted(cursor: Cursor): string {
  if (cursor.peek() === "'") cursor.skip();
  return cursor.read();
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function doubleQuoted(cursor: Cursor): string {
  if (cursor.peek() !== '\\') return cursor.read();
  const letter = cursor.peek(1);
  const simple = ESCAPES.get(letter);
  const digits = HEX_DIGITS.get(letter);
  if (simple === undefined && digits === undefined) {
    throw new YamlError('found unknown escape character', cursor.mark);
  }
  cursor.skip(2);
  return simple ?? byNumber(cursor, digits ?? 0);
}

function byNumber(cursor: Cursor, digits: number): string {
  const text = Array.from({ length: digits }, (_, index) => cursor.peek(index)).join('');
  if (!/^[0-9a-fA-F]+$/.test(text)) {
    throw new YamlError('did not find expected hexdecimal number', cursor.mark);
  }
  const code = Number.parseInt(text, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw new YamlError('found invalid Unicode character escape code', cursor.mark);
  }
  cursor.skip(digits);
  return String.fromCodePoint(code);
}

/**
 * A block after `|` or `>`.
 * @param outer indentation of what the block is in, -1 at the top
 */
export function scanBlock(cursor: Cursor, outer: number, literal: boolean): ScalarToken {
  const start = cursor.mark;
  cursor.skip();
  const { keep, increment } = blockHeader(cursor);
  const block = new BlockLines(cursor, increment === 0 ? 0 : Math.max(outer, 0) + increment, outer);
  let value = '';
  let lineBreak = '';
  let afterBlank = false;
  let moreBreaks = block.breaks();
  while (cursor.mark.column === block.indent && !cursor.atEnd) {
    const folds = !literal && !afterBlank && !cursor.isBlank() && lineBreak.startsWith('\n');
    value += folds ? (moreBreaks === '' ? ' ' : '') : lineBreak;
    value += moreBreaks;
    afterBlank = cursor.isBlank();
    while (!cursor.isBreakOrEnd()) value += cursor.read();
    lineBreak = cursor.readLine();
    moreBreaks = block.breaks();
  }
  if (keep !== '-') value += lineBreak;
  if (keep === '+') value += moreBreaks;
  return { type: 'scalar', start, end: block.end, value, plain: false };
}

/** Chomping and indentation in either order, then nothing but a comment. */
function blockHeader(cursor: Cursor): { keep: string; increment: number } {
  let keep = '';
  let increment = 0;
  const readIncrement = (): void => {
    if (!cursor.is('0123456789')) return;
    if (cursor.peek() === '0') throw new YamlError('found an indentation indicator equal to 0', cursor.mark);
    increment = Number(cursor.read());
  };
  if (cursor.is('+-')) {
    keep = cursor.read();
    readIncrement();
  } else {
    readIncrement();
    if (increment > 0 && cursor.is('+-')) keep = cursor.read();
  }
  cursor.skipToBreak();
  if (!cursor.isBreakOrEnd()) throw new YamlError('did not find expected comment or line break', cursor.mark);
  cursor.skipLine();
  return { keep, increment };
}

/** The indentation of a block, which its first line decides if the header does not. */
class BlockLines {
  end: Mark;

  constructor(
    private readonly cursor: Cursor,
    public indent: number,
    private readonly outer: number,
  ) {
    this.end = cursor.mark;
  }

  /** Takes the indentation and empty lines before the next line. @returns the breaks of the empty lines */
  breaks(): string {
    const { cursor } = this;
    let breaks = '';
    let deepest = 0;
    this.end = cursor.mark;
    for (;;) {
      while (this.isOpen() && cursor.peek() === ' ') cursor.skip();
      deepest = Math.max(deepest, cursor.mark.column);
      if (this.isOpen() && cursor.peek() === '\t') {
        throw new YamlError('found a tab character where an indentation space is expected', cursor.mark);
      }
      if (!cursor.isBreak()) break;
      breaks += cursor.readLine();
      this.end = cursor.mark;
    }
    if (this.indent === 0) this.indent = Math.max(deepest, this.outer + 1, 1);
    return breaks;
  }

  private isOpen(): boolean {
    return this.indent === 0 || this.cursor.mark.column < this.indent;
  }
}
