/** Numbers as text and back, as Go's `strconv` and `fmt` have them. */

const DECIMAL = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/;

/** `strconv.ParseFloat(text, 64)`; undefined where that fails, overflow included. */
export function parseGoFloat(text: string): number | undefined {
  const named = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (named) {
    if (named[2]?.toLowerCase() === 'nan') return named[1] === '' ? Number.NaN : undefined;
    return named[1] === '-' ? -Infinity : Infinity;
  }
  if (text.includes('_')) return undefined;
  const value = DECIMAL.test(text) ? Number(text) : parseHexadecimal(text);
  return value === undefined || Math.abs(value) === Infinity ? undefined : value;
}

function parseHexadecimal(text: string): number | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = HEXADECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const mantissa = Number(`0x${whole}${fraction}`);
  return (sign === '-' ? -mantissa : mantissa) * 2 ** (Number(exponent) - 4 * fraction.length);
}

/** `strconv.FormatFloat(value, 'f', -1, 64)`: the shortest decimal text that reads as the same number, no exponent. */
export function formatF(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const { negative, digits, exponent } = shortest(value);
  return `${negative ? '-' : ''}${pointed(digits, exponent)}`;
}

/**
 * `%g`: with an exponent if that is below -4, or not below the precision, for which 6 stands if none is given.
 * @param precision significant digits; by default as many as it takes
 */
export function formatG(value: number, precision?: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const { negative, digits, exponent } =
    precision === undefined ? shortest(value) : rounded(value, precision);
  const fits = precision !== undefined && precision > digits.length && digits.length >= exponent;
  const limit = fits ? digits.length : (precision ?? 6);
  const plain = exponent - 1 >= -4 && exponent - 1 < limit;
  const text = plain ? pointed(digits, exponent) : withExponent(digits, exponent - 1);
  return `${negative ? '-' : ''}${text}`;
}

/** `%f`: six digits after the point, and all before it. */
export function formatFixed(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}.000000`;
  return `${Object.is(value, -0) ? '-' : ''}${value.toFixed(6)}`;
}

/** `labels.FormatOpenMetricsFloat`: always recognisable as a float. */
export function formatOpenMetricsFloat(value: number): string {
  if (value === 0) return '0.0';
  const text = formatG(value);
  return /[e.]|NaN|Inf/.test(text) ? text : `${text}.0`;
}

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (Math.abs(value) === Infinity) return value > 0 ? '+Inf' : '-Inf';
  return undefined;
}

/** `0.<digits> * 10^exponent` */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

function shortest(value: number): Decimal {
  return decimal(value, Math.abs(value).toExponential());
}

function rounded(value: number, precision: number): Decimal {
  const { negative, digits, exponent } = decimal(value, Math.abs(value).toExponential(precision - 1));
  return { negative, digits: digits.replace(/0+$/, '') || '0', exponent };
}

function decimal(value: number, scientific: string): Decimal {
  const [mantissa = '', exponent = '0'] = scientific.split('e');
  const negative = value < 0 || Object.is(value, -0);
  const digits = mantissa.replace('.', '');
  return { negative, digits, exponent: digits === '0' ? 1 : Number(exponent) + 1 };
}

function pointed(digits: string, exponent: number): string {
  if (exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return digits + '0'.repeat(exponent - digits.length);
  return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

function withExponent(digits: string, exponent: number): string {
  const [first = '0', ...rest] = digits;
  const fraction = rest.length === 0 ? '' : `.${rest.join('')}`;
  const sign = exponent < 0 ? '-' : '+';
  return `${first}${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
