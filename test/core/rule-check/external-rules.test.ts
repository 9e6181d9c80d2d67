import { external, found } from './checked';

describe('checkRules of external metrics', () => {
  it.each<[string, string, string[]]>([
    [
      'the first example of upstream',
      external(
        'seriesQuery: \'{__name__="queue_consumer_lag",name!=""}\'',
        'metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (name)',
      ),
      ['external-namespace-unmapped 2:3'],
    ],
    [
      'a comma before',
      external(
        'seriesQuery: queue',
        'resources: {namespaced: false}',
        'metricsQuery: max(queue{<<.LabelMatchers>>,x="y"})',
      ),
      ['leading-comma 4:17'],
    ],
    [
      'a comma behind',
      external(
        'seriesQuery: queue',
        'resources: {namespaced: false}',
        'metricsQuery: max(queue{x="y",<<.LabelMatchers>>})',
      ),
      [],
    ],
    [
      'a comma before, with a namespace',
      external(
        'seriesQuery: queue',
        'resources: {template: <<.Resource>>}',
        'metricsQuery: max(queue{<<.LabelMatchers>>,x="y"})',
      ),
      [],
    ],
    [
      'nothing to select by',
      external('seriesQuery: queue', 'resources: {namespaced: false}', 'metricsQuery: max(queue)'),
      ['external-matchers-missing 4:17'],
    ],
    [
      'a grouping by nothing',
      external(
        'seriesQuery: queue',
        'resources: {namespaced: false}',
        'metricsQuery: max(queue{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
      ),
      ['external-group-by 4:17'],
    ],
    [
      'a range',
      external(
        'seriesQuery: queue',
        'resources: {namespaced: false}',
        'metricsQuery: queue{<<.LabelMatchers>>}[5m]',
      ),
      ['query-type 4:17'],
    ],
    [
      'a scalar, which is good',
      external(
        'seriesQuery: queue',
        'resources: {namespaced: false}',
        'metricsQuery: scalar(max(queue{<<.LabelMatchers>>}))',
      ),
      [],
    ],
    [
      'an unknown variable',
      external('seriesQuery: queue', 'resources: {namespaced: false}', 'metricsQuery: max(<<.Serie>>)'),
      ['query-not-built 4:17'],
    ],
    [
      'a missing namespace, which is told once',
      external('seriesQuery: queue', 'metricsQuery: max(queue{<<.LabelMatchers>>})'),
      ['external-namespace-unmapped 2:3'],
    ],
  ])('says of external metrics: %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});
