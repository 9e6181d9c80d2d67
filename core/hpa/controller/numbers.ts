import { type Int64, toInt64 } from '../../kube/int64';

/** Go's conversions between number types on amd64, where the controller's results depend on them. */

export const MAX_INT32 = 2_147_483_647;

const MIN_INT32 = -2_147_483_648;
const MIN_INT64 = -(2n ** 63n);

/** `int32(int64)`: the low 32 bits. */
export function int32(value: Int64): number {
  return typeof value === 'number' ? value | 0 : Number(BigInt.asIntN(32, value));
}

/** `int32(float64)`: towards zero; what does not fit, NaN included, becomes the lowest int32. */
export function floatToInt32(value: number): number {
  const whole = Math.trunc(value);
  // Integers have no negative zero.
  return whole >= MIN_INT32 && whole <= MAX_INT32 ? whole | 0 : MIN_INT32;
}

/** `int64(float64)`: towards zero; what does not fit, NaN included, becomes the lowest int64. */
export function floatToInt64(value: number): Int64 {
  const whole = Math.trunc(value) + 0;
  if (Number.isSafeInteger(whole)) return whole;
  return Math.abs(whole) < 2 ** 63 ? toInt64(BigInt(whole)) : MIN_INT64;
}
