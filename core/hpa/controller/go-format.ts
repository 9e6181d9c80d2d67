const FLAGS = '#0+- ';
const DIGITS = '0123456789';
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
    let indexed = this.argumentIndex();
    if (this.take('*')) {
      this.output += '%!(BADWIDTH)';
      indexed = false;
    } else {
      this.skipNumber();
    }
    // A point at the very end is the verb.
    if (this.position + 1 < this.text.length && this.take('.')) indexed = this.precision();
    if (!indexed) this.argumentIndex();
    this.verb();
  }

  /** @returns whether an argument index stands right before what follows */
  private precision(): boolean {
    const indexed = this.argumentIndex();
    if (this.take('*')) {
      this.output += '%!(BADPREC)';
      return false;
    }
    this.skipNumber();
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
    if (this.text[this.position] !== '[') return false;
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

  /** A number that Go finds too large takes the rest of the text with it. */
  private skipNumber(): void {
    if (isTooLarge(this.skip(DIGITS))) this.position = this.text.length;
  }

  private take(symbol: string): boolean {
    const found = this.text[this.position] === symbol;
    if (found) this.position += 1;
    return found;
  }

  /** Steps over any of these characters. */
  private skip(characters: string): string {
    const start = this.position;
    while (this.position < this.text.length && characters.includes(this.text.charAt(this.position))) {
      this.position += 1;
    }
    return this.text.slice(start, this.position);
  }
}

/** Go looks before it reads another digit (`parsenum`), so the last one does not count. */
function isTooLarge(digits: string): boolean {
  return Number(digits.slice(0, -1)) > LARGEST_NUMBER;
}
