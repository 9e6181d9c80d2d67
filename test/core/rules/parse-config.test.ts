import fc from 'fast-check';
import { stringify } from 'yaml';
import { NotSupportedError, UsageError } from '../../../core/errors';
import { type AdapterConfig, parseAdapterConfig } from '../../../core/rules';

const full = `rules:
- seriesQuery: 'http_requests_total{namespace!="",pod!=""}'
  seriesFilters:
  - isNot: ^container_
  resources:
    template: kube_<<.Resource>>
    overrides:
      namespace: {resource: namespace}
      ing: {group: networking.k8s.io, resource: ingress}
  name: {matches: "^(.*)_total$", as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue_depth
  resources: {namespaced: no}
  metricsQuery: max(<<.Series>>)
resourceRules:
  cpu:
    containerQuery: c1
    nodeQuery: n1
    resources: {overrides: {instance: {resource: node}}}
    containerLabel: container
  memory: {containerQuery: c2, nodeQuery: n2, containerLabel: container}
  window: 1h30m
`;

function parse(text: string): AdapterConfig {
  return parseAdapterConfig(text, 'config.yaml');
}

const nothing = { template: '', overrides: {}, namespaced: true };

describe('parseAdapterConfig', () => {
  it('reads every field', () => {
    expect(parse(full)).toEqual({
      where: 'config.yaml',
      rules: [
        {
          seriesQuery: 'http_requests_total{namespace!="",pod!=""}',
          seriesFilters: [{ is: '', isNot: '^container_' }],
          resources: {
            template: 'kube_<<.Resource>>',
            overrides: {
              namespace: { group: '', resource: 'namespace' },
              ing: { group: 'networking.k8s.io', resource: 'ingress' },
            },
            namespaced: true,
          },
          name: { matches: '^(.*)_total$', as: '${1}_per_second' },
          metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
        },
      ],
      externalRules: [
        {
          seriesQuery: 'queue_depth',
          seriesFilters: [],
          resources: { ...nothing, namespaced: false },
          name: { matches: '', as: '' },
          metricsQuery: 'max(<<.Series>>)',
        },
      ],
      resourceRules: {
        cpu: {
          containerQuery: 'c1',
          nodeQuery: 'n1',
          resources: { ...nothing, overrides: { instance: { group: '', resource: 'node' } } },
          containerLabel: 'container',
        },
        memory: { containerQuery: 'c2', nodeQuery: 'n2', resources: nothing, containerLabel: 'container' },
        windowMs: 5_400_000,
      },
    });
  });

  it.each(['', 'rules:\n', 'rules: []\nexternalRules: ~\n', '{}'])('reads %j as no rules', (text) => {
    expect(parse(text)).toEqual({ where: 'config.yaml', rules: [], externalRules: [] });
  });

  it('takes any scalar as it is written where a string is wanted', () => {
    const rule = parse('rules: [{seriesQuery: 1.50, metricsQuery: yes, name: {as: 010}}]').rules[0];
    expect(rule?.seriesQuery).toBe('1.50');
    expect(rule?.metricsQuery).toBe('yes');
    expect(rule?.name.as).toBe('010');
  });

  it('follows aliases', () => {
    const config = parse('rules:\n- resources: &r {template: <<.Resource>>}\n- resources: *r\n');
    expect(config.rules.map(({ resources }) => resources.template)).toEqual([
      '<<.Resource>>',
      '<<.Resource>>',
    ]);
  });

  it.each([
    [
      'an unknown key',
      'rules:\n- seriesQuery: a\n  metricQuery: b\n',
      '3:3: rules[0].metricQuery: unknown field',
    ],
    [
      'an unknown key at the top',
      'rule: []\n',
      '1:1: rule: unknown field; known here: rules, externalRules, resourceRules',
    ],
    [
      'an unknown key in a rule of resources',
      'resourceRules:\n  gpu-memory: {}\n',
      '2:3: resourceRules.gpu-memory: unknown',
    ],
    ['a repeated key', 'rules:\n- name: {as: a, as: b}\n', '2:17: Map keys must be unique'],
    ['a list that is a mapping', 'rules: {a: b}\n', '1:8: rules: must be a list, is a mapping'],
    [
      'a mapping that is a scalar',
      'rules:\n- resources: pods\n',
      '2:14: rules[0].resources: must be a mapping, is "pods"',
    ],
    [
      'a string that is a list',
      'rules:\n- seriesQuery: [a]\n',
      '2:16: rules[0].seriesQuery: must be a string, is a list',
    ],
    [
      'a boolean that is a word',
      'rules:\n- resources:\n    namespaced: maybe\n',
      '3:17: rules[0].resources.namespaced: must be true or false, is "maybe"',
    ],
    [
      'a wrong override',
      'rules:\n- resources: {overrides: {pod: pods}}\n',
      '2:32: rules[0].resources.overrides.pod: must be a mapping, is "pods"',
    ],
    [
      'a bad window',
      'resourceRules:\n  window: 5 minutes\n',
      '2:11: resourceRules.window: invalid duration "5 minutes"',
    ],
    ['broken syntax', 'rules:\n- [a\n', '3:1: Flow sequence'],
    ['a second document', 'rules: []\n---\nrules: []\n', '2:1: Source contains multiple documents'],
  ])('refuses %s with its position', (_, text, message) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(`config.yaml:${message}`);
  });

  it('names merge keys as not supported', () => {
    expect(() => parse('rules:\n- &a {seriesQuery: x}\n- <<: *a\n')).toThrow(NotSupportedError);
    expect(() => parse('rules:\n- &a {seriesQuery: x}\n- <<: *a\n')).toThrow(
      'config.yaml:3:3: YAML merge key <<',
    );
  });

  it('reads back what was written', () => {
    const text = fc.string({ unit: 'grapheme-ascii' });
    const rule = fc.record({
      seriesQuery: text,
      seriesFilters: fc.array(fc.record({ is: text, isNot: text }), { maxLength: 2 }),
      resources: fc.record({
        template: text,
        overrides: fc.dictionary(
          fc.stringMatching(/^[a-z_][a-z0-9_]*$/),
          fc.record({ group: text, resource: text }),
        ),
        namespaced: fc.boolean(),
      }),
      name: fc.record({ matches: text, as: text }),
      metricsQuery: text,
    });
    const config = fc.record({
      rules: fc.array(rule, { maxLength: 3 }),
      externalRules: fc.array(rule, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(config, (written) => {
        expect(parse(stringify(written, { version: '1.1' }))).toEqual({ where: 'config.yaml', ...written });
      }),
    );
  });
});
