import { readSeries } from '../../../core/rule-explain';
import { parseSelector, type SeriesStore } from '../../../core/promql';

const options = { intervalMs: 30_000, targetLabels: {} };

function valuesOf(store: SeriesStore, selector: string, times: readonly number[]): (number | undefined)[] {
  const [series] = store.select(parseSelector(selector));
  return times.map((time) => series?.valueAt(time, 1));
}

describe('readSeries', () => {
  it('reads the notation of Prometheus, a value every interval', () => {
    const text = '# comment\n\nup{a="b"} 1 _ 3 stale\n  down 0+5x2\n';
    const { store, lastMs } = readSeries([{ text, where: 'f' }], options);
    expect(lastMs).toBe(90_000);
    expect(valuesOf(store, 'up', [0, 30_000, 60_000, 90_000])).toEqual([1, undefined, 3, undefined]);
    expect(valuesOf(store, 'down', [0, 30_000, 60_000])).toEqual([0, 5, 10]);
  });

  it('takes texts that programs export for scrapes, one after the other', () => {
    const scrape = (value: number): string =>
      `# HELP hits_total x\n# TYPE hits_total counter\nhits_total{code="200"} ${value}\nbig 1.5e+3\nodd +Inf\n`;
    const texts = [scrape(1), scrape(4)].map((text, index) => ({ text, where: `scrape ${index}` }));
    const { store, lastMs } = readSeries(texts, options);
    expect(lastMs).toBe(30_000);
    expect(valuesOf(store, 'hits_total', [0, 30_000])).toEqual([1, 4]);
    expect(valuesOf(store, 'big', [0])).toEqual([1500]);
    expect(valuesOf(store, 'odd', [0])).toEqual([Infinity]);
  });

  it.each([
    ['# TYPE a gauge\na 1 5000\n', 5000],
    ['# TYPE a gauge\na 1 5.5 # {trace="x"} 7\n# EOF\n', 5500],
  ])('keeps the times of %j', (text, time) => {
    const { store, lastMs } = readSeries([{ text, where: 'f' }], options);
    expect(lastMs).toBe(time);
    expect(valuesOf(store, 'a', [time])).toEqual([1]);
  });

  it('adds the labels of the target, and keeps those of the program beside them', () => {
    const targetLabels = { namespace: 'shop', pod: 'web-1' };
    const { store } = readSeries([{ text: '# TYPE a gauge\na{pod="x"} 1\n', where: 'f' }], {
      ...options,
      targetLabels,
    });
    expect(store.select(parseSelector('a')).map(({ labels }) => labels)).toEqual([
      { __name__: 'a', exported_pod: 'x', ...targetLabels },
    ]);
  });

  it.each([
    ['up{ 1', 'f:1: invalid series'],
    ['{a="b"} 1', 'f:1: the series has no name'],
    ['up 1\nup 2', 'f:2: the series is there already'],
    ['up {{schema:0}}', 'f:1: not supported: native histograms'],
    ['# TYPE a gauge\na one', 'f:2: "one" is not a number'],
    ['# TYPE a gauge\na 1 2 3', 'f:2: write one value behind the labels'],
    ['# TYPE a gauge\na 1 2\nb 1', 'f: some lines have a time'],
  ])('refuses %j with the place', (text, message) => {
    expect(() => readSeries([{ text, where: 'f' }], options)).toThrow(message);
  });
});
