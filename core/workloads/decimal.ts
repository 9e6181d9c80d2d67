/** `strconv.ParseFloat` takes these too, in any case; only infinity has a sign. */
const INFINITY = /^([+-]?)inf(?:inity)?$/i;
const NOT_A_NUMBER = /^nan$/i;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A number as Go's `strconv.ParseFloat` reads it, but for hexadecimal and digits with underscores.
 * @returns undefined for what is no number, or too large for one
 */
export function parseDecimal(text: string): number | undefined {
  if (NOT_A_NUMBER.test(text)) return Number.NaN;
  const [, sign] = INFINITY.exec(text) ?? [];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

const PLACES = 6;
/** Bits of a double's exponent and of its fraction. */
const EXPONENT_BITS = 11;
const FRACTION_BITS = 52n;
const EXPONENT_BIAS = 1023n;

/** A number as Go's `%f` prints it: six places, rounded half to even on the exact binary value. */
export function formatFixed(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return `${sign || '+'}Inf`;
  const digits = millionths(Math.abs(value))
    .toString()
    .padStart(PLACES + 1, '0');
  return `${sign}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}

/** `value` times 10⁶, where `toFixed` would round halves up, and give up at 10²¹. */
function millionths(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exponent = BigInt.asUintN(EXPONENT_BITS, raw >> FRACTION_BITS);
  const fraction = BigInt.asUintN(Number(FRACTION_BITS), raw);
  const mantissa = exponent === 0n ? fraction : fraction | (1n << FRACTION_BITS);
  // value = mantissa × 2^shift; subnormal numbers share the smallest exponent.
  const shift = (exponent === 0n ? 1n : exponent) - EXPONENT_BIAS - FRACTION_BITS;
  const scaled = mantissa * 10n ** BigInt(PLACES);
  return shift >= 0n ? scaled << shift : shiftedHalfToEven(scaled, -shift);
}

function shiftedHalfToEven(number: bigint, by: bigint): bigint {
  const quotient = number >> by;
  const twiceRest = (number - (quotient << by)) << 1n;
  const one = 1n << by;
  const up = twiceRest > one || (twiceRest === one && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}
