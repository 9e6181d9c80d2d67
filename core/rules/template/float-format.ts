/** Verbs of floats that `strconv.FormatFloat` knows. */
export type FloatVerb = 'b' | 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X';

/** Significant digits of a number `0.d₁d₂… × 10^point`; none of zero. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

const MANTISSA_BITS = 52;
const MANTISSA_MASK = (1n << 52n) - 1n;
const BIAS = 1023;
/** Exponent from which the shortest `%g` writes one. */
const SHORTEST_LIMIT = 6;

/**
 * A float as text (`strconv.FormatFloat` with 64 bits).
 * @param precision -1 for as many digits as the number needs
 */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const negative = value < 0 || Object.is(value, -0);
  if (!Number.isFinite(value)) return negative ? '-Inf' : '+Inf';
  return (negative ? '-' : '') + formatPositive(Math.abs(value), verb, precision);
}

function formatPositive(value: number, verb: FloatVerb, precision: number): string {
  switch (verb) {
    case 'b': {
      const { mantissa, exponent } = partsOf(value);
      return `${mantissa}p${signed(exponent)}`;
    }
    case 'x':
    case 'X':
      return hexadecimal(value, verb, precision);
    case 'e':
    case 'E': {
      const digits = precision < 0 ? shortest(value) : rounded(exact(value), precision + 1);
      return scientific(digits, precision < 0 ? digits.digits.length - 1 : precision, verb);
    }
    case 'f': {
      if (precision < 0) {
        const digits = shortest(value);
        return positional(digits, Math.max(digits.digits.length - digits.point, 0));
      }
      const digits = exact(value);
      return positional(rounded(digits, digits.point + precision), precision);
    }
    case 'g':
    case 'G':
      return general(value, verb === 'g' ? 'e' : 'E', precision);
  }
}

function general(value: number, verb: 'e' | 'E', wanted: number): string {
  const isShortest = wanted < 0;
  const digits = isShortest ? shortest(value) : rounded(exact(value), wanted || 1);
  const { length } = digits.digits;
  const precision = isShortest ? length : wanted || 1;
  const limit = isShortest
    ? SHORTEST_LIMIT
    : precision > length && length >= digits.point
      ? length
      : precision;
  const exponent = digits.point - 1;
  if (exponent < -4 || exponent >= limit) return scientific(digits, Math.min(precision, length) - 1, verb);
  return positional(digits, Math.max(length - digits.point, 0));
}

function scientific({ digits, point }: Digits, precision: number, verb: 'e' | 'E'): string {
  const fraction = precision > 0 ? `.${digits.slice(1, precision + 1).padEnd(precision, '0')}` : '';
  const exponent = digits === '' ? 0 : point - 1;
  return `${digits.charAt(0) || '0'}${fraction}${verb}${signed(exponent, 2)}`;
}

function positional({ digits, point }: Digits, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision === 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

/** The fewest digits that only this number is read from. */
function shortest(value: number): Digits {
  if (value === 0) return { digits: '', point: 0 };
  const [, first = '', rest = '', exponent = ''] =
    /^(\d)\.?(\d*)e([+-]\d+)$/.exec(value.toExponential()) ?? [];
  return { digits: first + rest, point: Number(exponent) + 1 };
}

/** All digits: every float has a finite number of them. */
function exact(value: number): Digits {
  const { mantissa, exponent } = partsOf(value);
  if (mantissa === 0n) return { digits: '', point: 0 };
  const digits =
    exponent >= 0
      ? (mantissa << BigInt(exponent)).toString()
      : (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits: withoutTrailingZeros(digits), point: digits.length + Math.min(exponent, 0) };
}

/** To a number of digits, halves to even. */
function rounded({ digits, point }: Digits, count: number): Digits {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '', point: 0 };
  const kept = digits.slice(0, count);
  const isHalf = digits.slice(count) === '5';
  const up = isHalf ? /[13579]$/.test(kept) : digits.charAt(count) >= '5';
  if (!up) {
    const trimmed = withoutTrailingZeros(kept);
    return { digits: trimmed, point: trimmed === '' ? 0 : point };
  }
  const raised = (BigInt(`0${kept}`) + 1n).toString();
  const grew = raised.length > kept.length;
  return { digits: withoutTrailingZeros(raised.padStart(kept.length, '0')), point: grew ? point + 1 : point };
}

function withoutTrailingZeros(digits: string): string {
  return digits.replace(/0+$/, '');
}

/** `mantissa × 2^exponent` */
function partsOf(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & MANTISSA_MASK;
  return biased === 0
    ? { mantissa: fraction, exponent: 1 - BIAS - MANTISSA_BITS }
    : { mantissa: fraction | (1n << 52n), exponent: biased - BIAS - MANTISSA_BITS };
}

function hexadecimal(value: number, verb: 'x' | 'X', precision: number): string {
  const parts = partsOf(value);
  let { mantissa } = parts;
  let exponent = mantissa === 0n ? 0 : parts.exponent + MANTISSA_BITS;
  while (mantissa !== 0n && mantissa >> 52n === 0n) {
    mantissa <<= 1n;
    exponent -= 1;
  }
  mantissa <<= 8n;
  if (precision >= 0 && precision < 15) {
    const drop = BigInt(60 - precision * 4);
    const rest = mantissa & ((1n << drop) - 1n);
    const half = 1n << (drop - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if (mantissa >> 61n !== 0n) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const all = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0');
  const fraction = precision < 0 ? withoutTrailingZeros(all) : all.slice(0, precision).padEnd(precision, '0');
  const text = `0x${mantissa >> 60n}${fraction === '' ? '' : `.${fraction}`}p${signed(exponent, 2)}`;
  return verb === 'X' ? text.toUpperCase() : text;
}

function signed(exponent: number, digits = 1): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(digits, '0')}`;
}
