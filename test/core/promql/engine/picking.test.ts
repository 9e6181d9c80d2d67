import { prepare } from '../../../../core/promql';
import { labelsHash } from '../../../../core/promql/engine/labels-hash';
import { xxhash64 } from '../../../../core/promql/engine/xxhash64';
import { annotationsOf, load, MINUTE, valuesOver, vectorAt } from '../support';

const EXPERIMENTAL = { experimentalFunctions: true };

describe('aggregations that pick', () => {
  const store = load(MINUTE, {
    'm{a="1",b="x"}': '1 9',
    'm{a="2",b="x"}': '2 8',
    'm{a="3",b="y"}': '3 7',
    'm{a="4",b="y"}': 'NaN 6',
  });

  it.each([
    ['topk(1, m) by (b)', ['2', '3']],
    ['bottomk(1, m) by (b)', ['1', '3']],
    ['topk(3.9, m)', ['3', '2', '1']],
    ['topk(0, m)', []],
    ['topk(-1, m)', []],
    ['topk(scalar(sum(m{a="1"})), m)', ['3']],
  ])('%s', (query, expected) => {
    const result = prepare(query).evaluate(store, 0);
    expect(result.type === 'vector' ? result.samples.map(({ labels }) => labels['a']) : result).toEqual(
      expected,
    );
  });

  it('may pick others at the next step', () => {
    expect(valuesOver(store, 'topk(1, m)', [0, MINUTE, MINUTE])).toEqual({
      'm{a="1", b="x"}': [null, 9],
      'm{a="3", b="y"}': [3, null],
    });
  });

  it.each([
    ['topk(NaN, m)', 'Parameter value is NaN'],
    ['topk(1e30, m)', 'Scalar value 1e+30 overflows int64'],
  ])('%s fails with %s', (query, message) => {
    expect(() => prepare(query).evaluate(store, 0)).toThrow(message);
  });

  it('limits the number of elements, whatever their values', () => {
    expect(Object.values(vectorAt(store, 'limitk(2, m)', 0, EXPERIMENTAL))).toEqual([1, 2]);
    expect(Object.keys(vectorAt(store, 'limitk(1, m) by (b)', 0, EXPERIMENTAL))).toHaveLength(2);
  });

  it('samples by the hash of the labels, the two parts of a whole being disjoint', () => {
    const some = Object.keys(vectorAt(store, 'limit_ratio(0.4, m)', 0, EXPERIMENTAL));
    const others = Object.keys(vectorAt(store, 'limit_ratio(-0.6, m)', 0, EXPERIMENTAL));
    expect([...some, ...others].sort()).toEqual(Object.keys(vectorAt(store, 'm', 0)).sort());
    expect(annotationsOf(store, 'limit_ratio(2, m)', 0, EXPERIMENTAL)).toEqual([
      'PromQL warning: ratio value should be between -1 and 1, got 2, capping to 1 (1:13)',
    ]);
  });

  it('has hashes as Prometheus has them', () => {
    expect(xxhash64(new Uint8Array())).toBe(0xef46db3751d8e999n);
    expect(xxhash64(new TextEncoder().encode('abc'))).toBe(0x44bc2cf5ad770999n);
    expect(xxhash64(new TextEncoder().encode('Nobody inspects the spammish repetition'))).toBe(
      0xfbcea83c8a378bf1n,
    );
    expect(labelsHash({ a: 'x'.repeat(300) })).not.toBe(labelsHash({ a: 'x'.repeat(301) }));
  });
});

describe('other aggregations with a parameter', () => {
  const store = load(MINUTE, { 'm{a="1"}': '1', 'm{a="2"}': '1', 'm{a="3"}': '4.5', 'm{a="4"}': '-Inf' });

  it.each([
    ['quantile(0.5, m{a!="4"})', { '{}': 1 }],
    ['quantile(0.75, m{a!="4"})', { '{}': 2.75 }],
    ['quantile(-1, m)', { '{}': -Infinity }],
    ['quantile(2, m)', { '{}': Infinity }],
    ['quantile(NaN, m)', { '{}': Number.NaN }],
    ['count_values("v", m)', { '{v="1"}': 2, '{v="4.5"}': 1, '{v="-Inf"}': 1 }],
    ['count_values("a", m) by (a)', { '{a="1"}': 2, '{a="4.5"}': 1, '{a="-Inf"}': 1 }],
    ['count_values without (a) ("v", m)', { '{v="1"}': 2, '{v="4.5"}': 1, '{v="-Inf"}': 1 }],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0)).toEqual(expected);
  });

  it('says where a quantile makes no sense', () => {
    expect(annotationsOf(store, 'quantile(2, m)')).toEqual([
      'PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)',
    ]);
  });

  it('refuses a label without name', () => {
    expect(() => prepare('count_values("", m)').evaluate(store, 0)).toThrow('invalid label name ""');
  });
});
