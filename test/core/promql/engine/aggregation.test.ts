import fc from 'fast-check';
import { SeriesStore } from '../../../../core/promql';
import { load, SECOND, vectorAt } from '../support';

describe('aggregation', () => {
  const store = load(SECOND, {
    'm{a="1",b="x"}': '1',
    'm{a="1",b="y"}': '2',
    'm{a="2",b="x"}': '6',
    'n{a="2",b="y"}': '9',
  });

  it.each([
    ['sum(m)', { '{}': 9 }],
    ['sum by (a) (m)', { '{a="1"}': 3, '{a="2"}': 6 }],
    ['sum without (b) (m)', { '{a="1"}': 3, '{a="2"}': 6 }],
    ['sum without () ({a="1"})', { '{a="1", b="x"}': 1, '{a="1", b="y"}': 2 }],
    ['sum by (a, nothing) (m)', { '{a="1"}': 3, '{a="2"}': 6 }],
    ['sum by (__name__) ({a=~".+"})', { m: 9, n: 9 }],
    ['avg(m)', { '{}': 3 }],
    ['min by (b) (m)', { '{b="x"}': 1, '{b="y"}': 2 }],
    ['max by (b) (m)', { '{b="x"}': 6, '{b="y"}': 2 }],
    ['count(m) by (a)', { '{a="1"}': 2, '{a="2"}': 1 }],
    ['group by (a) (m)', { '{a="1"}': 1, '{a="2"}': 1 }],
    ['stdvar(m)', { '{}': 14 / 3 }],
    ['stddev(m)', { '{}': Math.sqrt(14 / 3) }],
    ['sum(nothing)', {}],
    ['count(nothing) or vector(0)', { '{}': 0 }],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0)).toEqual(expected);
  });

  it('keeps small terms beside large ones', () => {
    const large = load(SECOND, {
      'm{a="1"}': '1',
      'm{a="2"}': '1e100',
      'm{a="3"}': '1',
      'm{a="4"}': '-1e100',
    });
    expect(vectorAt(large, 'sum(m)', 0)).toEqual({ '{}': 2 });
    expect(vectorAt(large, 'avg(m)', 0)).toEqual({ '{}': 0.5 });
  });

  it('averages what would overflow as a sum', () => {
    const big = load(SECOND, { 'm{a="1"}': '9e307', 'm{a="2"}': '9e307', 'm{a="3"}': '9e307' });
    expect(vectorAt(big, 'avg(m)', 0)['{}']).toBeCloseTo(9e307, -300);
    expect(vectorAt(big, 'sum(m)', 0)).toEqual({ '{}': Infinity });
  });

  it('treats NaN as Prometheus does', () => {
    const nan = load(SECOND, { 'm{a="1"}': 'NaN', 'm{a="2"}': '2', 'm{a="3"}': '3' });
    expect(vectorAt(nan, 'min(m)', 0)).toEqual({ '{}': 2 });
    expect(vectorAt(nan, 'max(m)', 0)).toEqual({ '{}': 3 });
    expect(vectorAt(nan, 'sum(m)', 0)).toEqual({ '{}': Number.NaN });
    expect(vectorAt(nan, 'stdvar(m)', 0)).toEqual({ '{}': Number.NaN });
    expect(vectorAt(nan, 'count(m)', 0)).toEqual({ '{}': 3 });
  });

  it('adds up to the same total whatever the groups', () => {
    const row = fc.record({
      pod: fc.constantFrom('a', 'b', 'c'),
      code: fc.constantFrom('200', '500', ''),
      id: fc.nat(50),
      value: fc.integer({ min: -1e6, max: 1e6 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const random = new SeriesStore();
        for (const { pod, code, id, value } of rows) {
          random.series({ __name__: 'm', pod, code, id: String(id) }).append(0, value);
        }
        const total = vectorAt(random, 'sum(m)', 0);
        expect(vectorAt(random, 'sum(sum by (pod) (m))', 0)).toEqual(total);
        expect(vectorAt(random, 'sum(sum without (code, id) (m))', 0)).toEqual(total);
        expect(vectorAt(random, 'sum by (pod) (m)', 0)).toEqual(
          vectorAt(random, 'sum without (code, id) (m)', 0),
        );
      }),
    );
  });
});
