import { found, rules, SUM } from './checked';

describe('checkRules of custom metrics', () => {
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
});
