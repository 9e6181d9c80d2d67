import fc from 'fast-check';
import { SeriesStore } from '../../../../core/promql';
import { Window } from '../../../../core/promql/storage/window';

const newSeries = () => new SeriesStore().series({ __name__: 'm' });

describe('Series', () => {
  it('keeps the first of two samples of one time, and drops one that comes late', () => {
    const series = newSeries();
    series.append(1000, 1);
    series.append(1000, 2);
    series.append(500, 3);
    expect(series.length).toBe(1);
    expect(series.valueAt(1000, 1)).toBe(1);
  });

  it('includes the end of the lookback window and excludes its start', () => {
    const series = newSeries();
    series.append(1000, 7);
    expect(series.valueAt(999, 300)).toBeUndefined();
    expect(series.valueAt(1000, 300)).toBe(7);
    expect(series.valueAt(1299, 300)).toBe(7);
    expect(series.valueAt(1300, 300)).toBeUndefined();
  });

  it('ends at a staleness marker and goes on with the next sample', () => {
    const series = newSeries();
    series.append(1000, 1);
    series.markStale(2000);
    series.append(3000, Number.NaN);
    expect(series.valueAt(1999, 5000)).toBe(1);
    expect(series.valueAt(2500, 5000)).toBeUndefined();
    expect(series.valueAt(3000, 5000)).toBeNaN();
  });

  it('counts a marker as a sample of an interval, and skips it in a window', () => {
    const series = newSeries();
    series.append(1000, 1);
    series.markStale(2000);
    expect(series.hasSampleBetween(1500, 2000)).toBe(true);
    expect(series.hasSampleBetween(2001, 9000)).toBe(false);
    expect(series.hasSampleBetween(0, 999)).toBe(false);
    const window = new Window();
    series.readInto(window, 0, 9000);
    expect(window.length).toBe(1);
  });

  it('agrees with a plain scan of the samples for every window', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 60 });
    const bound = fc.integer({ min: -10, max: 210 });
    fc.assert(
      fc.property(times, bound, bound, bound, (unordered, a, b, cut) => {
        const ordered = [...unordered].sort((x, y) => x - y);
        const [from, to] = a < b ? [a, b] : [b, a];
        const series = newSeries();
        for (const time of ordered) series.append(time, time * 2);
        series.truncate(cut);
        const kept = ordered.filter((time) => time >= cut);
        const window = new Window();
        series.readInto(window, from, to);
        const found = Array.from({ length: window.length }, (_, index) => window.timeAt(index));
        expect(found).toEqual(kept.filter((time) => time > from && time <= to));
        const newest = kept.filter((time) => time <= to).at(-1);
        const visible = newest !== undefined && newest > to - 50 ? newest * 2 : undefined;
        expect(series.valueAt(to, 50)).toBe(visible);
      }),
    );
  });
});
