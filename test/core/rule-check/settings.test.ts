import { ApiResources } from '../../../core/kube/api-resources';
import { checkRules } from '../../../core/rule-check';

const OBJECTS = 'resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}';
const RATE = 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)';

/** One rule with nothing wrong, and a further field. */
function rule(more = '', query = RATE): string {
  const lines = ['seriesQuery: hits_total{pod!=""}', OBJECTS, `metricsQuery: ${query}`, more];
  return `rules:\n- ${lines.filter((line) => line !== '').join('\n  ')}\n`;
}

/** The ids of what is found, with line and column. */
function found(text: string): string[] {
  const options = { resources: ApiResources.builtin(), scrapeIntervalMs: 30_000 };
  return checkRules({ text, where: 'config.yaml' }, options).findings.map(
    ({ check, line, column }) => `${check} ${line}:${column}`,
  );
}

describe('checks of what upstream does not know', () => {
  const section = (text: string): string => `${rule()}plimsoll: ${text}\n`;
  const AT = 5;

  it.each<[string, string, string[]]>([
    [
      'a source that nobody reads',
      section('{source: a, sources: {a: {url: http://a}, b: {url: http://b}}}'),
      [`source-unused ${AT}:53`],
    ],
    ['a source that is not there', section('{source: a}'), [`config-unreadable ${AT}:20`]],
    [
      'a source that is not there beside another mistake',
      `${rule('plimsoll: {source: a}')}plimsoll: {sources: {a: {url: http://a, basic: {username: u}}}}\n`,
      ['config-unreadable 6:48', 'source-in-clear 6:31'],
    ],
    [
      'a token in clear text',
      section('{source: a, sources: {a: {url: http://a, bearerTokenFile: /t}}}'),
      [`source-in-clear ${AT}:42`],
    ],
    [
      'a header with credentials in clear text',
      section('{source: a, sources: {a: {url: http://a, headers: {authorization: Basic x}}}}'),
      [`source-in-clear ${AT}:42`],
    ],
    [
      'no credentials in clear text',
      section('{source: a, sources: {a: {url: https://a, bearerTokenFile: /t}}}'),
      [],
    ],
    ['series that are listed too shortly', section('{maxAge: 45s}'), [`max-age-short ${AT}:20`]],
    [
      'an age that a scrape exceeds',
      section('{staleness: {maxSampleAge: 45s}}'),
      [`sample-age-short ${AT}:38`],
    ],
    ['an age that cannot be', section('{staleness: {maxSampleAge: 1h}}'), [`sample-age-long ${AT}:38`]],
    [
      'good settings',
      section('{maxAge: 10m, staleness: {maxSampleAge: 2m}, freshness: 0s, fusion: off}'),
      [],
    ],
    [
      'an age that cannot be asked for',
      rule(
        'plimsoll: {staleness: {maxSampleAge: 2m}}',
        'max(max_over_time(rate(<<.Series>>{<<.LabelMatchers>>}[2m])[10m:1m])) by (<<.GroupBy>>)',
      ),
      ['sample-age-unknown 4:17'],
    ],
  ])('find %s', (_, text, findings) => {
    expect(found(text).sort()).toEqual(findings);
  });
});
