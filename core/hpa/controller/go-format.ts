/** What stands after `%` and before the verb: flags, then width and precision with or without argument indices. */
const FLAGS = /[#0+\- ]*/y;
const DIGITS = /\d*/y;
const LARGEST_NUMBER = 1_000_000;

/**
 * Go's `fmt.Sprintf(text)` without arguments: every verb prints that its argument is missing, `%%` a percent sign.
 * (`doPrintf` of `fmt/print.go`.)
 */
export function formatWithoutArguments(text: string): string {
  if (!text.includes('%')) return text;
  return new Formatter(text).run();
}

class Formatter {
  private position = 0;
  private output = '';
  private goodIndex = true;

  constructor(private readonly text: string) {}

  run(): string {
    const { text } = this;
    while (this.position < text.length) {
      const percent = text.indexOf('%', this.position);
      if (percent < 0) break;
      this.output += text.slice(this.position, percent);
      this.position = percent + 1;
      this.directive();
    }
    return this.output + text.slice(this.position);
  }

  private directive(): void {
    this.goodIndex = true;
    this.skip(FLAGS);
    let indexed = this.width(this.argumentIndex());
    if (this.peek() === '.') indexed = this.precision(indexed);
    if (!indexed) this.argumentIndex();
    this.verb();
  }

  /** @returns whether an argument index stands right before what follows */
  private width(indexed: boolean): boolean {
    if (this.take('*')) {
      this.output += '%!(BADWIDTH)';
      return false;
    }
    if (this.number() && indexed) this.goodIndex = false;
    return indexed;
  }

  private precision(indexedBefore: boolean): boolean {
    this.position += 1;
    if (indexedBefore) this.goodIndex = false;
    const indexed = this.argumentIndex();
    if (this.take('*')) {
      this.output += '%!(BADPREC)';
      return false;
    }
    this.number();
    return indexed;
  }

  private verb(): void {
    const code = this.text.codePointAt(this.position);
    if (code === undefined) {
      this.output += '%!(NOVERB)';
      return;
    }
    const verb = String.fromCodePoint(code);
    this.position += verb.length;
    if (verb === '%') this.output += '%';
    else this.output += `%!${verb}(${this.goodIndex ? 'MISSING' : 'BADINDEX'})`;
  }

  /** Reads `[n]`. There is no argument that it could name; @returns whether it was well-formed. */
  private argumentIndex(): boolean {
    if (this.peek() !== '[') return false;
    this.goodIndex = false;
    const start = this.position;
    const end = this.text.indexOf(']', start + 1);
    if (this.text.length - start < 3 || end < 0) {
      this.position += 1;
      return false;
    }
    this.position = end + 1;
    const digits = this.text.slice(start + 1, end);
    return /^\d+$/.test(digits) && !isTooLarge(digits);
  }

  /** Reads digits; a number that Go finds too large takes the rest of the text with it. */
  private number(): boolean {
    const digits = this.skip(DIGITS);
    if (!isTooLarge(digits)) return digits !== '';
    this.position = this.text.length;
    return false;
  }

  private peek(): string | undefined {
    return this.text[this.position];
  }

  private take(symbol: string): boolean {
    const found = this.peek() === symbol;
    if (found) this.position += 1;
    return found;
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const [match = ''] = pattern.exec(this.text) ?? [];
    this.position += match.length;
    return match;
  }
}

/** Go looks before it reads another digit (`parsenum`), so the last one does not count. */
function isTooLarge(digits: string): boolean {
  return Number(digits.slice(0, -1)) > LARGEST_NUMBER;
}
