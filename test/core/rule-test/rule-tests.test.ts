import { Registry } from '../../../core/adapter';
import { ApiResources } from '../../../core/kube/api-resources';
import { parseRuleTests, runRuleTests } from '../../../core/rule-test';
import { parseAdapterConfig } from '../../../core/rules';
import { CONFIG } from '../rule-explain/fixture';

const registry = Registry.create(parseAdapterConfig(CONFIG, 'config'), ApiResources.builtin());

const SERIES = `series:
- hits_total{namespace="shop",pod="web-1"} 0+60x10
- {series: 'hits_total{namespace="shop",pod="web-2"}', values: 0+120x10}
- queue{name="orders"} 5x10
- queue{name="mails"} 7x10
`;

/** What one test says of itself and of what it found. */
function run(test: string, series = SERIES) {
  const [result] = runRuleTests(
    parseRuleTests(`config: c\n${series}tests:\n- ${test}\n`, 't.yaml'),
    registry,
  );
  return result;
}

describe('runRuleTests', () => {
  it.each([
    '{metric: hits_per_second, for: pods/shop/web-1, value: 1}',
    '{metric: hits_per_second, for: pods/shop/web-1, value: "1000m"}',
    '{metric: hits_per_second, for: pods/shop/web-1, value: 0.5, within: 500m}',
    '{metric: hits_per_second, for: pods/shop/*, values: {web-2: 2, web-1: 1}}',
    '{metric: hits_per_second, for: pods/shop/web-1, missing: false}',
    '{metric: hits_per_second, for: pods/shop/web-9, missing: true}',
    '{metric: hits_per_second, for: pods/shop/web-9, missing: query-empty}',
    '{metric: queue, for: external/x, selector: name=mails, value: 7}',
    '{metric: queue, for: external/x, items: [{labels: {__name__: queue, name: mails}, value: 7}, {labels: {name: orders, __name__: queue}, value: 5}]}',
    '{metric: queue, for: external/x, query: "queue{}"}',
    '{metrics: [queue, pods/hits_per_second, namespaces/hits_per_second]}',
    '{at: 0s, metric: hits_per_second, for: pods/shop/web-1, missing: query-empty}',
    "{metric: waiting, for: pods/a/b, missing: true, series: ['waiting 1']}",
    '{metric: queue, for: external/x, selector: name=x, value: 9, series: [\'queue{name="x"} 9x10\']}',
  ])('passes %s', (test) => {
    expect(run(test)?.differences).toEqual([]);
  });

  it.each<[string, string, string[], string[]]>([
    ['{metric: hits_per_second, for: pods/shop/web-1, value: 2}', 'value', ['2'], ['1']],
    ['{metric: hits_per_second, for: pods/shop/web-9, value: 2}', 'value', ['2'], ['missing: query-empty']],
    [
      '{metric: queue, for: external/x, value: 5}',
      'value',
      ['5'],
      ['queue{name="mails"}: 7', 'queue{name="orders"}: 5'],
    ],
    [
      '{metric: hits_per_second, for: pods/shop/*, values: {web-1: 1}}',
      'values',
      ['web-1: 1'],
      ['web-1: 1', 'web-2: 2'],
    ],
    [
      '{metric: hits_per_second, for: pods/shop/*, values: {web-1: 1, web-3: 2}}',
      'values',
      ['web-1: 1', 'web-3: 2'],
      ['web-1: 1', 'web-2: 2'],
    ],
    ['{metric: hits_per_second, for: pods/shop/web-1, missing: true}', 'missing', ['no value'], ['web-1: 1']],
    [
      '{metric: hits_per_second, for: pods/shop/web-9, missing: false}',
      'missing',
      ['a value'],
      ['missing: query-empty'],
    ],
    [
      '{metric: hits_per_second, for: pods/shop/web-9, missing: no-series}',
      'missing',
      ['missing: no-series'],
      ['missing: query-empty'],
    ],
    ['{metric: queue, for: external/x, query: "sum(queue)"}', 'query', ['sum(queue)'], ['queue{}']],
    [
      '{metrics: [queue]}',
      'metrics',
      ['queue'],
      ['namespaces/hits_per_second', 'pods/hits_per_second', 'queue'],
    ],
  ])('fails %s', (test, what, expected, got) => {
    expect(run(test)?.differences).toMatchObject([{ what, expected, got }]);
  });

  it('says why a value is off by what the adapter cuts off', () => {
    const hint = (value: string) =>
      run(`{metric: hits_per_second, for: pods/shop/web-1, value: ${value}}`)?.differences[0]?.hint;
    expect(hint('1001m')).toContain('within: 1m accepts that');
    expect(hint('1002m')).toBeUndefined();
  });

  it('looks at the last value unless told when', () => {
    expect(run('{metrics: []}')?.at).toBe('10m');
    expect(run('{at: 90s, metrics: []}')?.at).toBe('1m30s');
  });

  it('names file and line of a series that cannot be read', () => {
    expect(() => run('{metrics: []}', "series:\n- up 1\n- 'down{ 1'\n")).toThrow('t.yaml:4: invalid series');
    expect(() => run("{metrics: [], series: ['up one']}", '')).toThrow('t.yaml:3: invalid series');
  });

  it('names the test that cannot be asked', () => {
    expect(() => run('{metric: a, for: pods/web-1, missing: true}', '')).toThrow(
      't.yaml:3: pods are in namespaces',
    );
  });
});

