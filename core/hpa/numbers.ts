/** Go's fixed-width integers and its conversions on amd64, where the controller's results depend on them. */

export const MAX_INT32 = 2_147_483_647;
export const MAX_INT64 = 2n ** 63n - 1n;

const MIN_INT32 = -2_147_483_648;
const MIN_INT64 = -(2n ** 63n);

/** `int64` arithmetic: wraps around. */
export function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** `int32(int64)`: the low 32 bits. */
export function int32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** `int32(float64)`: towards zero; what does not fit, NaN included, becomes the lowest int32. */
export function floatToInt32(value: number): number {
  const whole = Math.trunc(value);
  // Integers have no negative zero.
  return whole >= MIN_INT32 && whole <= MAX_INT32 ? whole | 0 : MIN_INT32;
}

/** `int64(float64)`: towards zero; what does not fit, NaN included, becomes the lowest int64. */
export function floatToInt64(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : MIN_INT64;
}
