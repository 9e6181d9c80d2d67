import fc from 'fast-check';
import { NotSupportedError, UsageError } from '../../../core/errors';
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
  ['0.345', '345m', 345n],
  ['100m', '100m', 100n],
  ['1000m', '1', 1000n],
  ['0.5Gi', '512Mi', 536_870_912_000n],
  ['1.5Ki', '1536', 1_536_000n],
  ['1024Ki', '1Mi', 1_048_576_000n],
  ['1023', '1023', 1_023_000n],
  ['0.9765625Ki', '1k', 1_000_000n],
  ['.5', '500m', 500n],
  ['10.', '10.', 10_000n],
  ['+1000', '1k', 1_000_000n],
  ['-1.5', '-1500m', -1500n],
  ['1E', '1E', 0n],
  ['1E2', '100', 100_000n],
];

describe('Quantity', () => {
  it.each(CANONICAL)('reads %s and prints %s', (written, canonical, milli) => {
    const quantity = Quantity.parse(written);
    expect(quantity.milliValue()).toBe(milli);
    expect(quantity.toString()).toBe(canonical);
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

  // What upstream prints, as String(), MilliValue(), Value() and AsApproximateFloat64().
  it.each([
    // A text that looks canonical to upstream is printed as it was written.
    ['12345.678', '12345.678', 12_345_678n, 12_346n, 12_345_678 * 1e-3],
    ['1.500', '1.500', 1500n, 2n, 1500 * 1e-3],
    ['+710m', '+710m', 710n, 1n, 710 * 1e-3],
    ['0612T', '0612T', 612_000_000_000_000_000n, 612_000_000_000_000n, 612 * 1e12],
    ['-410400000900E3', '-410400000900E3', -410_400_000_900_000_000n, -410_400_000_900_000n, -410400000900e3],
    ['+5Ki', '+5Ki', 5_120_000n, 5120n, 5120],
    ['+8Ki', '8Ki', 8_192_000n, 8192n, 8192],
    ['0.500', '500m', 500n, 1n, 500 * 1e-3],
    // Finer than a billionth, and binary fractions, are held in billionths.
    ['000.732Ki', '749568m', 749_568n, 750n, 749_568_000_000 * 1e-9],
    ['.1e-12', '1e-9', 1n, 1n, 1e-9],
    ['4.60103030989m', '4601031n', 5n, 1n, 4_601_031 * 1e-9],
    ['0.5Ki', '512', 512_000n, 512n, 512e9 * 1e-9],
    ['0.0001Ki', '102400u', 103n, 1n, 102_400_000 * 1e-9],
    // Rounding up goes away from zero for what an int64 holds, and towards it for the rest.
    ['-0.0005', '-500u', -1n, -1n, -5 * 1e-4],
    ['-108.12605000616e0', '-108126050007e-9', -108_125n, -107n, -108_126_050_007 * 1e-9],
    ['-.707n', '-1n', 1n, 1n, -1e-9],
    // Only binary quantities are capped; the rest overflows.
    ['9000Pi', '9223372036854775807', -1000n, 9_223_372_036_854_775_807n, 2 ** 63],
    ['-9000Pi', '-9223372036854775807', 1000n, -9_223_372_036_854_775_807n, -(2 ** 63)],
    ['100E', '100E', 0n, 0n, 1e20],
    ['8e18', '8e18', 0n, 8_000_000_000_000_000_000n, 8e18],
    [
      '999999999999999999M',
      '999999999999999999M',
      -6_930_898_828_444_486_144n,
      2_003_764_205_205_896_640n,
      1e24,
    ],
    ['9223372036854775808M', '9223372036854775808M', 0n, 0n, 2 ** 63 * 1e15 * 1e-9],
    // No digits are zero, where upstream reads them by its short path.
    ['Ki', '0', 0n, 0n, 0],
    ['-.M', '0', 0n, 0n, 0],
  ])('%s is what the API machinery makes of it', (written, text, milli, value, float) => {
    const quantity = Quantity.parse(written);
    expect([quantity.toString(), quantity.milliValue(), quantity.value()]).toEqual([text, milli, value]);
    expect(quantity.approximateFloat()).toBe(float);
  });

  it('holds billionths exactly', () => {
    expect(Quantity.parse('0.0000000001').nanos).toBe(1n);
    expect(Quantity.parse('-0.0000000001').nanos).toBe(-1n);
    expect(Quantity.parse('2').nanos).toBe(2_000_000_000n);
  });

  it('keeps the format of a number of thousandths', () => {
    expect(Quantity.milli(2_048_000, 'BinarySI').toString()).toBe('2Ki');
    expect(Quantity.milli(2500, 'BinarySI').toString()).toBe('2500m');
    expect(Quantity.milli(2_000_000).toString()).toBe('2k');
  });

  it.each(['', 'abc', '1.2.3', '1 m', '1mm', '1KiB', '--1', '1e', '.Pi', '.e-10'])('refuses "%s"', (text) => {
    expect(() => Quantity.parse(text)).toThrow(UsageError);
  });

  it('says that it does not go beyond exponents of 22', () => {
    expect(Quantity.parse('1e22').toString()).toBe('10e21');
    expect(() => Quantity.parse('1e23')).toThrow('not supported: quantity "1e23"');
    expect(() => Quantity.parse('1E-23')).toThrow(NotSupportedError);
  });

  // From field errors of API servers up to 1.33.
  it.each([
    ['-1', 'i:resource.int64Amount{value:-1, scale:0}', 'nil', '-1', 'DecimalSI'],
    ['0', 'i:resource.int64Amount{value:0, scale:0}', 'nil', '0', 'DecimalSI'],
    ['-0', 'i:resource.int64Amount{value:0, scale:0}', 'nil', '', 'DecimalSI'],
    ['0m', 'i:resource.int64Amount{value:0, scale:-3}', 'nil', '', 'DecimalSI'],
    ['-1000', 'i:resource.int64Amount{value:-1000, scale:0}', 'nil', '', 'DecimalSI'],
    ['-1e3', 'i:resource.int64Amount{value:-1, scale:3}', 'nil', '-1e3', 'DecimalExponent'],
    ['-7Ki', 'i:resource.int64Amount{value:-7168, scale:0}', 'nil', '-7Ki', 'BinarySI'],
    ['-8Ki', 'i:resource.int64Amount{value:-8192, scale:0}', 'nil', '', 'BinarySI'],
    ['-1.5Gi', 'i:resource.int64Amount{value:0, scale:0}', '0xc000000000', '', 'BinarySI'],
    ['-12345678901234567890', 'i:resource.int64Amount{value:0, scale:0}', '0xc000000000', '', 'DecimalSI'],
  ])('shows %s as Go does', (text, amount, pointer, kept, format) => {
    expect(Quantity.parse(text).goSyntax()).toBe(
      `resource.Quantity{${amount}, d:resource.infDecAmount{Dec:(*inf.Dec)(${pointer})}, s:"${kept}", Format:"${format}"}`,
    );
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

  it('orders as the numbers do', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        expect(Quantity.milli(a).compare(Quantity.milli(b))).toBe(Math.sign(a - b));
      }),
    );
    expect(Quantity.parse('1Ki').compare(Quantity.parse('1024'))).toBe(0);
    expect(Quantity.parse('1k').compare(Quantity.parse('999.9999'))).toBe(1);
  });
});
