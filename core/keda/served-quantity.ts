import { Quantity } from '../kube/quantity';

/** Doubles from here on have no fraction. */
const WHOLE_FROM = 2 ** 53;

/**
 * A number as KEDA serves and targets it: thousandths, rounded to the nearest and halves to the even one
 * (`quantityFromFloat64` of pkg/scalers/scaler.go, which prints `%.3f`). What is negative or no number is 0.
 */
export function servedQuantity(value: number): Quantity {
  if (!Number.isFinite(value) || value < 0) return Quantity.parse('0');
  return Quantity.parse(fixed3(value));
}

/** Go's `%.3f` of a number that is not negative. */
function fixed3(value: number): string {
  if (value >= WHOLE_FROM) return `${BigInt(value)}.000`;
  // Half a thousandth is a double only as an odd number of sixteenths; JavaScript would round it up.
  const sixteenths = value * 16;
  if (sixteenths % 2 !== 1) return value.toFixed(3);
  const doubled = BigInt(sixteenths) * 125n;
  const below = doubled / 2n;
  return thousandths(below % 2n === 0n ? below : below + 1n);
}

function thousandths(count: bigint): string {
  return `${count / 1000n}.${String(count % 1000n).padStart(3, '0')}`;
}
