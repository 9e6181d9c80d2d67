import { ApiResources } from '../../../core/kube/api-resources';
import { checkRules, RULE_CHECKS } from '../../../core/rule-check';

const resources = ApiResources.builtin();

function check(text: string, scrapeIntervalMs?: number) {
  return checkRules({ text, where: 'config.yaml' }, { resources, scrapeIntervalMs });
}

/** The ids of what is found, with line and column. */
function found(text: string, scrapeIntervalMs?: number): string[] {
  return check(text, scrapeIntervalMs).findings.map(
    ({ check: id, line, column }) => `${id} ${line}:${column}`,
  );
}

const OBJECTS = 'resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}';
const RATE = 'metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)';
const SUM = 'metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)';

/** A rule of custom metrics with nothing wrong but what the fields say. */
function rule(fields: Readonly<Record<string, string>>): string {
  const all = { seriesQuery: 'seriesQuery: hits_total{pod!=""}', objects: OBJECTS, query: RATE, ...fields };
  const lines = Object.values(all).filter((line) => line !== '');
  return `- ${lines.join('\n  ')}\n`;
}

const rules = (...fields: readonly Readonly<Record<string, string>>[]): string =>
  `rules:\n${fields.map(rule).join('')}`;
const external = (...lines: readonly string[]): string => `externalRules:\n- ${lines.join('\n  ')}\n`;

