/**
 * Go's `int64` arithmetic. A value is a number while it is a safe integer, which is nearly always, and a bigint beyond
 * that; what leaves 64 bits wraps around.
 */
export type Int64 = number | bigint;

export const MAX_INT64 = 2n ** 63n - 1n;

/** The value in its shortest form, wrapped to 64 bits. */
export function toInt64(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= Number.MIN_SAFE_INTEGER && wrapped <= Number.MAX_SAFE_INTEGER ? Number(wrapped) : wrapped;
}

export function add(left: Int64, right: Int64): Int64 {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toInt64(BigInt(left) + BigInt(right));
}

export function multiply(left: Int64, right: Int64): Int64 {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    // Integers have no negative zero.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return toInt64(BigInt(left) * BigInt(right));
}

/** Towards zero. The divisor must not be zero. */
export function divide(dividend: Int64, divisor: Int64): Int64 {
  if (typeof dividend === 'number' && typeof divisor === 'number') {
    return (dividend - (dividend % divisor)) / divisor + 0;
  }
  return toInt64(BigInt(dividend) / BigInt(divisor));
}
