import { decodeLastRune, decodeRune, type GoString } from '../../kube/go-string';
import { isAlphaNumeric, isDigit, isSpace, quotedRune, SPACES } from './characters';
import { type Item, type ItemType, KEYWORDS } from './item';
import { quote } from '../../kube/go-string-quote';

/** The delimiters of the adapter's templates. */
const LEFT = '<<';
const RIGHT = '>>';
/** Length of `- ` after the left and ` -` before the right delimiter. */
const TRIM = 2;
const EOF = -1;

/** What is to be read next; nothing when an item is complete. */
type State = 'text' | 'leftDelimiter' | 'comment' | 'action' | 'spaces' | 'rightDelimiter' | undefined;

/**
 * Splits a template into items, one at a time (text/template/parse `lex.go`), so that errors come in Go's order.
 */
export class Lexer {
  private position = 0;
  private start = 0;
  private atEnd = false;
  private parentheses = 0;
  private line = 1;
  private startLine = 1;
  private insideAction = false;
  private item: Item = { type: 'EOF', position: 0, value: 'EOF', line: 1 };

  constructor(private input: GoString) {}

  next(): Item {
    this.item = { type: 'EOF', position: this.position, value: 'EOF', line: this.startLine };
    let state: State = this.insideAction ? 'action' : 'text';
    while (state) state = this.step(state);
    return this.item;
  }

  private step(state: NonNullable<State>): State {
    switch (state) {
      case 'text':
        return this.inText();
      case 'leftDelimiter':
        return this.leftDelimiter();
      case 'comment':
        return this.comment();
      case 'action':
        return this.inAction();
      case 'spaces':
        return this.spaces();
      case 'rightDelimiter':
        return this.rightDelimiter();
    }
  }

  private inText(): State {
    const open = this.input.indexOf(LEFT, this.position);
    if (open < 0) {
      this.position = this.input.length;
      if (this.position === this.start) return this.emit('EOF');
      this.countLines();
      return this.emit('text');
    }
    if (open > this.position) {
      const trims = this.isLeftTrim(open + LEFT.length);
      const text = this.input.slice(this.start, open);
      const trimmed = trims ? text.length - text.replace(/[ \t\r\n]+$/, '').length : 0;
      this.position = open - trimmed;
      this.countLines();
      const item = this.take('text');
      this.position = open;
      this.ignore();
      if (item.value !== '') return this.complete(item);
    }
    return 'leftDelimiter';
  }

  private leftDelimiter(): State {
    this.position += LEFT.length;
    const marker = this.isLeftTrim(this.position) ? TRIM : 0;
    if (this.input.startsWith('/*', this.position + marker)) {
      this.position += marker;
      this.ignore();
      return 'comment';
    }
    const item = this.take('leftDelim');
    this.insideAction = true;
    this.position += marker;
    this.ignore();
    this.parentheses = 0;
    return this.complete(item);
  }

  private comment(): State {
    this.position += 2;
    const close = this.input.indexOf('*/', this.position);
    if (close < 0) return this.error('unclosed comment');
    this.position = close + 2;
    const delimiter = this.rightDelimiterHere();
    if (!delimiter) return this.error('comment ends before closing delimiter');
    this.countLines();
    this.take('comment');
    this.position += (delimiter.trims ? TRIM : 0) + RIGHT.length;
    if (delimiter.trims) this.skipSpaces();
    this.ignore();
    return 'text';
  }

  private rightDelimiter(): State {
    const trims = this.rightDelimiterHere()?.trims ?? false;
    if (trims) {
      this.position += TRIM;
      this.ignore();
    }
    this.position += RIGHT.length;
    const item = this.take('rightDelim');
    if (trims) {
      this.skipSpaces();
      this.ignore();
    }
    this.insideAction = false;
    return this.complete(item);
  }

  private inAction(): State {
    if (this.rightDelimiterHere()) {
      return this.parentheses === 0 ? 'rightDelimiter' : this.error('unclosed left paren');
    }
    const rune = this.read();
    if (rune === EOF) return this.error('unclosed action');
    const character = String.fromCodePoint(rune);
    if (isSpace(rune)) {
      this.backUp();
      return 'spaces';
    }
    switch (character) {
      case '=':
        return this.emit('assign');
      case ':':
        return this.read() === 0x3d ? this.emit('declare') : this.error('expected :=');
      case '|':
        return this.emit('pipe');
      case '"':
        return this.quoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.quoted("'", 'charConstant', 'unterminated character constant');
      case '`':
        return this.rawString();
      case '$':
        return this.atTerminator() ? this.emit('variable') : this.name('variable');
      default:
        return this.otherInAction(rune, character);
    }
  }

  private otherInAction(rune: number, character: string): State {
    const isField = character === '.' && this.position < this.input.length && !this.digitFollows();
    if (isField) return this.atTerminator() ? this.emit('dot') : this.name('field');
    if (character === '.' || character === '+' || character === '-' || isDigit(rune)) {
      this.backUp();
      return this.number();
    }
    if (isAlphaNumeric(rune)) {
      this.backUp();
      return this.identifier();
    }
    if (character === '(') {
      this.parentheses += 1;
      return this.emit('leftParen');
    }
    if (character === ')') {
      this.parentheses -= 1;
      return this.parentheses < 0 ? this.error('unexpected right paren') : this.emit('rightParen');
    }
    if (rune > 0x20 && rune < 0x7f) return this.emit('char');
    return this.error(`unrecognized character in action: ${quotedRune(rune)}`);
  }

