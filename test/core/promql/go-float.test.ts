import fc from 'fast-check';
import {
  formatF,
  formatFixed,
  formatG,
  formatOpenMetricsFloat,
  parseGoFloat,
} from '../../../core/promql/go-float';

describe('numbers as Go writes them', () => {
  it.each([
    [1, '1', '1'],
    [-0, '-0', '-0'],
    [0.1, '0.1', '0.1'],
    [1e21, '1000000000000000000000', '1e+21'],
    [123456, '123456', '123456'],
    [1234567, '1234567', '1.234567e+06'],
    [0.0001, '0.0001', '0.0001'],
    [0.00001234, '0.00001234', '1.234e-05'],
    [1e100, `1${'0'.repeat(100)}`, '1e+100'],
    [Number.NaN, 'NaN', 'NaN'],
    [Infinity, '+Inf', '+Inf'],
    [-Infinity, '-Inf', '-Inf'],
  ])('%d', (value, plain, general) => {
    expect(formatF(value)).toBe(plain);
    expect(formatG(value)).toBe(general);
  });

  it.each([
    [100, '1e+02'],
    [12, '12'],
    [0.123, '0.12'],
    [99.9, '1e+02'],
    [2, '2'],
    [0, '0'],
  ])('%d with two significant digits is %s', (value, expected) => {
    expect(formatG(value, 2)).toBe(expected);
  });

  it.each([
    [0, '0.0'],
    [1, '1.0'],
    [0.5, '0.5'],
    [1e6, '1e+06'],
    [-1, '-1.0'],
    [Infinity, '+Inf'],
  ])('%d is the float %s', (value, expected) => {
    expect(formatOpenMetricsFloat(value)).toBe(expected);
  });

  it.each([
    [1.5, '1.500000'],
    [-0, '-0.000000'],
    [Infinity, '+Inf'],
    [-1e22, '-10000000000000000000000.000000'],
  ])('%d with six digits after the point is %s', (value, expected) => {
    expect(formatFixed(value)).toBe(expected);
  });

  it('read back as the same number', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parseGoFloat(formatF(value))).toBe(value);
        expect(parseGoFloat(formatG(value))).toBe(value);
      }),
    );
  });
});

describe('numbers as Go reads them', () => {
  it.each([
    ['+Inf', Infinity],
    ['-infinity', -Infinity],
    ['nan', Number.NaN],
    ['1.', 1],
    ['.5', 0.5],
    ['0x1p-2', 0.25],
    ['0x.8p1', 1],
    ['1e3', 1000],
    ['+nan', undefined],
    ['', undefined],
    ['1e999', undefined],
    ['0x1', undefined],
    ['1_000', undefined],
    ['1 ', undefined],
    ['.', undefined],
  ])('"%s"', (text, expected) => {
    expect(parseGoFloat(text)).toBe(expected);
  });
});
