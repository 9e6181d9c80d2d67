import { checkRules, RULE_CHECKS } from '../../../core/rule-check';
import { check, external, found, resources, rules, SUM } from './checked';

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

describe('RULE_CHECKS', () => {
  it('have ids of their own', () => {
    const ids = RULE_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
