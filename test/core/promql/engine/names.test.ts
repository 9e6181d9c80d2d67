import { prepare } from '../../../../core/promql';
import { load, MINUTE, valuesOver, vectorAt } from '../support';

const DELAYED = { delayedNameRemoval: true };

describe('metric names', () => {
  const store = load(MINUTE, { 'a_total{x="1"}': '0+60x9', 'b_total{x="1"}': '0+60x4 stale' });
  const both = '{__name__=~".+_total"}';

  it.each([
    `rate(${both}[2m])`,
    `-${both}`,
    `${both} * 2`,
    `abs(${both})`,
    `${both} > bool 0`,
    `timestamp(${both})`,
  ])('%s makes equals of series that only their names told apart', (query) => {
    expect(() => prepare(query).evaluate(store, 2 * MINUTE)).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });

  it('may be needed at one step and not at another', () => {
    const later = [7 * MINUTE, 9 * MINUTE, MINUTE] as const;
    expect(valuesOver(store, `${both} + 0`, later)).toEqual({ '{x="1"}': [420, 480, 540] });
    expect(valuesOver(store, `-${both}`, later)).toEqual({
      '{x="1"}': [-420, -480, -540],
    });
  });

  it('can be kept until the end of the query', () => {
    const query = `sum by (__name__) (rate(${both}[2m]))`;
    expect(() => prepare(query).evaluate(store, 2 * MINUTE)).toThrow(/same labelset/);
    expect(() => prepare(query, DELAYED).evaluate(store, 2 * MINUTE)).toThrow(/same labelset/);
    expect(
      vectorAt(
        store,
        `label_replace(rate(${both}[2m]), "n", "$1", "__name__", "(.).*")`,
        2 * MINUTE,
        DELAYED,
      ),
    ).toEqual({ '{n="a", x="1"}': 1, '{n="b", x="1"}': 1 });
  });

  it('stay where values are only filtered or picked', () => {
    for (const query of [
      'a_total > 1',
      'last_over_time(a_total[1m])',
      'topk(1, a_total)',
      'a_total and b_total',
    ]) {
      expect(Object.keys(vectorAt(store, query, 2 * MINUTE))).toEqual(['a_total{x="1"}']);
    }
  });

  it('go with type and unit', () => {
    const typed = load(MINUTE, { 'm{__type__="gauge",__unit__="s"}': '2' });
    expect(vectorAt(typed, 'm * 2', 0)).toEqual({ '{}': 4 });
  });
});
