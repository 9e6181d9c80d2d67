import fc from 'fast-check';
import { UsageError } from '../../../core/errors';
import { formatDuration, parseGoDuration, parsePrometheusDuration } from '../../../core/kube/duration';

describe('Go durations', () => {
  it.each([
    ['15s', 15_000],
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['1h', 3_600_000],
    ['0', 0],
    ['-1s', -1000],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseGoDuration(text)).toBe(milliseconds);
  });

  it.each(['', '15', '1d', 's', '1 s', '1m 30s'])('refuses "%s"', (text) => {
    expect(() => parseGoDuration(text)).toThrow(UsageError);
  });

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
    ['0', 0],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parsePrometheusDuration(text)).toBe(milliseconds);
  });

  it.each(['', '1.5s', '1s1m', '15', '-1s'])('refuses "%s"', (text) => {
    expect(() => parsePrometheusDuration(text)).toThrow(UsageError);
  });
});
