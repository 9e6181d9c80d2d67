import { SeriesNaming } from '../../../core/rules/series-name';
import { inFirstRule } from './mapper';

function naming(
  filters: readonly { is?: string; isNot?: string }[],
  name: { matches?: string; as?: string } = {},
): SeriesNaming {
  const full = filters.map(({ is = '', isNot = '' }) => ({ is, isNot }));
  return SeriesNaming.compile(full, { matches: '', as: '', ...name }, inFirstRule);
}

describe('series filters', () => {
  it('keep what `is` matches', () => {
    const my = naming([{ is: 'my_.*' }]);
    expect(my.of('my_label')).toEqual({ accepted: true, metric: 'my_label' });
    expect(my.of('your_label')).toEqual({
      accepted: false,
      reason: '"your_label" does not match seriesFilters[0].is "my_.*"',
    });
  });

  it('drop what `isNot` matches', () => {
    const notMy = naming([{ isNot: 'my_.*' }]);
    expect(notMy.of('your_label').accepted).toBe(true);
    expect(notMy.of('my_label')).toEqual({
      accepted: false,
      reason: '"my_label" matches seriesFilters[0].isNot "my_.*"',
    });
  });

  it('must all hold', () => {
    const both = naming([{ is: '^http_' }, { isNot: '_total$' }]);
    expect(both.of('http_inflight').accepted).toBe(true);
    expect(both.of('http_requests_total').accepted).toBe(false);
    expect(both.of('grpc_inflight').accepted).toBe(false);
  });

  it('are not anchored', () => {
    expect(naming([{ is: 'requests' }]).of('http_requests_total').accepted).toBe(true);
  });

  it('need exactly one of `is` and `isNot`', () => {
    expect(() => naming([{ is: 'a', isNot: 'b' }])).toThrow(
      'rules[0].seriesFilters[0]: cannot have both an `is` ("a") and `isNot` ("b") expression',
    );
    expect(() => naming([{ is: 'a' }, {}])).toThrow(
      'rules[0].seriesFilters[1]: must have either an `is` or `isNot`',
    );
  });

  it('must be valid expressions', () => {
    expect(() => naming([{ isNot: '(' }])).toThrow('rules[0].seriesFilters[0].isNot: ');
  });
});

describe('metric names', () => {
  it.each([
    ['the name of the series without matches', {}, 'http_requests_total', 'http_requests_total'],
    ['the whole match without a group', { matches: '^http_[a-z]+' }, 'http_requests_total', 'http_requests'],
    ['the only group', { matches: '^(.*)_total$' }, 'http_requests_total', 'http_requests'],
    [
      '`as`',
      { matches: '^(.*)_total$', as: '${1}_per_second' },
      'http_requests_total',
      'http_requests_per_second',
    ],
    [
      'nothing for an unbraced group before a letter',
      { matches: '^(.*)_total$', as: '$1_rate' },
      'x_total',
      '',
    ],
    ['a constant', { matches: '^x_total$', as: 'y' }, 'x_total', 'y'],
    ['only `as`, not the rest of the name', { matches: '^foo_', as: 'bar_' }, 'foo_x', 'bar_'],
  ])('are %s', (_, name, series, metric) => {
    expect(naming([], name).of(series)).toEqual({ accepted: true, metric });
  });

  it('are refused to series that do not match', () => {
    expect(naming([], { matches: '^(.*)_total$' }).of('up')).toEqual({
      accepted: false,
      reason: '"up" does not match name.matches "^(.*)_total$"',
    });
  });

  it('need `as` with two groups', () => {
    expect(() => naming([], { matches: '(a)(b)' })).toThrow(
      "rules[0].name: must specify an 'as' value: 'matches' has 2 capture groups",
    );
  });
});
