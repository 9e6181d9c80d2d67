import { Cursor } from './cursor';
import { type Mark, YamlError } from './mark';
import { scanAnchor, scanDirective, scanTag } from './property-scanner';
import { scanBlock, scanPlain, scanQuoted } from './scalar-scanner';
import { type PlainToken, type Token } from './token';

/** Where a key may have begun that only the `:` after it tells from a value. */
interface SimpleKey {
  possible: boolean;
  /** Whether nothing else can stand there. */
  readonly required: boolean;
  readonly token: number;
  readonly mark: Mark;
}

/** Characters that a key without `?` may be long. */
const LONGEST_KEY = 1024;
/** Characters that begin no plain scalar. */
const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

/**
 * Splits YAML 1.1 into tokens as libyaml does (yaml.v2 `scannerc.go`), as few ahead as possible, because what follows
 * the first document is never read.
 */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly queue: Token[] = [];
  /** Number of tokens taken from the queue. */
  private taken = 0;
  private started = false;
  private indent = -1;
  private readonly indents: number[] = [];
  private flowLevel = 0;
  private keyAllowed = true;
  private readonly keys: SimpleKey[] = [noKey(0)];
  /** Token → index in `keys` of the key that may begin with it. */
  private readonly keyOf = new Map<number, number>();

  /** @throws YamlError on a character that YAML does not allow */
  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  /** @throws YamlError if the text is no YAML */
  peek(): Token {
    while (this.needsMore()) this.fetch();
    const [token] = this.queue;
    if (!token) throw new YamlError('unexpected end', this.cursor.mark);
    return token;
  }

  skip(): void {
    this.queue.shift();
    this.taken += 1;
  }

  /** A token that may yet turn out to begin a key cannot be given away. */
  private needsMore(): boolean {
    if (this.queue.length === 0) return true;
    const key = this.keys[this.keyOf.get(this.taken) ?? -1];
    return key !== undefined && this.isValid(key);
  }

  private fetch(): void {
    const { cursor } = this;
    if (!this.started) {
      this.started = true;
      this.add('streamStart', cursor.mark);
      return;
    }
    this.toNextToken();
    this.unroll(cursor.mark.column);
    if (cursor.atEnd) return this.fetchStreamEnd();
    if (cursor.mark.column === 0 && cursor.peek() === '%') return this.fetchDirective();
    if (cursor.isDocumentIndicator()) return this.fetchDocumentIndicator();
    if (!this.fetchIndicator()) this.fetchScalar();
  }

  private fetchIndicator(): boolean {
    const { cursor, flowLevel } = this;
    const character = cursor.peek();
    const alone = cursor.isBlankOrEnd(1);
    switch (character) {
      case '[':
      case '{':
        this.fetchFlowStart(character === '[' ? 'flowSequenceStart' : 'flowMappingStart');
        return true;
      case ']':
      case '}':
        this.fetchFlowEnd(character === ']' ? 'flowSequenceEnd' : 'flowMappingEnd');
        return true;
      case ',':
        this.fetchFlowEntry();
        return true;
      case '-':
        if (alone) this.fetchBlockEntry();
        return alone;
      case '?':
        if (flowLevel > 0 || alone) this.fetchKey();
        return flowLevel > 0 || alone;
      case ':':
        if (flowLevel > 0 || alone) this.fetchValue();
        return flowLevel > 0 || alone;
      default:
        return false;
    }
  }

  private fetchScalar(): void {
    const { cursor } = this;
    const character = cursor.peek();
    if (character === '*' || character === '&' || character === '!') {
      this.saveKey();
      this.keyAllowed = false;
      if (character === '!') this.queue.push(scanTag(cursor));
      else this.queue.push(scanAnchor(cursor, character === '*' ? 'alias' : 'anchor'));
    } else if ((character === '|' || character === '>') && this.flowLevel === 0) {
      this.removeKey();
      this.keyAllowed = true;
      this.queue.push(scanBlock(cursor, this.indent, character === '|'));
    } else if (character === "'" || character === '"') {
      this.saveKey();
      this.keyAllowed = false;
      this.queue.push(scanQuoted(cursor, character));
    } else if (this.beginsPlain()) {
      this.fetchPlain();
    } else {
      throw new YamlError('found character that cannot start any token', cursor.mark);
    }
  }

  private beginsPlain(): boolean {
    const { cursor } = this;
    if (!cursor.isBlankOrEnd() && !cursor.is(INDICATORS)) return true;
    if (cursor.peek() === '-') return !cursor.isBlank(1);
    return this.flowLevel === 0 && cursor.is('?:') && !cursor.isBlankOrEnd(1);
  }

  private fetchPlain(): void {
    this.saveKey();
    this.keyAllowed = false;
    const { token, endedLine } = scanPlain(this.cursor, this.indent + 1, this.flowLevel > 0);
    this.queue.push(token);
    if (endedLine) this.keyAllowed = true;
  }

  private fetchStreamEnd(): void {
    this.cursor.endLine();
    this.endBlocks();
    this.add('streamEnd', this.cursor.mark);
  }

  private fetchDirective(): void {
    this.endBlocks();
    this.queue.push(scanDirective(this.cursor));
  }

  private fetchDocumentIndicator(): void {
    this.endBlocks();
    this.addIndicator(this.cursor.peek() === '-' ? 'documentStart' : 'documentEnd', 3);
  }

  private endBlocks(): void {
    this.unroll(-1);
    this.removeKey();
    this.keyAllowed = false;
  }

  private fetchFlowStart(type: 'flowSequenceStart' | 'flowMappingStart'): void {
    this.saveKey();
    this.keys.push(noKey(this.nextToken));
    this.flowLevel += 1;
    this.keyAllowed = true;
    this.addIndicator(type);
  }

  private fetchFlowEnd(type: 'flowSequenceEnd' | 'flowMappingEnd'): void {
    this.removeKey();
    if (this.flowLevel > 0) {
      this.flowLevel -= 1;
      // Yaml.v2 forgets here that the collection itself may be a key, unless its `:` was seen already.
      this.forget(this.keys.pop());
    }
    this.keyAllowed = false;
    this.addIndicator(type);
  }

  private fetchFlowEntry(): void {
    this.removeKey();
    this.keyAllowed = true;
    this.addIndicator('flowEntry');
  }

  private fetchBlockEntry(): void {
    this.openBlock('blockSequenceStart', 'block sequence entries are not allowed in this context');
    this.removeKey();
    this.keyAllowed = true;
    this.addIndicator('blockEntry');
  }

  private fetchKey(): void {
    this.openBlock('blockMappingStart', 'mapping keys are not allowed in this context');
    this.removeKey();
    this.keyAllowed = this.flowLevel === 0;
    this.addIndicator('key');
  }

  private fetchValue(): void {
    const key = this.keys.at(-1);
    if (key && this.isValid(key)) {
      this.insert(key.token, { type: 'key', start: key.mark, end: key.mark });
      this.roll(key.mark, 'blockMappingStart', key.token);
      key.possible = false;
      this.forget(key);
      this.keyAllowed = false;
    } else {
      this.openBlock('blockMappingStart', 'mapping values are not allowed in this context');
      this.keyAllowed = this.flowLevel === 0;
    }
    this.addIndicator('value');
  }

  /** Blanks, comments and breaks. A tab may not stand where a key could. */
  private toNextToken(): void {
    const { cursor } = this;
    for (;;) {
      const tabs = this.flowLevel > 0 || !this.keyAllowed;
      while (cursor.peek() === ' ' || (tabs && cursor.peek() === '\t')) cursor.skip();
      if (cursor.peek() === '#') while (!cursor.isBreakOrEnd()) cursor.skip();
      if (!cursor.isBreak()) return;
      cursor.skipLine();
      if (this.flowLevel === 0) this.keyAllowed = true;
    }
  }

  /** A collection that an indicator begins, unless it stands in one already. */
  private openBlock(type: 'blockSequenceStart' | 'blockMappingStart', refusal: string): void {
    const { mark } = this.cursor;
    if (this.flowLevel > 0) return;
    if (!this.keyAllowed) throw new YamlError(refusal, mark);
    this.roll(mark, type);
  }

  /** @param token before which the collection begins; the next one by default */
  private roll(mark: Mark, type: 'blockSequenceStart' | 'blockMappingStart', token = this.nextToken): void {
    if (this.flowLevel > 0 || this.indent >= mark.column) return;
    this.indents.push(this.indent);
    this.indent = mark.column;
    this.insert(token, { type, start: mark, end: mark });
  }

  private unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.add('blockEnd', this.cursor.mark);
      this.indent = this.indents.pop() ?? -1;
    }
  }

  private get nextToken(): number {
    return this.taken + this.queue.length;
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    const { mark } = this.cursor;
    const required = this.flowLevel === 0 && this.indent === mark.column;
    const key = { possible: true, required, token: this.nextToken, mark };
    this.removeKey();
    this.keys[this.keys.length - 1] = key;
    this.keyOf.set(key.token, this.keys.length - 1);
  }

  private forget(key: SimpleKey | undefined): void {
    if (key) this.keyOf.delete(key.token);
  }

  private removeKey(): void {
    const key = this.keys.at(-1);
    if (!key?.possible) return;
    if (key.required) throw this.missingColon();
    key.possible = false;
    this.forget(key);
  }

  /** A key has to end on its line. */
  private isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    const { line, index } = this.cursor.mark;
    if (key.mark.line >= line && key.mark.index + LONGEST_KEY >= index) return true;
    if (key.required) throw this.missingColon();
    key.possible = false;
    return false;
  }

  private missingColon(): YamlError {
    return new YamlError("could not find expected ':'", this.cursor.mark);
  }

  /** Before a token, or at the end if that was taken already. */
  private insert(token: number, inserted: PlainToken): void {
    this.queue.splice(token < this.taken ? this.queue.length : token - this.taken, 0, inserted);
  }

  private add(type: PlainToken['type'], mark: Mark): void {
    this.queue.push({ type, start: mark, end: mark });
  }

  private addIndicator(type: PlainToken['type'], length = 1): void {
    const start = this.cursor.mark;
    this.cursor.skip(length);
    this.queue.push({ type, start, end: this.cursor.mark });
  }
}

function noKey(token: number): SimpleKey {
  return { possible: false, required: false, token, mark: { index: 0, line: 0, column: 0 } };
}
