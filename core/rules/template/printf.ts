import { decodeRune, encodeRune, type GoString } from '../../kube/go-string';
import { noFlags } from './padding';
import { Printer } from './printer';
import { GoByte, type MaybeValue, typeName } from './value';

/** `fmt.Sprint`: a space between neighbours of which neither is a string. */
export function sprint(values: readonly MaybeValue[]): GoString {
  const printer = new Printer();
  values.forEach((value, index) => {
    const spaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    if (spaced) printer.write(' ');
    printer.printArgument(value, 'v');
  });
  return printer.text;
}

/** `fmt.Sprintln`: a space between all, and a new line. */
export function sprintln(values: readonly MaybeValue[]): GoString {
  const printer = new Printer();
  values.forEach((value, index) => {
    if (index > 0) printer.write(' ');
    printer.printArgument(value, 'v');
  });
  return `${printer.text}\n`;
}

/** `fmt.Sprintf` */
export function sprintf(format: GoString, values: readonly MaybeValue[]): GoString {
  return new FormatReader(format, values).print();
}

/** Numbers beyond are no width or precision. */
const LARGEST = 1_000_000;
const FLAG_NAMES: ReadonlyMap<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'> = new Map([
  ['#', 'sharp'],
  ['0', 'zero'],
  ['+', 'plus'],
  ['-', 'minus'],
  [' ', 'space'],
] as const);

/** Reads a format verb by verb (`doPrintf`). */
class FormatReader {
  private readonly printer = new Printer();
  private at = 0;
  private argument = 0;
  /** Whether what was read last is an index such as `[3]`. */
  private afterIndex = false;
  private goodIndex = true;
  private reordered = false;

  constructor(
    private readonly format: GoString,
    private readonly values: readonly MaybeValue[],
  ) {}

  print(): GoString {
    while (this.at < this.format.length) {
      const percent = this.format.indexOf('%', this.at);
      const end = percent < 0 ? this.format.length : percent;
      this.printer.write(this.format.slice(this.at, end));
      this.at = end + 1;
      if (percent >= 0 && !this.verb()) break;
    }
    if (!this.reordered) this.extraArguments();
    return this.printer.text;
  }

  /** @returns false if the format ends before the verb */
  private verb(): boolean {
    this.goodIndex = true;
    this.afterIndex = false;
    this.readFlags();
    this.readIndex();
    this.readWidth();
    if (this.at + 1 < this.format.length && this.format.charAt(this.at) === '.') this.readPrecision();
    if (!this.afterIndex) this.readIndex();
    if (this.at >= this.format.length) {
      this.printer.write('%!(NOVERB)');
      return false;
    }
    const { code, width } = decodeRune(this.format, this.at);
    this.at += width;
    this.printVerb(encodeRune(code));
    return true;
  }

  private printVerb(verb: string): void {
    const { printer } = this;
    if (verb === '%') return printer.write('%');
    if (!this.goodIndex) return printer.write(`%!${verb}(BADINDEX)`);
    if (this.argument >= this.values.length) return printer.write(`%!${verb}(MISSING)`);
    if (verb === 'v' || verb === 'w') {
      const { sharp, plus } = printer.flags;
      printer.flags = { ...printer.flags, sharpV: sharp, sharp: false, plusV: plus, plus: false };
    }
    printer.printArgument(this.values[this.argument], verb);
    this.argument += 1;
  }

  private readFlags(): void {
    this.printer.flags = noFlags();
    for (;;) {
      const flag = FLAG_NAMES.get(this.format.charAt(this.at));
      if (flag === undefined) return;
      this.printer.flags[flag] = true;
      this.at += 1;
    }
  }

  private readWidth(): void {
    const { flags } = this.printer;
    if (this.format.charAt(this.at) !== '*') {
      flags.width = this.readNumber();
      if (this.afterIndex && flags.width !== undefined) this.goodIndex = false;
      return;
    }
    this.at += 1;
    flags.width = this.readIntegerArgument();
    if (flags.width === undefined) this.printer.write('%!(BADWIDTH)');
    else if (flags.width < 0) {
      flags.width = -flags.width;
      flags.minus = true;
      flags.zero = false;
    }
    this.afterIndex = false;
  }

  private readPrecision(): void {
    const { flags } = this.printer;
    this.at += 1;
    if (this.afterIndex) this.goodIndex = false;
    this.readIndex();
    if (this.format.charAt(this.at) !== '*') {
      flags.precision = this.readNumber() ?? 0;
      return;
    }
    this.at += 1;
    const precision = this.readIntegerArgument();
    flags.precision = precision !== undefined && precision >= 0 ? precision : undefined;
    if (flags.precision === undefined) this.printer.write('%!(BADPREC)');
    this.afterIndex = false;
  }

  /** `[3]`, which chooses the argument. */
  private readIndex(): void {
    this.afterIndex = false;
    if (this.format.charAt(this.at) !== '[') return;
    this.reordered = true;
    const close = this.format.indexOf(']', this.at + 1);
    if (close < 0 || this.format.length - this.at < 3) {
      this.goodIndex = false;
      this.at += 1;
      return;
    }
    const digits = this.format.slice(this.at + 1, close);
    this.at = close + 1;
    const index = smallNumber(digits);
    this.afterIndex = index !== undefined;
    if (index !== undefined && index >= 1 && index <= this.values.length) this.argument = index - 1;
    else this.goodIndex = false;
  }

  private readNumber(): number | undefined {
    const [digits = ''] = /^\d*/.exec(this.format.slice(this.at)) ?? [];
    const number = smallNumber(digits);
    this.at = number === undefined && digits !== '' ? this.format.length : this.at + digits.length;
    return number;
  }

  private readIntegerArgument(): number | undefined {
    if (this.argument >= this.values.length) return undefined;
    const value = this.values[this.argument];
    this.argument += 1;
    const number =
      typeof value === 'bigint' ? Number(value) : value instanceof GoByte ? value.value : undefined;
    return number === undefined || Math.abs(number) > LARGEST ? undefined : number;
  }

  private extraArguments(): void {
    const extra = this.values.slice(this.argument);
    if (extra.length === 0) return;
    const { printer } = this;
    printer.flags = noFlags();
    printer.write('%!(EXTRA ');
    extra.forEach((value, index) => {
      if (index > 0) printer.write(', ');
      if (value === undefined) return printer.write('<nil>');
      printer.write(`${typeName(value)}=`);
      printer.printArgument(value, 'v');
    });
    printer.write(')');
  }
}

/** Digits as a number; `undefined` if there are none, too many, or something else. */
function smallNumber(digits: string): number | undefined {
  if (!/^\d+$/.test(digits)) return undefined;
  let number = 0;
  for (const digit of digits) {
    if (number > LARGEST) return undefined;
    number = number * 10 + Number(digit);
  }
  return number;
}
