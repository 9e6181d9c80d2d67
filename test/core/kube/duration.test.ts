import fc from 'fast-check';
import { UsageError } from '../../../core/errors';
import {
  formatDuration,
  formatMoment,
  parseGoDuration,
  parsePrometheusDuration,
} from '../../../core/kube/duration';

describe('Go durations', () => {
  it.each([
    ['15s', 15_000],
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['1h', 3_600_000],
    ['0', 0],
    ['-1s', -1000],
    ['+0', 0],
    ['-0', 0],
    ['.5h', 1_800_000],
    ['1\u00b5s', 0.001],
    ['1\u03bcs', 0.001],
    ['2.5us', 0.0025],
    ['.31ns', 0],
    ['9.5075us.063us', 0.00957],
    ['-009.us', -0.009],
    ['0.333333333333h', 1_199_999.999998],
    ['2562047h47m', 9_223_372_020_000],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseGoDuration(text)).toBe(milliseconds);
  });

  it.each(['', '15', '1d', 's', '.s', '1 s', '1m 30s', '2562048h', '9223372036854775808ns'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseGoDuration(text)).toThrow(UsageError);
    },
  );

  it('reads back what it prints', () => {
    fc.assert(fc.property(fc.nat(1e9), (ms) => expect(parseGoDuration(formatDuration(ms))).toBe(ms)));
  });
});

describe('Prometheus durations', () => {
  it.each([
    ['1m', 60_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1w2d', 777_600_000],
    ['1y', 31_536_000_000],
    ['10ms', 10],
    ['001m', 60_000],
    ['106751d', 9_223_286_400_000],
    ['0', 0],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parsePrometheusDuration(text)).toBe(milliseconds);
  });

  it.each(['', '1.5s', '1s1m', '15', '00', '-1s', '293y', '106752d', '9223372036855ms'])(
    'refuses "%s"',
    (text) => {
      expect(() => parsePrometheusDuration(text)).toThrow(UsageError);
    },
  );
});

describe('moments', () => {
  it('are told to the second', () => {
    expect([0, 75_004, 899_600].map(formatMoment)).toEqual(['0s', '1m15s', '15m']);
  });
});
