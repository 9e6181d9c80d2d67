import { CONFIG, explain } from './fixture';

function valuesOf(metric: string, target: string, selector?: string): string[] {
  const { values } = explain(metric, target, selector === undefined ? {} : { selector });
  return values.map(({ object, labels, value }) => `${object ?? JSON.stringify(labels)} ${value.toString()}`);
}

describe('explainRequest', () => {
  it('follows a metric from its rule to the value', () => {
    expect(explain('hits_per_second', 'pods/shop/web-1')).toMatchObject({
      source: { rule: 'rules[0]', series: 'hits_total' },
      query: 'sum(rate(hits_total{namespace="shop",pod="web-1"}[2m])) by (pod)',
      result: { type: 'vector', samples: [{ labels: { pod: 'web-1' }, value: 1 }] },
      missing: undefined,
      others: [],
      notes: [],
    });
    expect(valuesOf('hits_per_second', 'pods/shop/web-1')).toEqual(['web-1 1']);
  });

  it.each([
    ['hits_per_second', 'pods/shop/*', undefined, ['web-1 1', 'web-2 2']],
    ['hits_per_second', 'namespaces/shop', undefined, ['shop 3']],
    ['node_load', 'nodes/n1', undefined, ['n1 3']],
    ['queue', 'external/shop', 'name=mails', ['{"__name__":"queue","name":"mails"} 7500']],
    ['queue', 'external/shop', 'name notin (mails)', ['{"__name__":"queue","name":"orders"} 5']],
  ])('gives the values of %s for %s', (metric, target, selector, values) => {
    expect(valuesOf(metric, target, selector)).toEqual(values);
  });

  it.each([
    ['unknown-resource', 'hits_per_second', 'podz/shop/web-1', 'serves no resource podz'],
    ['other-name', 'hits', 'pods/shop/web-1', 'it makes hits_per_second, not hits'],
    ['other-name', 'queue_', 'external/shop', 'it makes queue, not queue_; did you mean "queue"?'],
    ['no-label', 'hits_per_second', 'services/shop/web', 'unable to convert resource services into label'],
    ['no-label', 'size', 'services/shop/web', 'no series has the label service, which names services'],
    ['no-objects', 'hits_per_second', 'pods/other/*', 'no series of the metric is of an object'],
    ['query-not-built', 'waiting', 'external/shop', 'unable to convert resource namespaces into label'],
    [
      'query-empty',
      'hits_per_second',
      'pods/shop/web-9',
      'has pod="web-9" (there is web-1, web-2) in the last 2m',
    ],
  ])('names the link that fails: %s', (reason, metric, target, text) => {
    const { missing, values } = explain(metric, target);
    expect(values).toEqual([]);
    expect(missing).toMatchObject({ reason, text: expect.stringContaining(text) as string });
  });

  it.each(['pods/n2/c', 'pods/n2/*', 'external/n2'])('tells of samples that are too old: %s', (target) => {
    const config = `rules:
- seriesQuery: size{pod!=""}
  resources: {template: <<.Resource>>}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
externalRules:
- {seriesQuery: size, resources: {namespaced: false}, metricsQuery: max(size)}
plimsoll: {staleness: {maxSampleAge: 1m}}
`;
    const series = 'size{namespace="n2",pod="c"} 1\n';
    expect(explain('size', target, { config, series, atMs: 120_000 })).toMatchObject({
      values: [],
      missing: { reason: 'too-old' },
    });
    expect(explain('size', target, { config, series, atMs: 60_000 }).values).toHaveLength(1);
  });

  it('notes that the age of samples cannot be asked for', () => {
    const config = `externalRules:
- {seriesQuery: size, resources: {namespaced: false}, metricsQuery: max(size) or vector(0)}
plimsoll: {staleness: {maxSampleAge: 1m}}
`;
    const { notes, values } = explain('size', 'external/n2', { config, series: 'size 1\n', atMs: 120_000 });
    expect(values).toHaveLength(1);
    expect(notes).toEqual([
      'how old the samples are cannot be asked for, so staleness has no effect: the operands of or do without each other',
    ]);
  });

  it.each(['pods/n2/c', 'pods/n2/*'])('tells of a result that a policy leaves out: %s', (target) => {
    const config = `rules:
- seriesQuery: size{pod!=""}
  resources: {template: <<.Resource>>}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
plimsoll: {nan: skip}
`;
    const series = 'size{namespace="n2",pod="c"} NaN\n';
    expect(explain('size', target, { config, series, atMs: 0 })).toMatchObject({
      values: [],
      missing: { reason: 'no-quantity', text: expect.stringContaining('policy') as string },
    });
  });

  it.each([
    ['NaN', 'NaN', '0'],
    ['Inf', '+Inf', '-9223372036854775808m'],
    ['-Inf', '-Inf', '-9223372036854775808m'],
    ['1e300', '1e+300', '-9223372036854775808m'],
  ])('notes a result that is no quantity: %s', (value, written, served) => {
    const series = `node_load{node="n1"} ${value}\n`;
    expect(explain('node_load', 'nodes/n1', { series, atMs: 0 }).notes).toEqual([
      `a result is ${written}, which the adapter serves as ${served}: an autoscaler scales on that`,
    ]);
  });

  it('notes that the adapter itself gives up at a selector that is refused', () => {
    const config = CONFIG.replace('node_load{node!=""}', 'node_load{');
    const note =
      'prometheus-adapter itself lists no metric of rules while rules[2].seriesQuery is refused; one that runs keeps those of its last listing';
    const { values, notes } = explain('hits_per_second', 'pods/shop/web-1', { config });
    expect({ count: values.length, notes }).toEqual({ count: 1, notes: [note] });
    expect(explain('node_load', 'nodes/n1', { config }).notes).toContain(note);
    expect(explain('queue', 'external/shop', { config, selector: 'name=mails' }).notes).toEqual([]);
  });

  it.each([
    ['b @ 1 offset 5m', 'there is no series b at Unix time -299 (@ 1 offset 5m)'],
    ['b offset -5m', 'there is no series b with offset -5m'],
    ['rate(b[1m] @ 61)', 'there is no series b in the last 1m before Unix time 61 (@ 61)'],
    ['node_load{node="x"} @ 60', 'no series node_load has node="x" (there is n1) at Unix time 60 (@ 60)'],
    ['b', 'there is no series b'],
  ])('tells when nothing was found: %s', (query, text) => {
    const config = `rules:
- seriesQuery: node_load{node!=""}
  resources: {template: <<.Resource>>}
  metricsQuery: ${query}
`;
    const series = 'node_load{node="n1"} 3x10\n';
    expect(explain('node_load', 'nodes/n1', { config, series }).missing).toEqual({
      reason: 'query-empty',
      text: `the query has no result: ${text}`,
    });
  });

  it('looks for a series at the time of the query, not at that of the request', () => {
    const config = `rules:
- seriesQuery: b{node!=""}
  resources: {template: <<.Resource>>}
  metricsQuery: b @ 1 offset 5m
`;
    expect(explain('b', 'nodes/n1', { config, series: 'b{node="n1"} 1x10\n' }).missing?.text).toBe(
      'the query has no result: there is no series b at Unix time -299 (@ 1 offset 5m)',
    );
  });

  it('names what a selector asks for in vain', () => {
    expect(explain('queue', 'external/shop', { selector: 'name=order' }).missing).toMatchObject({
      reason: 'query-empty',
      text: 'the query has no result: no series queue has name="order" (there is mails, orders)',
    });
  });

  it('names the filter that leaves a series out', () => {
    const series = 'go_size{namespace="shop",pod="web-1"} 1\n';
    expect(explain('go_size', 'pods/shop/web-1', { series, atMs: 0 }).missing).toMatchObject({
      reason: 'excluded',
      rule: 'rules[1]',
      text: 'a series is left out: "go_size" matches seriesFilters[0].isNot "^go_"',
    });
  });

  it('tells of series that are not there, and of those that lack a label', () => {
    const series = 'hits_totl{namespace="a",pod="b"} 1\nsize{namespace="a"} 1\n';
    const missing = explain('hits_per_second', 'pods/a/b', { series, atMs: 0 }).missing;
    expect(missing).toEqual({
      reason: 'no-series',
      rule: 'rules[0]',
      text: 'hits_total{namespace!="",pod!=""} selects nothing: there is no series hits_total; did you mean "hits_totl"?',
    });
    expect(explain('size', 'pods/a/b', { series, atMs: 0 }).missing).toMatchObject({
      reason: 'no-series',
      rule: 'rules[1]',
      text: expect.stringContaining('no series size has pod!=""') as string,
    });
  });

  it('tells what becomes of the metric in the other rules, and in the other API', () => {
    const { missing, others, notes } = explain('queue', 'pods/shop/web-1');
    expect([missing, ...others].map((verdict) => verdict?.rule).sort()).toEqual([
      'rules[0]',
      'rules[1]',
      'rules[2]',
    ]);
    expect(notes).toEqual(['externalRules[0] serves queue as an external metric: external/NAMESPACE']);
    expect(explain('size', 'external/shop').notes[0]).toContain('rules[1] serves size as a metric of');
  });

  it('says that there are no rules', () => {
    const config = 'externalRules: []\nrules: []\n';
    expect(explain('x', 'pods/a/b', { config }).missing?.reason).toBe('no-rules');
  });

  it('tells a selector that Prometheus refuses from one that selects nothing', () => {
    const config = 'rules:\n- seriesQuery: up{\n  resources: {template: <<.Resource>>}\n  metricsQuery: up\n';
    expect(explain('up', 'pods/a/b', { config }).missing).toMatchObject({
      reason: 'listing-failed',
      rule: 'rules[0]',
    });
  });

  it('tells scopes apart', () => {
    expect(explain('node_load', 'nodes/x/n1').missing).toMatchObject({
      reason: 'other-scope',
      text: 'the metric is of nodes outside namespaces, the request is for namespace x',
    });
  });

  it('says why a rate of one sample is nothing', () => {
    const { missing } = explain('hits_per_second', 'pods/shop/web-1', { atMs: 0 });
    expect(missing?.text).toContain('rate() needs two samples, and hits_total has one in the last 2m');
  });

  it.each([
    ['sum(<<.Series>>{<<.LabelMatchers>>})', 'other-objects', 'the result has no label pod'],
    ['<<.Series>>{<<.LabelMatchers>>} and absent_series', 'query-empty', 'there is no series absent_series'],
    ['<<.Series>>{<<.LabelMatchers>>} > 1e9', 'query-empty', 'each of its selectors finds series'],
    ['sum(<<.Series>>{<<.LabelMatchers>>}', 'query-failed', 'Prometheus refuses the query'],
    ['scalar(<<.Series>>{<<.LabelMatchers>>})', 'query-failed', 'the result is a scalar'],
    ['<<.Series>>{<<.LabelMatchers>>}[5m]', 'query-failed', 'the result is a matrix'],
    ['<<.Serie>>', 'query-not-built', 'unable to construct query'],
    ['hits_total{pod="web-2"}', 'other-objects', 'no result has pod="web-1": there is web-2'],
  ])('explains the query %s', (metricsQuery, reason, text) => {
    const config = `rules:\n- seriesQuery: hits_total\n  resources: {template: <<.Resource>>}\n  metricsQuery: '${metricsQuery}'\n`;
    expect(explain('hits_total', 'pods/shop/web-1', { config }).missing).toMatchObject({
      reason,
      text: expect.stringContaining(text) as string,
    });
  });

  it('notes what is true and surprising', () => {
    expect(explain('size', 'pods/shop/web-1').notes[0]).toContain('the last counts');
    expect(explain('size', 'pods/shop/web-3').notes).toEqual([
      'a result is NaN, which the adapter serves as 0: an autoscaler scales on that',
    ]);
    expect(explain('size', 'pods/shop/web-4').notes).toEqual([
      'a result is +Inf, which the adapter serves as -9223372036854775808m: an autoscaler scales on that',
    ]);
    expect(explain('queue', 'external/shop').notes).toEqual(['an autoscaler adds the 2 values: 7505']);
  });

  it.each([
    ['nan: skip', 'web-3', 'no-quantity'],
    ['nan: error', 'web-3', 'no-quantity'],
    ['infinity: skip', 'web-4', 'no-quantity'],
    ['infinity: error', 'web-4', 'no-quantity'],
    ['duplicates: error', 'web-1', 'no-quantity'],
  ])('follows the policy %s', (policy, pod, reason) => {
    const { values, missing, notes } = explain('size', `pods/shop/${pod}`, {
      config: `${CONFIG}plimsoll: {${policy}}\n`,
    });
    expect({ values, notes, reason: missing?.reason }).toEqual({ values: [], notes: [], reason });
  });

  it('tells what else makes the metric, or that it is refused for that', () => {
    const rule =
      "- seriesQuery: up\n  resources: {template: <<.Resource>>}\n  metricsQuery: 'up{<<.LabelMatchers>>}'\n";
    const world = { config: `rules:\n${rule}${rule}`, series: 'up{namespace="a",pod="b"} 1\n', atMs: 0 };
    expect(explain('up', 'pods/a/b', world).notes).toEqual([
      'rules[0] (up) makes the metric too: the last one counts',
    ]);
    const strict = { ...world, config: `${world.config}plimsoll: {conflicts: refuse}\n` };
    expect(explain('up', 'pods/a/b', strict).missing).toMatchObject({ reason: 'conflict' });
  });
});