describe('checkRules', () => {
  it('finds nothing wrong with good rules', () => {
    const good =
      rules({}) +
      external(
        'seriesQuery: queue{name!=""}',
        'resources: {namespaced: false}',
        'metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (name)',
      );
    expect(check(good)).toEqual({ findings: [], rules: 2 });
  });

  it.each<[string, string, string[]]>([
    ['a syntax error', 'rules:\n- a: [\n', ['config-unreadable 3:1']],
    ['a repeated key', rules({ again: 'seriesQuery: hits_total' }), ['config-unreadable 5:3']],
    ['an unknown field', rules({ more: 'metricQuery: x' }), ['config-unreadable 5:3']],
    ['a wrong type', rules({ more: 'name: [a]' }), ['config-unreadable 5:9']],
    ['values of the chart', 'rules:\n  default: true\n', ['config-unreadable 2:3']],
    ['no rules', '# nothing\n', ['nothing-served 1:1']],
    ['a filter with both', rules({ filter: 'seriesFilters: [{is: a, isNot: b}]' }), ['rule-invalid 5:19']],
    ['a filter with neither', rules({ filter: 'seriesFilters: [{}]' }), ['rule-invalid 5:19']],
    ['a bad regular expression', rules({ name: 'name: {matches: "(?!x)"}' }), ['rule-invalid 5:9']],
    ['groups without as', rules({ name: 'name: {matches: "(h)(i)"}' }), ['rule-invalid 5:9']],
    [
      'an unknown resource',
      rules({ objects: 'resources: {overrides: {pod: {resource: pdo}}}' }),
      ['rule-invalid 3:32'],
    ],
    ['a bad template', rules({ query: 'metricsQuery: <<.Series' }), ['rule-invalid 4:17']],
    ['no selector', rules({ seriesQuery: 'seriesQuery: up{' }), ['selector-invalid 2:16']],
    ['an empty selector', rules({ seriesQuery: 'seriesQuery: "{}"' }), ['selector-invalid 2:16']],
    [
      'a selector by name, which is good',
      rules({ seriesQuery: `seriesQuery: '{__name__=~".+_total",pod!=""}'` }),
      [],
    ],
    [
      'a selector of nearly everything',
      rules({ seriesQuery: `seriesQuery: '{__name__!~"go_.*",pod!=""}'`, query: SUM }),
      ['selector-too-wide 2:16', 'counter-without-rate 4:17'],
    ],
    [
      'a regular expression after =',
      rules({ seriesQuery: `seriesQuery: hits_total{pod="web-.*"}` }),
      ['matcher-not-regexp 2:16'],
    ],
    [
      'labels of old',
      rules({ seriesQuery: `seriesQuery: container_cpu_usage_seconds_total{pod_name!=""}` }),
      ['old-cadvisor-labels 2:16'],
    ],
    [
      'filters that contradict',
      rules({ filter: 'seriesFilters: [{isNot: _total$}]' }),
      ['never-matches 5:27'],
    ],
    ['a name that contradicts', rules({ name: 'name: {matches: ^http_}' }), ['never-matches 5:19']],
    [
      'a swallowed group',
      rules({ name: 'name: {matches: ^(.*)_total$, as: $1_rate}' }),
      ['name-reference 5:37'],
    ],
    [
      'a group that is not there',
      rules({ name: 'name: {matches: ^(.*)_total$, as: "${2}"}' }),
      ['name-reference 5:37'],
    ],
    ['$0 and a named group', rules({ name: 'name: {matches: "^(?P<n>.*)_total$", as: "${0}_${n}$$"}' }), []],
    [
      'one name for all series',
      rules({ seriesQuery: `seriesQuery: '{__name__=~"(a|b)_total",pod!=""}'`, name: 'name: {as: ab}' }),
      ['metric-of-many-series 5:14'],
    ],
    [
      'a query for all series',
      rules({
        seriesQuery: `seriesQuery: '{__name__=~"(a|b)_total",pod!=""}'`,
        query: 'metricsQuery: sum(rate(c_total{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
      }),
      ['series-unused 4:17'],
    ],
    ['two rules for one metric', rules({}, {}), ['metric-conflict 5:3']],
    ['two rules for different series', rules({}, { seriesQuery: 'seriesQuery: hits_total{pod=""}' }), []],
    [
      'one name from two series',
      rules(
        { name: 'name: {as: hits}' },
        { seriesQuery: 'seriesQuery: calls_total', name: 'name: {as: hits}' },
      ),
      ['metric-conflict 6:3'],
    ],
    [
      'one metric of two listed series',
      rules(
        { seriesQuery: 'seriesQuery: hits{pod!=""}', query: SUM },
        {
          seriesQuery: `seriesQuery: '{__name__=~"calls_total|hits_total"}'`,
          name: 'name: {matches: ^(.*)_total$}',
        },
      ),
      ['metric-conflict 5:3'],
    ],
    [
      'different metrics of listed series',
      rules(
        {},
        { seriesQuery: `seriesQuery: '{__name__=~"calls_total|hits_total"}'`, name: 'name: {as: "${0}_x"}' },
      ),
      [],
    ],
    [
      'one of the listed series in a rule that lists none',
      rules(
        { seriesQuery: `seriesQuery: '{__name__=~"hits_.*"}'`, filter: 'seriesFilters: [{is: _total$}]' },
        { seriesQuery: `seriesQuery: '{__name__=~"calls_total|hits_total"}'` },
      ),
      ['metric-conflict 6:3'],
    ],
    ['no objects', rules({ objects: '' }), ['resources-missing 2:3']],
    [
      'a template without core objects',
      rules({ objects: 'resources: {template: "kube_<<.Group>>_<<.Resource>>"}' }),
      ['template-without-core-group 3:25'],
    ],
    [
      'a template beside overrides',
      rules({
        objects:
          'resources: {template: "kube_<<.Group>>_<<.Resource>>", overrides: {ns: {resource: namespace}, pod: {resource: pod}}}',
      }),
      [],
    ],
    [
      'two labels for a resource',
      rules({
        objects: 'resources: {overrides: {namespace: {resource: namespace}, ns: {resource: namespaces}}}',
      }),
      ['resource-labels-ambiguous 3:65'],
    ],
    [
      'no namespace',
      rules({ objects: 'resources: {overrides: {pod: {resource: pod}}}' }),
      ['namespace-label-missing 3:14'],
    ],
    [
      'an unknown variable, of nodes',
      rules({
        objects: 'resources: {overrides: {node: {resource: node}}}',
        query: 'metricsQuery: sum(<<.Serie>>) by (node)',
      }),
      ['query-not-built 4:17'],
    ],
    ['an unknown variable', rules({ query: 'metricsQuery: <<.Serie>>' }), ['query-not-built 4:17']],
    [
      'no PromQL',
      rules({ query: 'metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m]) by (<<.GroupBy>>)' }),
      ['query-invalid 4:17'],
    ],
    [
      'a scalar',
      rules({ query: 'metricsQuery: scalar(sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])))' }),
      ['query-type 4:17', 'query-drops-object 4:17'],
    ],
    [
      'no grouping',
      rules({ query: 'metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m]))' }),
      ['query-drops-object 4:17'],
    ],
    [
      'a grouping by hand',
      rules({ query: 'metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (pod)' }),
      ['query-drops-some-objects 4:17'],
    ],
    [
      'no matchers',
      rules({ query: 'metricsQuery: sum(rate(<<.Series>>[2m])) by (<<.GroupBy>>)' }),
      ['matchers-missing 4:17'],
    ],
    [
      'matchers on one side',
      rules({
        query:
          'metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>) / sum(slots) by (<<.GroupBy>>)',
      }),
      ['matchers-partial 4:17'],
    ],
    [
      'a rate of a gauge',
      rules({ seriesQuery: 'seriesQuery: temperature{pod!=""}' }),
      ['rate-of-gauge 4:17'],
    ],
    [
      'a rate of whatever comes',
      rules({ seriesQuery: `seriesQuery: '{__name__=~"http_.*",pod!=""}'` }),
      ['rate-of-gauge 4:17'],
    ],
    [
      'a rate of a counter of Envoy',
      rules({ seriesQuery: 'seriesQuery: envoy_cluster_upstream_rq{pod!=""}' }),
      [],
    ],
    ...['delta', 'idelta', 'deriv'].map((name): [string, string, string[]] => [
      `${name}() of a counter`,
      rules({ query: `metricsQuery: sum(${name}(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)` }),
      ['counter-without-rate 4:17'],
    ]),
    ...['changes', 'resets', 'present_over_time', 'timestamp'].map((name): [string, string, string[]] => [
      `${name}() of a counter, which is good`,
      rules({
        query: `metricsQuery: sum(${name}(<<.Series>>{<<.LabelMatchers>>}${name === 'timestamp' ? '' : '[2m]'})) by (<<.GroupBy>>)`,
      }),
      [],
    ]),
    ['a counter as it is', rules({ query: SUM }), ['counter-without-rate 4:17']],
  ])('says where there is %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

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

  it.each<[number, string[]]>([
    [15_000, []],
    [30_000, []],
    [45_000, ['window-tight 4:17']],
    [61_000, ['window-too-short 4:17']],
  ])('holds windows against scrapes every %d ms', (interval, expected) => {
    expect(found(rules({}), interval)).toEqual(expected);
  });

  it('finds what is wrong in the rules that a syntax error does not touch', () => {
    const text = `rules:\n- seriesQuery: up\n  metricsQuery: "sum(up{a="b"})"\n${external('seriesQuery: queue', 'metricsQuery: max(queue{<<.LabelMatchers>>})')}`;
    expect(found(text)).toEqual(['config-unreadable 3:28', 'external-namespace-unmapped 5:3']);
    expect(check(text).findings[0]?.message).toContain('the text ends at the "');
  });

  it('finds every mistake of a rule at once', () => {
    const text = rules({
      filter: 'seriesFilters: [{is: "["}, {}]',
      name: 'name: {matches: "(a)(b)"}',
      query: 'metricsQuery: <<.Series',
      objects: 'resources: {overrides: {pod: {resource: pdo}, svc: {resource: servise}}}',
    });
    expect(found(text).filter((one) => one.startsWith('rule-invalid'))).toHaveLength(6);
  });

  it('does not accuse a rule that it cannot read of anything else', () => {
    expect(
      found(rules({ query: 'metricsQuery: <<template "x">>' })).every((one) =>
        /^(rule-(not-understood|invalid)|query-not-built) /.test(one),
      ),
    ).toBe(true);
  });

  it('names the resources that have no value, where others have one', () => {
    const query = 'metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (pod)';
    const [finding] = check(rules({ query })).findings;
    expect(finding).toMatchObject({
      severity: 'warning',
      message:
        'its result has no label namespace: the metric has values for pods, but is listed without any for namespaces',
    });
  });

  it('does not say of a difference that no rate is taken', () => {
    const query = 'metricsQuery: sum(deriv(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)';
    const [finding] = check(rules({ query })).findings;
    expect(finding?.message).toContain(
      'a restart, from which the counter begins at 0 again, counts as a fall',
    );
    expect(finding?.fix).toBe('write rate(…) instead of deriv(…)');
  });

  it('names both series that become one metric', () => {
    const text = rules(
      { seriesQuery: 'seriesQuery: hits{pod!=""}', query: SUM },
      { name: 'name: {matches: ^(.*)_total$}' },
    );
    expect(check(text).findings[0]?.message).toContain(
      'it makes the metric hits of hits_total, as rules[0] does of hits for ',
    );
  });

  it('names rule and field, and what to write', () => {
    expect(check(rules({ name: 'name: {matches: ^(.*)_total$, as: $1_rate}' })).findings).toEqual([
      {
        check: 'name-reference',
        severity: 'error',
        file: 'config.yaml',
        line: 5,
        column: 37,
        rule: 'rules[0]',
        field: 'name.as',
        message:
          'name.matches has no group "1_rate", so $1_rate is replaced by nothing: hits_total becomes ""',
        fix: 'write ${1}_rate: without braces a name is as long as it can be',
      },
    ]);
  });

  it('takes custom resources for served when told so', () => {
    const text = rules({
      objects:
        'resources: {overrides: {namespace: {resource: namespace}, brand: {resource: brand, group: cheese.io}}}',
    });
    expect(check(text).findings[0]?.fix).toContain('--resource brands.cheese.io');
    const brand = {
      group: 'cheese.io',
      version: 'v1',
      kind: 'Brand',
      plural: 'brands',
      singular: 'brand',
      namespaced: true,
    };
    expect(checkRules({ text, where: 'c' }, { resources: resources.with([brand]) }).findings).toEqual([]);
  });
});

describe('resourceRules', () => {
  const part = (containers: string, nodes: string, label = 'container'): string =>
    `{containerLabel: ${label}, containerQuery: '${containers}', nodeQuery: '${nodes}', resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}}}}`;
  const whole = (one: string): string => `resourceRules:\n  cpu: ${one}\n  memory: ${one}\n  window: 5m\n`;
  const PODS = 'sum by (<<.GroupBy>>) (rate(c_total{<<.LabelMatchers>>}[2m]))';
  const NODES = 'sum by (<<.GroupBy>>) (rate(n_total{<<.LabelMatchers>>}[2m]))';

  it('are good as upstream has them', () => {
    expect(found(whole(part(PODS, NODES)))).toEqual([]);
  });

  it.each([
    ['containers are not told apart', part('sum(rate(c_total{<<.LabelMatchers>>}[2m])) by (pod)', NODES), 2],
    ['a query is missing', part(PODS, ''), 2],
    ['a query is no PromQL', part(PODS, 'sum('), 2],
    ['a template is broken', part('<<.Series', NODES), 2],
    ['the label of containers is missing', part(PODS, NODES, "''"), 2],
  ])('are wrong if %s', (_, one, count) => {
    const ids = check(whole(one)).findings.map((finding) => finding.check);
    expect(ids).toEqual(Array.from({ length: count }, () => 'resource-rule-invalid'));
  });

  it('need the labels of what they are asked for', () => {
    const text = whole(
      `{containerLabel: c, containerQuery: '${PODS}', nodeQuery: '${NODES}', resources: {overrides: {pod: {resource: pod}}}}`,
    );
    expect(check(text).findings.map(({ message }) => message.split(',')[0])).toEqual([
      ...[
        'no label names namespaces',
        'no label names nodes',
        'no label names namespaces',
        'no label names nodes',
      ],
    ]);
  });
});

describe('RULE_CHECKS', () => {
  it('have ids of their own', () => {
    const ids = RULE_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
