import fc from 'fast-check';
import { stringify } from 'yaml';
import { NotSupportedError, UsageError } from '../../../core/errors';
import {
  type AdapterConfig,
  DEFAULT_RULE_SETTINGS,
  parseAdapterConfig,
  UPSTREAM_POLICIES,
} from '../../../core/rules';

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

/** A configuration without the places of its fields. */
function content(text: string): Omit<AdapterConfig, 'places'> {
  const { places, ...rest } = parse(text);
  expect(places).toBeInstanceOf(Map);
  return rest;
}

const policies = UPSTREAM_POLICIES;
const settings = DEFAULT_RULE_SETTINGS;

const nothing = { template: '', overrides: {}, namespaced: true };

describe('parseAdapterConfig', () => {
  it('reads every field', () => {
    expect(content(full)).toEqual({
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
          policies,
          settings,
        },
      ],
      externalRules: [
        {
          seriesQuery: 'queue_depth',
          seriesFilters: [],
          resources: { ...nothing, namespaced: false },
          name: { matches: '', as: '' },
          metricsQuery: 'max(<<.Series>>)',
          policies,
          settings,
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
        policies: { objectNames: 'upstream', nan: 'upstream', infinity: 'upstream', duplicates: 'upstream' },
        settings,
      },
      sources: new Map(),
    });
  });

  it.each(['', 'rules:\n', 'rules: []\nexternalRules: ~\n', '{}'])('reads %j as no rules', (text) => {
    expect(content(text)).toEqual({ where: 'config.yaml', rules: [], externalRules: [], sources: new Map() });
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
      '1:1: rule: unknown field; known here: rules, externalRules, resourceRules, plimsoll',
    ],
    [
      'an unknown key in a rule of resources',
      'resourceRules:\n  gpu-memory: {}\n',
      '2:3: resourceRules.gpu-memory: unknown',
    ],
    ['a repeated key', 'rules:\n- name: {as: a, as: b}\n', '2:17: rules[0].name.as: is given twice'],
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
    ['broken syntax', 'rules:\n- [a\n', "3:1: did not find expected ',' or ']'"],
    ['a tab for a space', 'rules:\n\t- x\n', '2:1: found character that cannot start any token'],
    ['a control character', 'rules:\n- name: {as: a\x07}\n', '2:15: control characters are not allowed'],
    ['an unknown alias', 'rules:\n- *a\n', "2:3: unknown anchor 'a' referenced"],
    ['an alias in itself', 'rules:\n- &a {<<: *a}\n', "2:11: rules[0]: anchor 'a' value contains itself"],
    [
      'a tag that the text belies',
      'rules:\n- seriesQuery: !!int x\n',
      '2:16: rules[0].seriesQuery: "x" is not what its tag',
    ],
    ['a merge of no mapping', 'rules:\n- <<: x\n', '2:7: rules[0]: << must be followed by a mapping'],
    ['an empty window', 'resourceRules:\n  window: ""\n', '2:11: resourceRules.window: empty duration'],
    [
      'an unknown policy',
      'plimsoll: {nan: ignore}\n',
      '1:17: plimsoll.nan: must be one of upstream, zero, skip, error',
    ],
    [
      'a policy of another name',
      'rules:\n- plimsoll: {NaN: zero}\n',
      '2:14: rules[0].plimsoll.NaN: unknown field; known here: objectNames,',
    ],
  ])('refuses %s with its position', (_, text, message) => {
    expect(() => parse(text)).toThrow(UsageError);
    expect(() => parse(text)).toThrow(`config.yaml:${message}`);
  });

  it('fills in merged mappings where they stand', () => {
    const config = parse(`rules:
- &a {seriesQuery: x, resources: {template: t, namespaced: no}, metricsQuery: q}
- {<<: *a, seriesQuery: y, resources: {template: u}}
- {seriesQuery: z, <<: *a}
- {<<: [{seriesQuery: first}, *a]}
`);
    expect(config.rules.map(({ seriesQuery }) => seriesQuery)).toEqual(['x', 'y', 'x', 'first']);
    expect(config.rules.map(({ metricsQuery }) => metricsQuery)).toEqual(['q', 'q', 'q', 'q']);
    expect(config.rules[1]?.resources).toEqual({ template: 'u', overrides: {}, namespaced: false });
  });

  it.each([
    ['yes', true],
    ['Off', false],
    ['~', true],
    ['', true],
    ['NULL', false],
  ])('reads the boolean %j as %s', (written, expected) => {
    expect(parse(`rules:\n- resources:\n    namespaced: ${written}\n`).rules[0]?.resources.namespaced).toBe(
      expected,
    );
  });

  it.each([
    ['!!binary aMOp', 'hé'],
    ['!!str 5', '5'],
    ['2001-01-01', '2001-01-01'],
    ['~', ''],
    ['"~"', '~'],
    ['"\\u00e9\\x41"', 'éA'],
    ["'it''s'", "it's"],
    ['|\n   a\n    b\n', 'a\n b\n'],
    ['>-\n   a\n   b\n', 'a b'],
    ['a\n   b', 'a b'],
  ])('reads the string %j', (written, expected) => {
    expect(parse(`rules:\n- seriesQuery: ${written}\n`).rules[0]?.seriesQuery).toBe(expected);
  });

  it('names a binary that is no text as not supported', () => {
    expect(() => parse('rules: [{seriesQuery: !!binary /w==}]')).toThrow(NotSupportedError);
  });

  it('reads the first document only, and tells where the second begins', () => {
    const config = parse('rules: []\n---\nrules: [\n');
    expect(config.rules).toEqual([]);
    expect(config.ignoredFrom).toEqual({ line: 2, column: 1 });
  });

  it('tells where fields stand', () => {
    const { places } = parse(full);
    expect(places.get('rules[0].metricsQuery')).toEqual({ line: 11, column: 17 });
    expect(places.get('rules[0].seriesFilters[0].isNot')).toEqual({ line: 4, column: 12 });
    expect(places.get('rules[0].resources.overrides.ing')).toEqual({ line: 9, column: 12 });
    expect(places.get('rules[0].nothing')).toBeUndefined();
  });

  it('takes policies of a rule before those of the file', () => {
    const { rules } = parse(`rules:
- plimsoll: {nan: zero, duplicates: sum}
- seriesQuery: x
plimsoll: {nan: skip, objectNames: literal}
`);
    expect(rules.map((rule) => rule.policies)).toEqual([
      { ...policies, objectNames: 'literal', nan: 'zero', duplicates: 'sum' },
      { ...policies, objectNames: 'literal', nan: 'skip' },
    ]);
  });

  it('stops at a file that aliases make huge', () => {
    const levels = Array.from({ length: 9 }, (_, level) =>
      level === 0
        ? '- &a0 {is: x}'
        : `- &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`,
    );
    expect(() => parse(`rules: [${'{seriesFilters: *f}, '.repeat(2)}]`)).toThrow("unknown anchor 'f'");
    const many = `rules:\n- seriesFilters: &f [${'{is: x}, '.repeat(300)}]\n${'- seriesFilters: *f\n'.repeat(400)}`;
    expect(() => parse(many)).toThrow('document contains excessive aliasing');
    expect(() => parse(`rules:\n${levels.join('\n')}\n`)).toThrow(UsageError);
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
        const read = content(stringify(written, { version: '1.1' }));
        const expected = (rules: typeof written.rules): object[] =>
          rules.map((one) => ({ ...one, policies, settings }));
        expect(read).toEqual({
          where: 'config.yaml',
          rules: expected(written.rules),
          externalRules: expected(written.externalRules),
          sources: new Map(),
        });
      }),
    );
  });
});
