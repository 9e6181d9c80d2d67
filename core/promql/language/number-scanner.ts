/**
 * How far a number or a duration reaches in a text. What is read as a number need not be one: `0x` is found out later.
 * The steps follow `scanNumber` and `acceptRemainingDuration` of `promql/parser/lex.go`, so that what is wrong is cut
 * off where Prometheus cuts it off.
 */
export interface ScannedNumber {
  readonly kind: 'number' | 'duration' | 'bad';
  readonly end: number;
}

const DECIMAL_DIGITS = '0123456789';
const HEXADECIMAL_DIGITS = '0123456789abcdefABCDEF';
const PLAIN = /\d+(?![\w.])/y;

/** @param start where a digit stands, or a point before one */
export function scanNumberOrDuration(text: string, start: number): ScannedNumber {
  PLAIN.lastIndex = start;
  if (PLAIN.test(text)) return { kind: 'number', end: PLAIN.lastIndex };
  const scanner = new NumberScanner(text, start);
  if (scanner.scanNumber()) return { kind: 'number', end: scanner.position };
  const isDuration = scanner.scanUnits();
  return { kind: isDuration ? 'duration' : 'bad', end: scanner.position };
}

class NumberScanner {
  constructor(
    private readonly text: string,
    public position: number,
  ) {}

  scanNumber(): boolean {
    const isHexadecimal = this.accept('0') && this.accept('xX');
    if (isHexadecimal) this.accept('_');
    const digits = isHexadecimal ? HEXADECIMAL_DIGITS : DECIMAL_DIGITS;
    this.accept('.');
    this.accept(digits);
    const seen = new Set<string>();
    while (this.isAt(`${digits}._eE`)) {
      if (!this.scanPart(digits, seen)) return false;
    }
    return !isAlphaNumeric(this.current);
  }

  /** The units behind a number, and further numbers with units. */
  scanUnits(): boolean {
    if (!this.accept('smhdwy')) return false;
    this.accept('s');
    while (this.accept(DECIMAL_DIGITS)) {
      while (this.accept(DECIMAL_DIGITS));
      if (!this.accept('smhdw')) return false;
      this.accept('s');
    }
    if (!isAlphaNumeric(this.current)) return true;
    this.position++;
    return false;
  }

  /** A run of digits, a point, an exponent's mark or an underscore; the middle two come once. */
  private scanPart(digits: string, seen: Set<string>): boolean {
    for (const once of ['.', 'eE']) {
      if (!this.isAt(once)) continue;
      if (seen.has(once)) {
        this.position++;
        return false;
      }
    }
    if (this.accept('.')) {
      seen.add('.');
      return !this.accept('_.') && digits === DECIMAL_DIGITS;
    }
    if (this.accept('eE')) {
      seen.add('eE');
      this.accept('+-');
      return !this.accept('._eE') && this.current !== '';
    }
    if (this.accept('_')) return !this.accept('._eE') && this.current !== '';
    while (this.accept(digits));
    return true;
  }

  private get current(): string {
    return this.text.charAt(this.position);
  }

  private isAt(characters: string): boolean {
    return this.current !== '' && characters.includes(this.current);
  }

  private accept(characters: string): boolean {
    const found = this.isAt(characters);
    if (found) this.position++;
    return found;
  }
}

function isAlphaNumeric(character: string): boolean {
  return /^\w$/.test(character);
}
