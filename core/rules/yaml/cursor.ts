import { type Mark, YamlError } from './mark';

/** Stands for what comes after the text; the text itself cannot hold it. */
const END = '\0';
const BREAKS = '\r\n\u0085\u2028\u2029';
/** Characters that YAML 1.1 does not allow in a text. */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Walks through a text character by character, counting lines and columns (libyaml's `reader.c`). */
export class Cursor {
  private readonly characters: readonly string[];
  private index = 0;
  private line = 0;
  private column = 0;

  /** @throws YamlError on a character that YAML does not allow */
  constructor(text: string) {
    const body = text.replace(/^\ufeff/, '');
    this.characters = Array.from(body);
    const forbidden = FORBIDDEN.exec(body);
    if (!forbidden) return;
    const before = body.slice(0, forbidden.index).split('\n');
    const column = Array.from(before.at(-1) ?? '').length;
    throw new YamlError('control characters are not allowed', {
      index: forbidden.index,
      line: before.length - 1,
      column,
    });
  }

  get mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  /** The character some places ahead; {@link END} after the last. */
  peek(ahead = 0): string {
    return this.characters[this.index + ahead] ?? END;
  }

  /** Whether one of these characters is some places ahead. */
  is(characters: string, ahead = 0): boolean {
    return characters.includes(this.peek(ahead));
  }

  get atEnd(): boolean {
    return this.peek() === END;
  }

  isBlank(ahead = 0): boolean {
    return this.is(' \t', ahead);
  }

  isBreak(ahead = 0): boolean {
    return this.is(BREAKS, ahead);
  }

  isBreakOrEnd(ahead = 0): boolean {
    return this.is(BREAKS + END, ahead);
  }

  /** A blank, a break or the end. */
  isBlankOrEnd(ahead = 0): boolean {
    return this.isBlank(ahead) || this.isBreakOrEnd(ahead);
  }

  /** `---` or `...` at the beginning of a line. */
  isDocumentIndicator(): boolean {
    const marker = this.peek();
    return (
      this.column === 0 &&
      (marker === '-' || marker === '.') &&
      this.peek(1) === marker &&
      this.peek(2) === marker &&
      this.isBlankOrEnd(3)
    );
  }

  skip(count = 1): void {
    this.index += count;
    this.column += count;
  }

  skipBlanks(): void {
    while (this.isBlank()) this.skip();
  }

  /** The rest of a line after its last word: blanks and a comment. */
  skipToBreak(): void {
    this.skipBlanks();
    if (this.peek() !== '#') return;
    while (!this.isBreakOrEnd()) this.skip();
  }

  read(): string {
    const character = this.peek();
    this.skip();
    return character;
  }

  /** Goes to the next line if there is a break. */
  skipLine(): void {
    this.readLine();
  }

  /** @returns the break, that of a line as `\n`; empty if there is none */
  readLine(): string {
    if (!this.isBreak()) return '';
    const first = this.peek();
    this.index += first === '\r' && this.peek(1) === '\n' ? 2 : 1;
    this.line += 1;
    this.column = 0;
    return first === '\u2028' || first === '\u2029' ? first : '\n';
  }

  /** What stands where the text ends is on a line of its own. */
  endLine(): void {
    if (this.column === 0) return;
    this.column = 0;
    this.line += 1;
  }
}
