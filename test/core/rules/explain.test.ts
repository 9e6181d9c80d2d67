import { compileRules, type CompiledRule, explainRule, parseAdapterConfig } from '../../../core/rules';
import { usual } from './mapper';

function rule(text: string): CompiledRule {
  const compiled = compileRules(parseAdapterConfig(text, 'config.yaml'), usual)[0];
  if (!compiled) throw new Error('no rule');
  return compiled;
}

function unlabelled(resource: string): string {
  return `unable to convert resource ${resource} into label: no generic resource label form specified for this metric`;
}

const perSecond = rule(`
rules:
- seriesQuery: http_requests_total{pod!=""}
  name: {matches: ^(.*)_total$, as: "\${1}_per_second"}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
`);

describe('explainRule', () => {
  it('tells name, mappings and a sample query for each mapped resource', () => {
    expect(explainRule(perSecond, 'http_requests_total')).toEqual({
      naming: { accepted: true, metric: 'http_requests_per_second' },
      mappings: [
        { label: 'namespace', resource: { group: '', resource: 'namespaces' } },
        { label: 'pod', resource: { group: '', resource: 'pods' } },
      ],
      samples: [
        {
          resource: { group: '', resource: 'namespaces' },
          query: 'sum(rate(http_requests_total{namespace=~"name-1|name-2"}[2m])) by (namespace)',
        },
        {
          resource: { group: '', resource: 'pods' },
          query: 'sum(rate(http_requests_total{namespace="namespace-1",pod=~"name-1|name-2"}[2m])) by (pod)',
        },
      ],
    });
  });

  it('tells why a series is left out', () => {
    expect(explainRule(perSecond, 'up').naming).toEqual({
      accepted: false,
      reason: '"up" does not match name.matches "^(.*)_total$"',
    });
  });

  it('tells why a sample query cannot be built', () => {
    const services = { group: '', resource: 'services' };
    expect(explainRule(perSecond, 'http_requests_total', [services]).samples).toEqual([
      {
        resource: services,
        problem: unlabelled('services'),
      },
    ]);
  });

  it('gives one sample for an external rule', () => {
    const external = rule(
      'externalRules: [{seriesQuery: q, resources: {namespaced: false}, metricsQuery: max(<<.Series>>)}]',
    );
    expect(explainRule(external, 'q').samples).toEqual([{ query: 'max(q)' }]);
    const namespaced = rule('externalRules: [{seriesQuery: q, metricsQuery: max(<<.Series>>)}]');
    expect(explainRule(namespaced, 'q').samples).toEqual([{ problem: unlabelled('namespaces') }]);
  });
});

describe('compileRules', () => {
  it('names file, rule and field of what is wrong', () => {
    const text =
      'externalRules: [{seriesQuery: q, metricsQuery: a}, {seriesQuery: q, metricsQuery: <<range .X>>}]';
    expect(() => compileRules(parseAdapterConfig(text, 'config.yaml'), usual)).toThrow(
      'config.yaml:1:83: externalRules[1].metricsQuery: template: metrics-query:1: unexpected EOF',
    );
  });
});

describe('the selector of a rule', () => {
  function problem(seriesQuery: string): string | undefined {
    const text = `rules: [{seriesQuery: '${seriesQuery}', metricsQuery: q}]`;
    return compileRules(parseAdapterConfig(text, 'config.yaml'), usual)[0]?.selectorProblem;
  }

  it.each(['up', '{a="b"}', 'up{a=~"x|y"}'])('has no problem in %s', (seriesQuery) => {
    expect(problem(seriesQuery)).toBeUndefined();
  });

  it.each(['up{', '', 'rate(up[5m])', 'up{a=b}'])(
    'does not keep the adapter from starting with %j',
    (seriesQuery) => {
      expect(problem(seriesQuery)).not.toBeUndefined();
    },
  );
});
