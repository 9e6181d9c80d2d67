import { Matcher, parseExpr, printExpr, type VectorSelector } from '../../../../core/promql';
import { mapSelectors } from '../../../../core/promql/language/map-selectors';

const tagged = (selector: VectorSelector): VectorSelector => ({
  ...selector,
  matchers: [...selector.matchers, new Matcher('t', '=', '1')],
});

describe('mapSelectors', () => {
  it.each([
    [
      'a + on (x) max_over_time(b{y="z"}[1m] offset 1h)',
      'a{t="1"} + on (x) max_over_time(b{y="z",t="1"}[1m] offset 1h)',
    ],
    ['topk(scalar(a), -b)', 'topk(scalar(a{t="1"}), -b{t="1"})'],
    ['sum by (x) (a)', 'sum by (x) (a{t="1"})'],
    [
      'clamp(max_over_time(a[5m:1m] @ 5), 1, scalar(b))',
      'clamp(max_over_time(a{t="1"}[5m:1m] @ 5.000), 1, scalar(b{t="1"}))',
    ],
    ['vector(1)', 'vector(1)'],
  ])('replaces the selectors of %s', (text, expected) => {
    expect(printExpr(mapSelectors(parseExpr(text), tagged))).toBe(expected);
  });
});