  /** A trim marker takes the last space before it. */
  private spaces(): State {
    const begin = this.position;
    while (isSpace(this.peek())) this.read();
    const last = this.position - 1;
    if (isSpaceAt(this.input, last) && this.input.startsWith(`-${RIGHT}`, last + 1)) {
      this.backUp();
      if (last === begin) return 'rightDelimiter';
    }
    return this.emit('space');
  }

  private identifier(): State {
    const rune = this.readName();
    const word = this.input.slice(this.start, this.position);
    if (!this.atTerminator()) return this.error(`bad character ${quotedRune(rune)}`);
    const keyword = KEYWORDS.get(word);
    if (keyword) return this.emit(keyword);
    return this.emit(word === 'true' || word === 'false' ? 'bool' : 'identifier');
  }

  private name(type: 'field' | 'variable'): State {
    const rune = this.readName();
    return this.atTerminator() ? this.emit(type) : this.error(`bad character ${quotedRune(rune)}`);
  }

  /** @returns the rune after the name */
  private readName(): number {
    for (;;) {
      const rune = this.read();
      if (isAlphaNumeric(rune)) continue;
      this.backUp();
      return rune;
    }
  }

  private quoted(quoteMark: string, type: ItemType, unterminated: string): State {
    for (;;) {
      let rune = this.read();
      if (rune === quoteMark.charCodeAt(0)) return this.emit(type);
      if (rune === 0x5c) {
        rune = this.read();
        if (rune !== EOF && rune !== 0x0a) continue;
        return this.error(unterminated);
      }
      if (rune === EOF || rune === 0x0a) return this.error(unterminated);
    }
  }

  private rawString(): State {
    for (;;) {
      const rune = this.read();
      if (rune === EOF) return this.error('unterminated raw quoted string');
      if (rune === 0x60) return this.emit('rawString');
    }
  }

  private number(): State {
    if (!this.scanNumber()) return this.badNumber();
    const sign = this.peek();
    if (sign !== 0x2b && sign !== 0x2d) return this.emit('number');
    if (!this.scanNumber() || this.input.charAt(this.position - 1) !== 'i') return this.badNumber();
    return this.emit('complex');
  }

  private badNumber(): State {
    return this.error(`bad number syntax: ${quote(this.input.slice(this.start, this.position))}`);
  }

  /** Takes what may be a number; whether it is one is seen later. */
  private scanNumber(): boolean {
    this.accept('+-');
    let digits = '0123456789_';
    if (this.accept('0')) {
      if (this.accept('xX')) digits = '0123456789abcdefABCDEF_';
      else if (this.accept('oO')) digits = '01234567_';
      else if (this.accept('bB')) digits = '01_';
    }
    this.acceptRun(digits);
    if (this.accept('.')) this.acceptRun(digits);
    const exponent = digits.length === 11 ? 'eE' : digits.length === 23 ? 'pP' : '';
    if (exponent !== '' && this.accept(exponent)) {
      this.accept('+-');
      this.acceptRun('0123456789_');
    }
    this.accept('i');
    if (!isAlphaNumeric(this.peek())) return true;
    this.read();
    return false;
  }

  private atTerminator(): boolean {
    const rune = this.peek();
    if (rune === EOF || isSpace(rune) || '.,|:)('.includes(String.fromCodePoint(rune))) return true;
    return this.input.startsWith(RIGHT, this.position);
  }

  private rightDelimiterHere(): { readonly trims: boolean } | undefined {
    const { input, position } = this;
    if (isSpaceAt(input, position) && input.startsWith(`-${RIGHT}`, position + 1)) return { trims: true };
    return input.startsWith(RIGHT, position) ? { trims: false } : undefined;
  }

  private isLeftTrim(position: number): boolean {
    return this.input.charAt(position) === '-' && isSpaceAt(this.input, position + 1);
  }

  private digitFollows(): boolean {
    return isDigit(this.input.charCodeAt(this.position));
  }

  private skipSpaces(): void {
    while (isSpaceAt(this.input, this.position)) this.position += 1;
  }

  private accept(valid: string): boolean {
    const rune = this.read();
    if (rune !== EOF && valid.includes(String.fromCodePoint(rune))) return true;
    this.backUp();
    return false;
  }

  private acceptRun(valid: string): void {
    while (this.accept(valid));
  }

  private read(): number {
    if (this.position >= this.input.length) {
      this.atEnd = true;
      return EOF;
    }
    const { code, width } = decodeRune(this.input, this.position);
    this.position += width;
    if (code === 0x0a) this.line += 1;
    return code;
  }

  private peek(): number {
    const rune = this.read();
    this.backUp();
    return rune;
  }

  /** Nothing goes back once the end was seen. */
  private backUp(): void {
    if (this.atEnd || this.position === 0) return;
    const { code, width } = decodeLastRune(this.input, this.position);
    this.position -= width;
    if (code === 0x0a) this.line -= 1;
  }

  private countLines(): void {
    this.line += newlines(this.input.slice(this.start, this.position));
  }

  private ignore(): void {
    this.countLines();
    this.start = this.position;
    this.startLine = this.line;
  }

  private take(type: ItemType): Item {
    const value = this.input.slice(this.start, this.position);
    const item = { type, position: this.start, value, line: this.startLine };
    this.start = this.position;
    this.startLine = this.line;
    return item;
  }

  private emit(type: ItemType): State {
    return this.complete(this.take(type));
  }

  private complete(item: Item): State {
    this.item = item;
    return undefined;
  }

  private error(message: string): State {
    this.item = { type: 'error', position: this.start, value: message, line: this.startLine };
    this.start = 0;
    this.position = 0;
    this.input = '';
    return undefined;
  }
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}

function isSpaceAt(text: string, position: number): boolean {
  const character = text.charAt(position);
  return character !== '' && SPACES.includes(character);
}
