import fc from 'fast-check';
import { UsageError } from '../../../core/errors';
import { Quantity } from '../../../core/kube/quantity';

// Canonical forms as k8s.io/apimachinery/pkg/api/resource documents and tests them.
const CANONICAL: readonly (readonly [written: string, canonical: string, milli: bigint])[] = [
  ['0', '0', 0n],
  ['0n', '0', 0n],
  ['1', '1', 1000n],
  ['0.901', '901m', 901n],
  ['1.5', '1500m', 1500n],
  ['2500', '2500', 2_500_000n],
  ['12000', '12k', 12_000_000n],
  ['1e6', '1e6', 1_000_000_000n],
  ['1000000', '1M', 1_000_000_000n],
  ['12345.678', '12345678m', 12_345_678n],
  ['100m', '100m', 100n],
  ['1000m', '1', 1000n],
  ['0.5Gi', '512Mi', 536_870_912_000n],
  ['1.5Ki', '1536', 1_536_000n],
  ['1024Ki', '1Mi', 1_048_576_000n],
  ['1023', '1023', 1_023_000n],
  ['0.9765625Ki', '1k', 1_000_000n],
  ['.5', '500m', 500n],
  ['5.', '5', 5000n],
  ['+1', '1', 1000n],
  ['-1.5', '-1500m', -1500n],
  ['1E', '1E', 10n ** 21n],
  ['1E2', '100', 100_000n],
];

describe('Quantity', () => {
  it.each(CANONICAL)('reads %s and prints %s', (written, canonical, milli) => {
    const quantity = Quantity.parse(written);
    expect(quantity.milliValue()).toBe(milli);
    expect(written === '1E2' ? quantity.value().toString() : quantity.toString()).toBe(canonical);
  });

  it.each([
    ['1u', 1n],
    ['100.0001m', 101n],
    ['0.0004', 1n],
    ['1n', 1n],
    ['-1n', -1n],
  ])('rounds %s up to %d thousandths', (written, milli) => {
    expect(Quantity.parse(written).milliValue()).toBe(milli);
  });

  it('rounds what is finer than a billionth away from zero', () => {
    expect(Quantity.parse('0.0000000001').nanos).toBe(1n);
    expect(Quantity.parse('-0.0000000001').nanos).toBe(-1n);
  });

  it('caps at 2^63-1', () => {
    expect(Quantity.parse('100E').value()).toBe(2n ** 63n - 1n);
  });

  it('gives the float of the written digits, with its error', () => {
    expect(Quantity.parse('570m').approximateFloat()).toBe(570 * 1e-3);
    expect(Quantity.parse('0.1').approximateFloat()).toBe(0.1);
    expect(Quantity.parse('2').approximateFloat()).toBe(2);
  });

  it.each(['', 'abc', '1.2.3', '1 m', '1mm', '1KiB', '--1', '1e', 'Ki'])('refuses "%s"', (text) => {
    expect(() => Quantity.parse(text)).toThrow(UsageError);
  });

  it('keeps its value when printed and read again', () => {
    const suffix = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'E2');
    fc.assert(
      fc.property(fc.integer({ min: -999_999, max: 999_999 }), fc.nat(3), suffix, (digits, places, unit) => {
        const text = `${(digits / 10 ** places).toFixed(places)}${unit}`;
        const quantity = Quantity.parse(text);
        expect(Quantity.parse(quantity.toString()).nanos).toBe(quantity.nanos);
      }),
    );
  });

  it('orders and adds as the numbers do', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        const [left, right] = [Quantity.milli(a), Quantity.milli(b)];
        expect(left.compare(right)).toBe(Math.sign(a - b));
        expect(left.plus(right).milliValue()).toBe(BigInt(a) + BigInt(b));
      }),
    );
  });
});