describe('parseRuleTests', () => {
  const parse = (text: string) => parseRuleTests(text, 't.yaml');

  it('gives tests a name', () => {
    const { tests } = parse(
      'config: c\ntests:\n- {name: mine, metrics: []}\n- {metrics: []}\n- {metric: a, for: deployments.apps/b/c, missing: true}\n- {metric: a, for: external/b, missing: true}\n',
    );
    expect(tests.map(({ name, line }) => `${line} ${name}`)).toEqual([
      ...['3 mine', '4 metrics', '5 a for deployments.apps/b/c', '6 a for external/b'],
    ]);
  });

  it('keeps a configuration inside the file in its place', () => {
    const { config } = parse('config:\n  rules:\n  - bogus: 1\ntests:\n- metrics: []\n');
    expect(() => parseAdapterConfig('text' in config ? config.text : '', 't.yaml')).toThrow(
      't.yaml:3:5: rules[0].bogus',
    );
  });

  it.each([
    ['{}', 'tests[0]: write metric and for, or metrics'],
    ['{metric: a}', 'tests[0]: write both metric and for'],
    ['{metric: a, for: pods/a/b}', 'tests[0]: write what is expected'],
    ['{metrics: [], value: 1}', 'tests[0]: write metric and for beside what is expected'],
    [
      '{metric: a, for: pods/a/b, value: 1, missing: true}',
      'tests[0]: write one of value, values, items and missing',
    ],
    ['{metric: a, for: pods/a/b, items: []}', 'tests[0]: items are of external metrics'],
    ['{metric: a, for: external/b, values: {}}', 'tests[0]: values are of objects'],
    ['{metric: a, for: pods, value: 1}', 'tests[0].for: "pods" names no object'],
    ['{metric: a, for: pods/a/b, value: 1z}', 'tests[0].value: invalid quantity "1z"'],
    [
      '{metric: a, for: pods/a/b, missing: why}',
      'tests[0].missing: write true, or one of the reasons unknown-resource',
    ],
    ['{metric: a, for: pods/a/b, selector: "a in", value: 1}', 'tests[0].selector: unable to parse'],
    ['{at: soon, metrics: []}', 'tests[0].at: invalid duration "soon"'],
    ['{metrics: [], series: [1]}', "tests[0].series[0]: write a line such as 'up"],
    ['{metrics: [], expect: 1}', 'tests[0].expect: unknown field'],
  ])('refuses the test %s', (test, message) => {
    expect(() => parse(`config: c\ntests:\n- ${test}\n`)).toThrow(message);
  });

  it('tells everything that is wrong at once, each with its place', () => {
    expect(() => parse('config: 1\ninterval: x\ntests: []\n')).toThrow(
      /^t\.yaml:1:9: config: .*\nt\.yaml:2:11: interval: .*\nt\.yaml:3:8: tests: write at least one test$/,
    );
  });
});
