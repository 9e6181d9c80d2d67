import { Quantity } from '../kube/quantity';

const INT64_LIMIT = 2 ** 63;

/**
 * A sample's value as the metrics APIs carry it: thousandths, cut off towards zero.
 * @returns `undefined` for NaN, infinities and what does not fit in 64 bits
 */
export function milliQuantity(value: number): Quantity | undefined {
  const milli = Math.trunc(value * 1000);
  return Math.abs(milli) < INT64_LIMIT ? Quantity.milli(BigInt(milli)) : undefined;
}
