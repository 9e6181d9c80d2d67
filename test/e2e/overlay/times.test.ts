import { Times } from './times';

describe('Times', () => {
  const times = new Times(5);

  it.each([
    ['rate(a[1m])', 'rate(a[12s])'],
    ['max_over_time(rate(a[5m])[1h:1m])', 'max_over_time(rate(a[1m])[12m:12s])'],
    ['max_over_time(a[1h:])', 'max_over_time(a[12m:])'],
    ['a offset 5m', 'a offset 1m'],
    ['a{path=~"[1m]"}', 'a{path=~"[1m]"}'],
    ['sum(rate(<<.Series>>{<<.LabelMatchers>>}[10s]))', 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2s]))'],
  ])('reads %s', (query, scaled) => expect(times.query(query, 'test')).toBe(scaled));

  it('keeps milliseconds', () => expect(new Times(3).prometheus('10s', 'test')).toBe('3s333ms'));

  it('refuses a part of a second', () => {
    expect(() => times.seconds(4, 'HorizontalPodAutoscaler a/b')).toThrow(/a\/b: 4 seconds divided by 5/);
    expect(times.seconds(0, 'x')).toBe(0);
  });
});
