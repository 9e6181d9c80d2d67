import {
  type FusedQuery,
  fusedResults,
  type FusionRequest,
  proveFusion,
  splitQuery,
} from '../../../../core/adapter/fusion';

const POD: FusionRequest = {
  objectLabel: 'pod',
  namespaceLabel: 'namespace',
  namespace: 'shop',
  names: ['web'],
};

function proven(query: string, request: FusionRequest = POD): FusedQuery {
  const fusion = proveFusion(query, request);
  if (!fusion.fusable) throw new Error(fusion.reason);
  return fusion;
}

const SUM = proven('sum by (pod) (x{namespace="shop",pod="web"})');
const WITH_NAMESPACE = proven('sum by (namespace, pod) (x{namespace="shop",pod="web"})');
const NODES = proven('sum by (node) (x{node="n1"})', { objectLabel: 'node', names: ['n1'] });

describe('the query of a scope', () => {
  it.each([
    [{}, 'namespace!="",pod!=""'],
    [{ namespaces: ['shop'] }, 'namespace="shop",pod!=""'],
    [{ namespaces: ['shop', 'blog', 'shop'], names: ['web'] }, 'namespace=~"blog|shop",pod="web"'],
    [{ names: ['web.v1', 'a+b', 'a|b'] }, String.raw`namespace!="",pod=~"a\\+b|a\\|b|web\\.v1"`],
    [{ names: ['say "hi"'] }, String.raw`namespace!="",pod="say \"hi\""`],
  ])('for %j', (scope, matchers) => {
    expect(SUM.query(scope)).toBe(`sum by (pod, namespace) (x{${matchers}})`);
  });

  it('has the objects in every selector, and leaves other conditions alone', () => {
    const fused = proven(
      'sum by (pod) (rate(x{namespace="shop",pod="web",pod!=""}[5m]) / on (pod) y{pod="web",namespace="shop"})',
    );
    expect(fused.query({ namespaces: ['blog'], names: ['db'] })).toBe(
      'sum by (pod, namespace) (rate(x{namespace="blog",pod="db",pod!=""}[5m])' +
        ' / on (pod, namespace) y{pod="db",namespace="blog"})',
    );
  });

  it('has no namespaces for objects without', () => {
    expect(NODES.query({ namespaces: ['shop'], names: ['n2'] })).toBe('sum by (node) (x{node="n2"})');
  });

  it('cannot be for nothing', () => {
    expect(() => SUM.query({ names: [] })).toThrow('a fused query for no values of pod: name some');
    expect(() => SUM.query({ namespaces: [] })).toThrow(
      'a fused query for no values of namespace: name some',
    );
  });
});

describe('the samples of a request', () => {
  const sample = (namespace: string, pod: string, value: number) => ({ labels: { namespace, pod }, value });
  const results = fusedResults(
    [
      sample('shop', 'db', 1),
      sample('blog', 'web', 2),
      sample('shop', 'web', Number.NaN),
      sample('shop', 'webxv1', 4),
    ],
    SUM,
  );

  it('are those of its namespace and names, in the order of the names', () => {
    expect(WITH_NAMESPACE.select(results, 'shop', ['web', 'none', 'db'])).toEqual([
      sample('shop', 'web', Number.NaN),
      sample('shop', 'db', 1),
    ]);
  });

  it('lack the namespace where the own query does not have it', () => {
    expect(SUM.select(results, 'blog', ['web', 'db'])).toEqual([{ labels: { pod: 'web' }, value: 2 }]);
  });

  it('come once, even for a name that is given twice', () => {
    expect(SUM.select(results, 'shop', ['db', 'db'])).toEqual([{ labels: { pod: 'db' }, value: 1 }]);
  });

  it('are of no other object whose name the pattern of the own query matches', () => {
    expect(SUM.select(results, 'shop', ['web.v1'])).toEqual([]);
  });

  it('need no namespace where there is none', () => {
    const nodes = fusedResults([{ labels: { node: 'n1' }, value: 1 }], NODES);
    expect(NODES.select(nodes, undefined, ['n1'])).toEqual([{ labels: { node: 'n1' }, value: 1 }]);
    expect(nodes.of(undefined, 'n2')).toEqual([]);
  });

  it('keep the order of several of one object', () => {
    const parts = [
      { labels: { namespace: 'shop', pod: 'web', container: 'b' }, value: 1 },
      { labels: { namespace: 'shop', pod: 'web', container: 'a' }, value: 2 },
    ];
    expect(fusedResults(parts, SUM).of('shop', 'web')).toEqual(parts);
  });
});

describe('the namespace of a result', () => {
  const [own, byBoth] = ['sum by (pod) (x{MATCHERS})', 'sum by (pod, namespace) (x{MATCHERS})'];
  it.each<readonly [kept: boolean, query: string]>([
    [false, own],
    [true, byBoth],
    [true, `-clamp_min(${byBoth}, 0) > 1`],
    [false, `sum by (pod, namespace) (${own})`],
    [true, `sum without (le) (${byBoth})`],
    [false, `sum without (le) (${own})`],
    [false, `sum without (namespace) (${byBoth})`],
    [false, `${byBoth} / on (pod) ${byBoth}`],
    [true, `${byBoth} / on (pod, namespace) ${byBoth}`],
    [false, `${own} / on (pod, namespace) ${own}`],
    [true, `${byBoth} / ignoring (a) ${byBoth}`],
    [false, `${byBoth} / ignoring (namespace) ${byBoth}`],
    [false, `${own} / on (pod) group_left () ${byBoth}`],
    [true, `${own} / on (pod) group_left (namespace) ${byBoth}`],
    [false, `${byBoth} / on (pod) group_left (namespace) ${own}`],
    [true, `${byBoth} / on (pod) group_right (namespace) ${own}`],
    [false, `${byBoth} / on (pod) group_right () ${own}`],
    [true, `${byBoth} and on (pod) ${own}`],
    [false, `${own} unless on (pod) ${byBoth}`],
    [true, `${byBoth} or ${byBoth}`],
    [true, `max by (namespace, pod) (topk by (pod) (1, ${byBoth}))`],
    [true, `label_replace(sum by (pod, namespace) (x{MATCHERS}), "pods", "", "pod", "")`],
  ])('is there (%s) after %s', (kept, text) => {
    const fusion = proveFusion(text.replaceAll('MATCHERS', 'namespace="shop",pod="web"'), {
      ...POD,
      partLabels: ['pods'],
    });
    if (!fusion.fusable) throw new Error(fusion.reason);
    const labels = { namespace: 'shop', pod: 'web' };
    const [selected] = fusion.select(fusedResults([{ labels, value: 1 }], fusion), 'shop', ['web']);
    expect(selected?.labels).toEqual(kept ? labels : { pod: 'web' });
  });
});

describe('the parts of a long query', () => {
  const names = Array.from({ length: 50 }, (_, index) => `web.${index}`);

  it('name all objects, and none is too long', () => {
    const parts = splitQuery(SUM, 'shop', names, 200);
    expect(parts.length).toBeGreaterThan(3);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(200);
    const named = parts.flatMap((part) => part.match(/web\\\\\.\d+/g) ?? []);
    expect(named.map((name) => name.replace(/\\/g, '')).sort()).toEqual([...names].sort());
  });

  it('are one query if it is short, or for one object', () => {
    expect(splitQuery(SUM, 'shop', names, 10_000)).toEqual([SUM.query({ namespaces: ['shop'], names })]);
    expect(splitQuery(NODES, undefined, ['n1'], 3)).toEqual(['sum by (node) (x{node="n1"})']);
  });
});
