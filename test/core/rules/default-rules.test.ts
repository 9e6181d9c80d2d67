import { UsageError } from '../../../core/errors';
import {
  compileResourceRules,
  compileRules,
  defaultRules,
  parseAdapterConfig,
  STRICT_POLICIES,
  UPSTREAM_POLICIES,
} from '../../../core/rules';
import { usual } from './mapper';

const options = { labelPrefix: 'kube_', rateIntervalMs: 300_000 };

describe('defaultRules', () => {
  const config = parseAdapterConfig(defaultRules(options), 'generated');

  it('are six rules that compile', () => {
    expect(compileRules(config, usual).map(({ path }) => path)).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => `rules[${index}]`),
    );
  });

  it('choose the strict policies, and can leave them to upstream', () => {
    expect(config.rules.map(({ policies }) => policies)).toEqual(Array(6).fill(STRICT_POLICIES));
    const plain = defaultRules({ ...options, upstreamOnly: true });
    expect(plain).not.toContain('plimsoll');
    expect(parseAdapterConfig(plain, 'generated').rules[0]?.policies).toEqual(UPSTREAM_POLICIES);
  });

  it('take the prefix and the interval', () => {
    expect(config.rules[4]).toMatchObject({
      seriesQuery: '{kube_namespace!="",__name__!~"^container_.*"}',
      seriesFilters: [{ isNot: '.*_seconds_total' }],
      resources: { template: 'kube_<<.Resource>>' },
      name: { matches: '^(.*)_total$' },
      metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[5m])) by (<<.GroupBy>>)',
    });
    expect(config.resourceRules).toMatchObject({
      windowMs: 300_000,
      cpu: { containerLabel: 'kube_container' },
    });
  });

  it.each([
    [1, '1ms'],
    [90_000, '1m30s'],
    [86_400_000, '1d'],
    [604_800_000, '1w'],
    [691_200_000, '8d'],
    [31_536_000_000, '1y'],
  ])('write %d milliseconds as %s', (rateIntervalMs, text) => {
    expect(defaultRules({ ...options, rateIntervalMs })).toContain(`window: ${text}\n`);
  });

  it.each([0, -1, Number.NaN])('refuse an interval of %d', (rateIntervalMs) => {
    expect(() => defaultRules({ ...options, rateIntervalMs })).toThrow(UsageError);
  });

  it('ask for usage as upstream does', () => {
    const queries = compileResourceRules(config, usual);
    expect(queries?.cpu.forPods('shop', ['a', 'b'])).toBe(
      'sum(rate(container_cpu_usage_seconds_total{namespace="shop",pod=~"a|b"}[5m])) by (pod,kube_container)',
    );
    expect(queries?.memory.forNodes(['n1'])).toBe(
      `sum(container_memory_working_set_bytes{instance="n1",id='/'}) by (instance)`,
    );
    expect([queries?.cpu.podLabel, queries?.cpu.nodeLabel]).toEqual(['pod', 'instance']);
  });

  it('take the names of nodes literally, by policy', () => {
    const nodes = ['ip-10-0-0-1.ec2.internal', 'b'];
    expect(compileResourceRules(config, usual)?.memory.forNodes(nodes)).toContain(
      'instance=~"ip-10-0-0-1\\\\.ec2\\\\.internal|b"',
    );
    const plain = parseAdapterConfig(defaultRules({ ...options, upstreamOnly: true }), 'generated');
    expect(compileResourceRules(plain, usual)?.memory.forNodes(nodes)).toContain(
      'instance=~"ip-10-0-0-1.ec2.internal|b"',
    );
  });

  it('are nothing to ask with for a file without resource rules', () => {
    expect(compileResourceRules(parseAdapterConfig('rules: []', 'x'), usual)).toBeUndefined();
  });
});
