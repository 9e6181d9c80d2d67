import { encodeRune, type GoString, isPrintable, MAX_RUNE, RUNE_ERROR } from '../../kube/go-string';
import { type FloatVerb, formatFloat } from './float-format';
import { type Flags, pad, paddingOf, padWithSpaces, truncated } from './padding';
import { canBackquote, quote, quoteRune } from '../../kube/go-string-quote';

/** A scalar formatted by a verb; `undefined` if its type does not know the verb. */
type Formatted = GoString | undefined;

export function formatBoolean(value: boolean, verb: string, flags: Flags): Formatted {
  return verb === 't' || verb === 'v' ? pad(String(value), flags) : undefined;
}

export function formatString(value: GoString, verb: string, flags: Flags): Formatted {
  switch (verb) {
    case 'v':
      return flags.sharpV ? quoted(value, flags) : pad(truncated(value, flags), flags);
    case 's':
      return pad(truncated(value, flags), flags);
    case 'x':
    case 'X':
      return hexBytes(value, verb, flags);
    case 'q':
      return quoted(value, flags);
    default:
      return undefined;
  }
}

/** @param isSigned whether it is an `int`, not a `uint8` */
export function formatInteger(value: bigint, isSigned: boolean, verb: string, flags: Flags): Formatted {
  switch (verb) {
    case 'v':
      return flags.sharpV && !isSigned
        ? inBase(value, 16, verb, { ...flags, sharp: true })
        : inBase(value, 10, verb, flags);
    case 'd':
      return inBase(value, 10, verb, flags);
    case 'b':
      return inBase(value, 2, verb, flags);
    case 'o':
    case 'O':
      return inBase(value, 8, verb, flags);
    case 'x':
    case 'X':
      return inBase(value, 16, verb, flags);
    case 'c':
      return pad(encodeRune(runeOf(value)), flags);
    case 'q':
      return pad(quoteRune(runeOf(value), flags.plus), flags);
    case 'U':
      return unicode(BigInt.asUintN(64, value), flags);
    default:
      return undefined;
  }
}

export function formatFloatVerb(value: number, verb: string, flags: Flags): Formatted {
  switch (verb) {
    case 'v':
      return float(value, 'g', -1, flags);
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return float(value, verb, -1, flags);
    case 'f':
    case 'e':
    case 'E':
      return float(value, verb, 6, flags);
    case 'F':
      return float(value, 'f', 6, flags);
    default:
      return undefined;
  }
}

function quoted(value: GoString, flags: Flags): GoString {
  const text = truncated(value, flags);
  return pad(flags.sharp && canBackquote(text) ? `\`${text}\`` : quote(text, flags.plus), flags);
}

function hexBytes(value: GoString, verb: 'x' | 'X', flags: Flags): GoString {
  const bytes = value.slice(0, flags.precision);
  if (bytes === '') return paddingOf(flags.width ?? 0, flags);
  const prefix = flags.sharp ? `0${verb}` : '';
  const digits = Array.from(bytes, (byte) => {
    const text = byte.charCodeAt(0).toString(16).padStart(2, '0');
    return verb === 'X' ? text.toUpperCase() : text;
  });
  return pad(prefix + digits.join(flags.space ? ` ${prefix}` : ''), flags);
}

function inBase(value: bigint, base: 2 | 8 | 10 | 16, verb: string, flags: Flags): GoString {
  const { precision, width } = flags;
  const negative = value < 0n;
  if (precision === 0 && value === 0n) return ' '.repeat(width ?? 0);
  const digits = (negative ? -value : value).toString(base);
  const minimum = precision ?? zeroPaddedDigits(negative, flags);
  const filled = (verb === 'X' ? digits.toUpperCase() : digits).padStart(minimum, '0');
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  return padWithSpaces(
    sign + (verb === 'O' ? '0o' : '') + basePrefix(base, filled, verb, flags) + filled,
    flags,
  );
}

function zeroPaddedDigits(negative: boolean, { zero, minus, plus, space, width }: Flags): number {
  if (!zero || minus || width === undefined) return 0;
  return negative || plus || space ? width - 1 : width;
}

function basePrefix(base: number, digits: string, verb: string, { sharp }: Flags): string {
  if (!sharp || base === 10) return '';
  if (base === 2) return '0b';
  if (base === 8) return digits.startsWith('0') ? '' : '0';
  return verb === 'X' ? '0X' : '0x';
}

function runeOf(value: bigint): number {
  const unsigned = BigInt.asUintN(64, value);
  return unsigned > BigInt(MAX_RUNE) ? RUNE_ERROR : Number(unsigned);
}

function unicode(value: bigint, flags: Flags): GoString {
  const digits = value
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 0), '0');
  const shown = flags.sharp && value <= BigInt(MAX_RUNE) && isPrintable(Number(value));
  return padWithSpaces(`U+${digits}${shown ? ` '${encodeRune(Number(value))}'` : ''}`, flags);
}

function float(value: number, verb: FloatVerb, defaultPrecision: number, flags: Flags): GoString {
  const precision = flags.precision ?? defaultPrecision;
  const text = formatFloat(value, verb, precision);
  const isSigned = text.startsWith('-') || text.startsWith('+');
  const magnitude = isSigned ? text.slice(1) : text;
  const plain = text.startsWith('-') ? '-' : flags.space && !flags.plus ? ' ' : '+';
  if (!Number.isFinite(value)) {
    const shown = !Number.isNaN(value) || flags.space || flags.plus;
    return padWithSpaces((shown ? plain : '') + magnitude, flags);
  }
  const number = flags.sharp && verb !== 'b' ? withPoint(magnitude, verb, precision) : magnitude;
  if (!flags.plus && plain === '+') return pad(number, flags);
  const isZeroPadded = flags.zero && !flags.minus && (flags.width ?? 0) > number.length + 1;
  return isZeroPadded ? plain + number.padStart((flags.width ?? 0) - 1, '0') : pad(plain + number, flags);
}

/** `%#`: always a decimal point, and the zeros after it that `%g` leaves out. */
function withPoint(magnitude: string, verb: FloatVerb, precision: number): string {
  const isHex = verb === 'x' || verb === 'X';
  const [, number = '', exponent = ''] = (isHex ? /^([^pP]*)(.*)$/ : /^([^eE]*)(.*)$/).exec(magnitude) ?? [];
  const hasDigits = verb === 'g' || verb === 'G' || verb === 'x';
  const wanted = hasDigits ? (precision === -1 ? 6 : precision) : 0;
  const significant = number.replace('.', '').replace(/^0+/, '').length;
  const zero = number === '0' ? 1 : 0;
  const pointed = number.includes('.') ? number : `${number}.`;
  return pointed + '0'.repeat(Math.max(0, wanted - significant - (pointed === number ? 0 : zero))) + exponent;
}
