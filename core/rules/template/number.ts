import { NotSupportedError } from '../../errors';
import { type GoString } from '../../kube/go-string';
import { quote, unquoteCharacter } from '../../kube/go-string-quote';
import { TemplateError } from './template-error';

const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
const INTEGER = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const DECIMAL_FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX](?=\.?[0-9a-fA-F])([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/;
/** Beyond this a hexadecimal exponent is zero or infinite whatever the digits are. */
const EXTREME_EXPONENT = 100_000;

/** The `int` or `float64` that a constant is; `undefined` if it is an integer too large for `int`. */
export type NumberValue = bigint | number | undefined;

/**
 * Reads a number of a template: its syntax tells its type (`parse.newNumber` and `idealConstant`).
 * @throws TemplateError if it is none
 * @throws NotSupportedError on an imaginary one
 */
export function parseNumber(text: GoString): NumberValue {
  if (text.endsWith('i') && parseFloat64(text.slice(0, -1)) !== undefined) {
    throw new NotSupportedError(`the imaginary constant ${text} in a template`);
  }
  const integer = parseInteger(text);
  if (integer !== undefined) return reading(text, integer);
  const float = parseFloat64(text);
  if (float === undefined) throw new TemplateError(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new TemplateError(`integer overflow: ${quote(text)}`);
  return float;
}

/** @throws TemplateError if it is not one character */
export function parseCharacter(text: GoString): NumberValue {
  const character = unquoteCharacter(text.slice(1), "'");
  if (!character) throw new TemplateError('invalid syntax');
  if (character.rest !== "'") throw new TemplateError(`malformed character constant: ${text}`);
  return BigInt(character.rune);
}

/** An `e` makes a float of an integer too, but not in `0x1e`; in `-0x1e` it does. */
function reading(text: GoString, integer: bigint): NumberValue {
  if (/[.eEpP]/.test(text) && !/^0[xX]./.test(text)) return Number(integer);
  return integer > MAX_INT64 ? undefined : integer;
}

/** Base by prefix, as `strconv.ParseInt` and `ParseUint` with base 0. */
function parseInteger(text: GoString): bigint | undefined {
  if (text.includes('_') && !underscoresSeparateDigits(text)) return undefined;
  const match = INTEGER.exec(text.replaceAll('_', ''));
  if (!match) return undefined;
  const [, sign = '', digits = ''] = match;
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (sign === '-') return magnitude > MAX_INT64 + 1n ? undefined : -magnitude;
  return magnitude > (sign === '+' ? MAX_INT64 : MAX_UINT64) ? undefined : magnitude;
}

/** `strconv.ParseFloat`, without the words for infinity and NaN; too large is an error. */
function parseFloat64(text: GoString): number | undefined {
  if (text.includes('_') && !underscoresSeparateDigits(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const value = DECIMAL_FLOAT.test(digits) ? Number(digits) : hexFloat(digits);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function hexFloat(text: string): number | undefined {
  const match = HEX_FLOAT.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', power = ''] = match;
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const exponent =
    Math.max(-EXTREME_EXPONENT, Math.min(EXTREME_EXPONENT, Number(power))) - 4 * fraction.length;
  const magnitude = mantissa === 0n ? 0 : scaled(mantissa, exponent);
  return sign === '-' ? -magnitude : magnitude;
}

/** `mantissa × 2^exponent`, rounded once to the nearest float, ties to even. */
function scaled(mantissa: bigint, exponent: number): number {
  const bits = mantissa.toString(2).length;
  const keep = Math.min(53, bits + exponent + 1074);
  if (keep < 0) return 0;
  const drop = bits - keep;
  if (drop <= 0) return Number(mantissa) * 2 ** exponent;
  const kept = mantissa >> BigInt(drop);
  const rest = mantissa - (kept << BigInt(drop));
  const half = 1n << BigInt(drop - 1);
  const up = rest > half || (rest === half && (kept & 1n) === 1n);
  return timesPowerOfTwo(Number(up ? kept + 1n : kept), exponent + drop);
}

/** In two steps, because the power alone may be out of range. */
function timesPowerOfTwo(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

const MISPLACED = /(?<!\d)_|_(?!\d)/;
const MISPLACED_IN_HEX = /(?<![\da-fA-F])_|_(?![\da-fA-F])/;

/** Each stands between two digits; a prefix such as `0x` counts as a digit (`strconv.underscoreOK`). */
function underscoresSeparateDigits(text: GoString): boolean {
  const [, prefix = '', rest = ''] = /^[+-]?(0[bBoOxX])?(.*)$/s.exec(text) ?? [];
  return !(/[xX]/.test(prefix) ? MISPLACED_IN_HEX : MISPLACED).test(prefix === '' ? rest : `0${rest}`);
}
