import Ajv from 'ajv';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parse as parseYaml, stringify } from 'yaml';
import { configReference, configSchema, defaultRules, parseAdapterConfig } from '../../../core/rules';

const isValid = new Ajv({ allowUnionTypes: true }).compile(configSchema());

function accepts(text: string): boolean {
  return isValid(parseYaml(text, { version: '1.1', merge: true }) as unknown);
}

function isRead(text: string): boolean {
  try {
    parseAdapterConfig(text, 'config.yaml');
    return true;
  } catch {
    return false;
  }
}

const EVERYTHING = `
rules:
- seriesQuery: a
  seriesFilters: [{is: b}, {isNot: c}]
  resources: {template: <<.Resource>>, overrides: {x: {group: apps, resource: deployment}}, namespaced: no}
  name: {matches: d, as: e}
  metricsQuery: f
  plimsoll: {nan: skip, infinity: clamp, conflicts: refuse, duplicates: sum, objectNames: literal, source: m, fusion: off}
externalRules:
resourceRules:
  cpu: {containerQuery: a, nodeQuery: b, resources: {}, containerLabel: c}
  window: 1h30m
  plimsoll: {freshness: 0}
plimsoll:
  maxAge: 1d
  staleness: {maxSampleAge: 90s, action: skip}
  sources:
    m: {url: http://m, verb: GET, timeout: 5s, concurrency: 3, headers: {A: b, C: [d, e]}, tenant: t}
    n: {url: https://n, tls: {caFile: a}, basic: {username: u, passwordFile: f}}
    o: {url: https://n, oauth2: {tokenUrl: http://t, clientId: c, clientSecretFile: f, scopes: [s], parameters: {p: q}}}
    p: {url: https://n, sigv4: {region: r, service: s}}
    q: {url: https://n, bearerTokenFile: t}
`;

describe('the JSON schema of the configuration', () => {
  it.each([
    ['every field', EVERYTHING],
    ['the default rules', defaultRules({ labelPrefix: 'kube_', rateIntervalMs: 60_000 })],
    ['the example of the documentation', readFileSync('docs/rules/adapter.yaml', 'utf8')],
    ['nothing', '{}'],
    ['numbers where text is wanted', 'rules: [{seriesQuery: 5, metricsQuery: yes, name: {as: 1.5}}]'],
  ])('takes %s, as the reader does', (_, text) => {
    expect(isRead(text)).toBe(true);
    accepts(text);
    expect(isValid.errors).toBeNull();
  });

  it.each([
    ['rules: {}'],
    ['rules: [x]'],
    ['rule: []'],
    ['rules: [{seriesquery: a}]'],
    ['rules: [{seriesQuery: [a]}]'],
    ['rules: [{seriesFilters: [{isnt: a}]}]'],
    ['rules: [{resources: {namespaced: maybe}}]'],
    ['rules: [{resources: {overrides: [pod]}}]'],
    ['rules: [{resources: {overrides: {pod: pod}}}]'],
    ['rules: [{plimsoll: {nan: one}}]'],
    ['rules: [{plimsoll: {sources: {}}}]'],
    ['resourceRules: {plimsoll: {maxAge: 1m}}'],
    ['resourceRules: {plimsoll: {conflicts: refuse}}'],
    ['resourceRules: {window: 5}'],
    ['resourceRules: {window: 1m1h}'],
    ['plimsoll: {freshness: 5 s}'],
    ['plimsoll: {freshness: 5}'],
    ['plimsoll: {fusion: true}'],
    ['plimsoll: {staleness: 5m}'],
    ['plimsoll: {sources: {a: {url: http://a, timeOut: 5s}}}'],
    ['plimsoll: {sources: {a: {url: http://a, concurrency: 0}}}'],
    ['plimsoll: {sources: {a: {url: http://a, headers: {A: {b: c}}}}}'],
    ['plimsoll: {sources: {a: {url: http://a, tls: {insecureSkipVerify: true}}}}'],
  ])('refuses %s, as the reader does', (text) => {
    expect(isRead(text)).toBe(false);
    expect(accepts(text)).toBe(false);
  });

  it('takes whatever the reader takes', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.integer(), fc.boolean());
    const rule = fc.record(
      {
        seriesQuery: text,
        seriesFilters: fc.array(fc.record({ is: text }), { maxLength: 2 }),
        resources: fc.record({ template: text, namespaced: fc.boolean() }, { requiredKeys: [] }),
        name: fc.record({ matches: text, as: text }, { requiredKeys: [] }),
        metricsQuery: text,
        plimsoll: fc.record({
          freshness: fc.constantFrom('5s', '1m', '1x', ''),
          nan: fc.constantFrom('skip', 'no'),
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.record({ rules: fc.array(rule, { maxLength: 3 }) }), (config) => {
        const written = stringify(config, { version: '1.1' });
        fc.pre(isRead(written));
        expect(accepts(written)).toBe(true);
      }),
    );
  });

  it('says what each field is for', () => {
    expect(configSchema()).toMatchObject({
      properties: {
        plimsoll: {
          properties: {
            fusion: {
              description: expect.stringMatching(
                /^`auto` answers several requests .* Without it: auto\.$/,
              ) as string,
            },
          },
        },
      },
    });
  });
});

describe('the reference of the configuration', () => {
  const reference = configReference();

  it('has a table for each mapping, once', () => {
    const titles = [...reference.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    expect(titles.slice(0, 2)).toEqual(['The file', '`rules[]`, `externalRules[]`']);
    expect(titles).toContain('`plimsoll.sources.NAME.oauth2`');
    expect(titles).toEqual(expect.arrayContaining(['`rules[].plimsoll`', '`resourceRules.plimsoll`']));
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('has a row for each field, with its default', () => {
    expect(reference).toContain('| `timeout` | duration such as `90s` or `1h30m` | 30s | For one query. |');
    for (const row of reference.split('\n').filter((line) => line.startsWith('| `'))) {
      expect(row.replaceAll(String.raw`\|`, '').split('|')).toHaveLength(6);
      expect(row).toMatch(/\.\s\|$/);
    }
  });
});
