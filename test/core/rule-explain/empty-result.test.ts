import { readSeries, runAsking, storeReplies, type Question } from '../../../core/rule-explain';
import { type Confinement, whyEmpty } from '../../../core/rule-explain/empty-result';

const SERIES = `
orders_total{namespace="shop",pod="web-1",customer="alice",env="prod"} 1x10
orders_total{namespace="shop",pod="web-2",customer="bob",env="test"} 1x10
orders_total{namespace="bank",pod="web-1",customer="secret-inc",env="prod"} 1x10
`;

/** What is said, and everything that was asked to find it out. */
function why(query: string, confined?: Confinement) {
  const { store } = readSeries([{ text: SERIES, where: 'series' }], { intervalMs: 60_000, targetLabels: {} });
  const reply = storeReplies(store, 300_000);
  const asked: string[] = [];
  const said = runAsking(whyEmpty(query, confined), (question: Question) => {
    if (question.kind === 'query') asked.push(question.query);
    return reply(question);
  });
  return { said, asked };
}

const shop = (...chosen: readonly string[]): Confinement => ({
  ...{ namespace: 'shop', objectLabel: 'pod', chosen: new Set(chosen) },
});

describe('why a query has no result, for somebody who may see one namespace', () => {
  it('tells values of a label within the namespace and what the rule selects, and asks for no others', () => {
    const query = 'sum(orders_total{namespace="shop",env="prod",customer="x"}) by (pod)';
    const { said, asked } = why(query, shop('customer'));
    expect(said).toBe('no series orders_total has customer="x" (there is alice)');
    const grouped = asked.filter((each) => each.includes('group'));
    expect(grouped).toEqual([expect.stringContaining('namespace="shop"')]);
    expect(why(query).said).toBe('no series orders_total has customer="x" (there is alice, bob, secret-inc)');
  });

  it('tells the names of objects within the namespace', () => {
    const { said } = why('orders_total{namespace="shop",pod="web-9"}', shop());
    expect(said).toBe('no series orders_total has pod="web-9" (there is web-1, web-2)');
  });

  it('tells no values of what the rule selects, nor of namespaces', () => {
    expect(why('orders_total{namespace="shop",env="x"}', shop()).said).toBe(
      'no series orders_total has env="x"',
    );
    expect(why('orders_total{namespace="toys"}', { namespace: 'toys', chosen: new Set() }).said).toBe(
      'no series orders_total has namespace="toys"',
    );
  });

  it('tells no values where the client chose the namespace that is asked for', () => {
    const query = 'orders_total{namespace="shop",customer="x",namespace="bank"}';
    for (const chosen of [shop('namespace', 'customer'), { chosen: new Set(['namespace', 'customer']) }]) {
      expect(why(query, chosen).said).not.toMatch(/secret|alice|there is/);
    }
  });

  it('tells no values of a metric that is in no namespace', () => {
    const confined: Confinement = { namespace: 'shop', chosen: new Set(['customer']) };
    expect(why('orders_total{customer="x"}', confined).said).toBe('no series orders_total has customer="x"');
    expect(
      why('orders_total{customer="shop",pod="x"}', { ...confined, chosen: new Set(['customer', 'pod']) })
        .said,
    ).toBe('no series orders_total has customer="shop"');
  });

  it('says so where each condition holds, but not all together', () => {
    const query = 'orders_total{namespace="bank",env="test",customer="alice"}';
    expect(why(query, { namespace: 'bank', chosen: new Set(['customer']) }).said).toBe(
      'no series satisfies all of orders_total{namespace="bank",env="test",customer="alice"}',
    );
  });
});
