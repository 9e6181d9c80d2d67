import fc from 'fast-check';
import { formatFixed, parseDecimal } from '../../../core/workloads/decimal';

/** What Go 1.26 makes of a text: `ParseFloat`, then `%f`. */
const GO: readonly (readonly [text: string, printed: string])[] = [
  ['1', '1.000000'],
  ['+1', '1.000000'],
  ['-0', '-0.000000'],
  ['1.', '1.000000'],
  ['.5', '0.500000'],
  ['00012', '12.000000'],
  ['1e3', '1000.000000'],
  ['1E-3', '0.001000'],
  ['1e-400', '0.000000'],
  ['-1e-9', '-0.000000'],
  ['0.1', '0.100000'],
  // Halfway between two millionths: to the even one.
  ['0.0078125', '0.007812'],
  ['-0.0078125', '-0.007812'],
  ['0.0234375', '0.023438'],
  ['1e22', '10000000000000000000000.000000'],
  ['123456789012345678901234567890', '123456789012345677877719597056.000000'],
  ['inf', '+Inf'],
  ['+Inf', '+Inf'],
  ['-INFINITY', '-Inf'],
  ['nan', 'NaN'],
  ['NaN', 'NaN'],
];
const GO_REFUSES = [
  ...['', '.', '1e', '1e+', 'e1', '0x10', '0x1p', '_1', '1__0', 'infin', '+nan', '-NaN', ' 1', '1 '],
  ...['0b11', '0o7', '1d', 'abc', '\u0663', '1e400', '-1e400', '1.7976931348623159e308', '1,5', '1\n2'],
];

describe('numbers that are sent to a program', () => {
  it.each(GO)('%s is printed %s, as Go does', (given, printed) => {
    expect(formatFixed(parseDecimal(given) ?? Number.NaN)).toBe(printed);
    expect(parseDecimal(given)).toBeDefined();
  });

  it.each(GO_REFUSES)('%j is none', (given) => {
    expect(parseDecimal(given)).toBeUndefined();
  });

  it.each(['0x1p-2', '1_000'])('%s, which Go takes, is refused', (given) => {
    expect(parseDecimal(given)).toBeUndefined();
  });

  it('are read as JavaScript prints them', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        // JavaScript prints no sign before zero.
        expect(parseDecimal(String(value))).toBe(value + 0);
      }),
    );
  });

  it('are printed within half a millionth', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const printed = formatFixed(value);
        expect(printed).toMatch(/^-?\d+\.\d{6}$/);
        expect(Math.abs(Number(printed) - value)).toBeLessThanOrEqual(0.5e-6 + Math.abs(value) * 2 ** -52);
      }),
    );
  });
});
