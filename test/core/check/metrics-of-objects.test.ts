import { checkObjects, type Finding } from '../../../core/check';
import { chain, summary } from './fixture';

const RULES = 'ConfigMap monitoring/adapter-rules';
const HPA = 'HorizontalPodAutoscaler shop/backend';

describe('the query of a rule', () => {
  const GROUPED = 'sum(rate(<<.Series>>{reporter="server",<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)';
  const RATE = 'rate(<<.Series>>{reporter="server",<<.LabelMatchers>>}[1m])';

  function findings(query: string): readonly Finding[] {
    return checkObjects(chain([{ object: RULES, replace: GROUPED, by: `'${query}'` }])).filter(
      ({ check }) => check === 'query-drops-object',
    );
  }

  it.each<readonly [what: string, query: string]>([
    ['an aggregation of everything', `sum(${RATE})`],
    ['an aggregation by another label', `sum(${RATE}) by (namespace)`],
    ['an aggregation without it', `sum(${RATE}) without (<<.GroupBy>>)`],
    ['an aggregation of an aggregation', `max(sum(${RATE})) by (<<.GroupBy>>)`],
    ['a number', `vector(scalar(sum(${RATE})))`],
    [
      'a match on another label',
      `sum(${RATE}) by (<<.GroupBy>>, method) / on (method) sum(${RATE}) by (method)`,
    ],
    ['the one side of a match', `sum(${RATE}) by (job) * on (job) group_left () sum(${RATE}) by (job)`],
  ])('that loses the label of the pods is found: %s', (_, query) => {
    const [finding, ...more] = findings(query);
    expect(summary(finding ? [finding, ...more] : [])).toEqual([`error query-drops-object ${RULES}`]);
    expect(finding?.message).toContain('rules[0]: the result of its query has no label destination_pod');
    expect(finding?.fix).toContain('group by destination_pod in metricsQuery of rules[0]');
  });

  it.each<readonly [what: string, query: string]>([
    ['no aggregation', RATE],
    ['an aggregation without another', `sum(${RATE}) without (reporter)`],
    ['a function and a number', `clamp_max(-sum(${RATE}) by (<<.GroupBy>>) * 2, 100)`],
    ['a quotient', `sum(${RATE}) by (<<.GroupBy>>) / sum(${RATE}) by (<<.GroupBy>>)`],
    ['a match on it', `${RATE} / on (<<.GroupBy>>) sum(${RATE}) by (<<.GroupBy>>)`],
    ['the many side', `${RATE} * on (reporter) group_left () sum(${RATE}) by (reporter)`],
    [
      'taken over from the one side',
      `sum(${RATE}) by (reporter) * on (reporter) group_left (<<.GroupBy>>) ${RATE}`,
    ],
    ['a union', `sum(${RATE}) or sum(${RATE}) by (<<.GroupBy>>)`],
  ])('that keeps it is fine: %s', (_, query) => {
    expect(findings(query)).toEqual([]);
  });
});

describe('the selector of a metric', () => {
  const METRIC = 'metric: { name: requests_per_second }';

  function findings(selector: string): readonly Finding[] {
    const by = `metric: { name: requests_per_second, selector: ${selector} }`;
    return checkObjects(chain([{ object: HPA, replace: METRIC, by }]));
  }

  it.each<readonly [what: string, selector: string, reason: string]>([
    ['a label that no series has', '{ matchLabels: { code: "200" } }', 'code="200", and no series'],
    ['a value that none has', '{ matchLabels: { job: other } }', 'their job is'],
    [
      'none of several values',
      '{ matchExpressions: [{ key: job, operator: In, values: [a, b] }] }',
      'job=~"a|b"',
    ],
    [
      'the absence of what all have',
      '{ matchExpressions: [{ key: job, operator: DoesNotExist }] }',
      'job=""',
    ],
  ])('that selects nothing is found: %s', (_, selector, reason) => {
    const found = findings(selector);
    expect(summary(found)).toEqual([`error metric-selector-unmet ${HPA}`]);
    expect(found[0]?.message).toContain(reason);
  });

  it.each([
    ['a label of the program', '{ matchLabels: { reporter: client } }'],
    ['a value that is there', '{ matchLabels: { namespace: kube-system } }'],
    ['an empty selector', '{}'],
  ])('that may select something is fine: %s', (_, selector) => {
    expect(summary(findings(selector))).toEqual([]);
  });
});
