import fc from 'fast-check';
import { Matcher, parseSelector, SeriesStore } from '../../../../core/promql';
import { labelValue } from '../../../../core/promql/labels';

function storeWith(...all: Record<string, string>[]): SeriesStore {
  const store = new SeriesStore();
  for (const labels of all) store.series(labels).append(1000, 1);
  return store;
}

const names = (store: SeriesStore, selector: string): string[] =>
  store.select(parseSelector(selector)).map(({ labels }) => labelValue(labels, 'id'));

describe('SeriesStore', () => {
  const store = storeWith(
    { __name__: 'up', id: '1', job: 'a', pod: 'p1' },
    { __name__: 'up', id: '2', job: 'a', pod: 'p2' },
    { __name__: 'up', id: '3', job: 'b' },
    { __name__: 'down', id: '4', job: 'a', pod: 'p1' },
  );

  it.each([
    ['up', ['1', '2', '3']],
    ['up{pod="p1"}', ['1']],
    ['up{pod!="p1"}', ['2', '3']],
    ['up{pod=""}', ['3']],
    ['up{pod!=""}', ['1', '2']],
    ['{pod=~"p2|p1"}', ['1', '2', '4']],
    ['{pod=~"p.*"}', ['1', '2', '4']],
    ['{pod=~"p.+",job!~"b|c"}', ['1', '2', '4']],
    ['{__name__=~"up|down",job="a",pod=~"p1|"}', ['1', '4']],
    ['{__name__!="up",job="a"}', ['4']],
    ['up{job="none"}', []],
    ['up{constructor="x"}', []],
    ['up{constructor=""}', ['1', '2', '3']],
  ])('%s selects %j', (selector, expected) => {
    expect(names(store, selector)).toEqual(expected);
  });

  it('selects everything without matchers', () => {
    expect(store.select([])).toHaveLength(4);
  });

  it('gives the same series for the same labels in another order, and takes empty labels for missing', () => {
    const first = store.series({ __name__: 'up', job: 'b', id: '3', pod: '' });
    expect(first).toBe(store.series({ id: '3', __name__: 'up', job: 'b' }));
    expect(first.labels).toEqual({ __name__: 'up', id: '3', job: 'b' });
  });

  it('lists the values of a label in order', () => {
    expect(store.labelValues('pod')).toEqual(['p1', 'p2']);
    expect(store.labelValues('nothing')).toEqual([]);
  });

  it('does not find a series before its first sample, and changes its generation with the first', () => {
    const fresh = new SeriesStore();
    const series = fresh.series({ __name__: 'up' });
    const before = fresh.generation;
    expect(fresh.select(parseSelector('up'))).toEqual([]);
    series.append(0, 1);
    const after = fresh.generation;
    expect(after).not.toBe(before);
    expect(fresh.select(parseSelector('up'))).toEqual([series]);
    series.append(1, 1);
    expect(fresh.generation).toBe(after);
  });

  it('forgets series that lost all samples, until they have one again', () => {
    const fresh = new SeriesStore();
    const old = fresh.series({ __name__: 'old', id: '1' });
    const both = fresh.series({ __name__: 'both', id: '2' });
    old.append(1000, 1);
    both.append(1000, 1);
    both.append(2000, 2);
    const before = fresh.generation;
    fresh.truncate(2000);
    expect(fresh.generation).not.toBe(before);
    expect(fresh.labelValues('__name__')).toEqual(['both']);
    expect(both.length).toBe(1);
    old.append(3000, 1);
    expect(fresh.select([new Matcher('id', '=', '1')])).toEqual([old]);
    expect(fresh.series({ __name__: 'old', id: '1' })).toBe(old);
  });

  it('answers which series have a sample in a closed interval, stale or not', () => {
    const fresh = new SeriesStore();
    fresh.series({ __name__: 'up', id: '1' }).append(1000, 1);
    fresh.series({ __name__: 'up', id: '2' }).markStale(2000);
    const matchers = parseSelector('up');
    expect(fresh.seriesBetween(matchers, 0, 999)).toEqual([]);
    expect(fresh.seriesBetween(matchers, 1000, 1999)).toEqual([{ __name__: 'up', id: '1' }]);
    expect(fresh.seriesBetween(matchers, 1001, 2000)).toEqual([{ __name__: 'up', id: '2' }]);
  });

  it('selects through its index what a scan of all series finds', () => {
    const value = fc.constantFrom('', 'a', 'b', 'ab');
    const labels = fc.record({ __name__: fc.constantFrom('m', 'n'), x: value, y: value });
    const matcher = fc
      .tuple(
        fc.constantFrom('__name__', 'x', 'y', 'z'),
        fc.constantFrom('=', '!=', '=~', '!~'),
        fc.constantFrom('', 'a', 'm', 'a|b', 'a.*', '.+', 'a|'),
      )
      .map(([label, operator, pattern]) => new Matcher(label, operator, pattern));
    fc.assert(
      fc.property(fc.array(labels), fc.array(matcher, { maxLength: 3 }), (all, matchers) => {
        const indexed = storeWith(...all);
        const scanned = indexed
          .select([])
          .filter((series) => matchers.every((one) => one.matches(labelValue(series.labels, one.label))));
        expect(indexed.select(matchers)).toEqual(scanned);
      }),
    );
  });
});
