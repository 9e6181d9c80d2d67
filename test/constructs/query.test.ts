import { parseExpr, printExpr } from '../../core/promql';
import { countOf, observations, rate, sumBy, unchecked, value } from '../../constructs';
import { adapterTemplate } from '../../constructs/query';

const counter = unchecked.series({ name: 'requests_total', type: 'counter', labels: ['pod', 'code'] });
const gauge = unchecked.series({ name: 'queue_length', type: 'gauge', labels: ['pod'] });
const seconds = unchecked.series({ name: 'request_seconds', type: 'histogram', labels: ['pod'] });

describe('PromQL text', () => {
  it.each([
    [sumBy(rate(counter, '1m')), 'sum(rate(requests_total[1m]))'],
    [
      sumBy(rate(counter, '5m', { code: '200' }), ['pod']),
      'sum by (pod) (rate(requests_total{code="200"}[5m]))',
    ],
    [sumBy(rate(observations(seconds), '1m'), ['pod']), 'sum by (pod) (rate(request_seconds_count[1m]))'],
    [sumBy(value(gauge), ['pod']), 'sum by (pod) (queue_length)'],
    [countOf(sumBy(value(gauge), ['pod'])), 'count(sum by (pod) (queue_length))'],
  ])('%s is what was meant', (text, meant) => {
    expect(printExpr(parseExpr(text))).toBe(printExpr(parseExpr(meant)));
  });

  it.each([
    ['1 minute', '1 minute'],
    ['0s', 'rate of requests_total: the window must be longer than zero'],
  ])('has no rate over "%s"', (window, message) => {
    expect(() => rate(counter, window)).toThrow(message);
  });

  it('quotes values of conditions', () => {
    expect(sumBy(value(gauge, { pod: 'a"b\\c' }))).toBe('sum (queue_length{pod="a\\"b\\\\c"})');
  });
});

describe("the adapter's template", () => {
  it('repeats the conditions, which the adapter does not carry over from the series query', () => {
    expect(adapterTemplate(rate(counter, '1m', { code: '200' }))).toBe(
      'sum(rate(<<.Series>>{<<.LabelMatchers>>,code="200"}[1m])) by (<<.GroupBy>>)',
    );
  });

  it('reads a gauge as it is', () => {
    expect(adapterTemplate(value(gauge))).toBe('sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)');
  });
});
