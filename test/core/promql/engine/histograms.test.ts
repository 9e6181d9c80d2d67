import { annotationsOf, load, MINUTE, vectorAt } from '../support';

describe('histogram_quantile', () => {
  const store = load(MINUTE, {
    'h_bucket{le="0.1",job="a"}': '2',
    'h_bucket{le="0.5",job="a"}': '6',
    'h_bucket{le="1",job="a"}': '8',
    'h_bucket{le="+Inf",job="a"}': '10',
    'h_bucket{le="1",job="b"}': '3',
    'h_bucket{le="+Inf",job="c"}': '3',
  });

  it.each([
    [0.2, 0.1],
    [0.4, 0.30000000000000004],
    [0.75, 0.875],
    [0.9, 1],
    [0, 0],
    [1, 1],
    [-1, -Infinity],
    [2, Infinity],
    [Number.NaN, Number.NaN],
  ])('interpolates inside a bucket: %d is %d', (level, expected) => {
    expect(vectorAt(store, `histogram_quantile(${level}, h_bucket{job="a"})`, 0)).toEqual({
      '{job="a"}': expected,
    });
  });

  it('needs a bucket without upper bound, and another one', () => {
    expect(vectorAt(store, 'histogram_quantile(0.5, h_bucket{job=~"b|c"})', 0)).toEqual({
      '{job="b"}': Number.NaN,
      '{job="c"}': Number.NaN,
    });
  });

  it('tells of buckets without bound and of counts that fall', () => {
    const odd = load(MINUTE, {
      'h{le="1"}': '5',
      'h{le="2"}': '3',
      'h{le="+Inf"}': '6',
      'h{le="x"}': '6',
      'h{job="a"}': '6',
    });
    expect(vectorAt(odd, 'histogram_quantile(0.5, h)', 0)).toEqual({ '{}': 0.6 });
    expect(annotationsOf(odd, 'histogram_quantile(0.5, h)')).toEqual([
      'PromQL warning: bucket label "le" is missing or has a malformed value of "x" (1:25)',
      'PromQL warning: bucket label "le" is missing or has a malformed value of "" (1:25)',
      'PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see ' +
        'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile), from buckets 2 to 2, ' +
        'with a max diff of 2, over 1 samples from 1970-01-01T00:00:00Z to 1970-01-01T00:00:00Z (1:25)',
    ]);
  });

  it.each([
    ['histogram_fraction(0, 0.5, h_bucket{job="a"})', 0.6],
    ['histogram_fraction(0.3, 1, h_bucket{job="a"})', 0.4],
    ['histogram_fraction(1, Inf, h_bucket{job="a"})', 0.2],
    ['histogram_fraction(-Inf, Inf, h_bucket{job="a"})', 1],
    ['histogram_fraction(1, 0, h_bucket{job="a"})', 0],
    ['histogram_fraction(NaN, 0, h_bucket{job="a"})', Number.NaN],
  ])('%s', (query, expected) => {
    expect(vectorAt(store, query, 0)).toEqual({ '{job="a"}': expected });
  });

  it('gives several quantiles at once, if experimental functions are on', () => {
    const query = 'histogram_quantiles(h_bucket{job="a"}, "q", 0.2, 1)';
    expect(vectorAt(store, query, 0, { experimentalFunctions: true })).toEqual({
      '{job="a", q="0.2"}': 0.1,
      '{job="a", q="1.0"}': 1,
    });
  });

  it('has functions of native histograms find none', () => {
    expect(vectorAt(store, 'histogram_count(h_bucket)', 0)).toEqual({});
  });
});
