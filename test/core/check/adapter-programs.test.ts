import { checkObjects, type Finding } from '../../../core/check';
import { chain, type Edit } from './fixture';

const UPSTREAM = 'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0';
const RULES = 'ConfigMap monitoring/adapter-rules';
const FIRST = '- seriesQuery: hubble_http_requests_total';

/** What checks say of the same objects behind either adapter, if that is of one of these checks. */
function findings(ids: readonly string[], ...edits: readonly Edit[]) {
  const behind = (image: string): readonly Finding[] => {
    const swapped = { object: 'Deployment monitoring/adapter', replace: UPSTREAM, by: image };
    return checkObjects(chain([swapped, ...edits])).filter(({ check }) => ids.includes(check));
  };
  return { upstream: behind(UPSTREAM), ours: behind('plimsoll/adapter:0.1.0') };
}

describe('what checks say of either adapter', () => {
  const METRIC_CHECKS = ['adapter-misconfigured', 'metric-not-verified', 'series-not-scraped'];

  it('a rule that cannot be compiled ends prometheus-adapter, and is one rule less of ours', () => {
    const by = `- seriesQuery: orders_total
        resources: { overrides: { widget: { resource: widget } } }
        metricsQuery: sum(<<.Series>>)
      ${FIRST}`;
    const { upstream, ours } = findings(METRIC_CHECKS, { object: RULES, replace: FIRST, by });
    expect(upstream.map(({ check }) => check)).toContain('metric-not-verified');
    expect(ours).toMatchObject([
      { check: 'adapter-misconfigured', severity: 'error', object: { name: 'adapter-rules' } },
    ]);
    expect(ours[0]?.message).toMatch(/rules\[0\].*widget.*; the adapter serves nothing of rules\[0\]/);
  });

  it('so does a selector that Prometheus refuses', () => {
    const by = `- seriesQuery: orders_total{
        resources: { template: <<.Resource>> }
        metricsQuery: sum(<<.Series>>)
      ${FIRST}`;
    const { upstream, ours } = findings(METRIC_CHECKS, { object: RULES, replace: FIRST, by });
    expect(upstream.map(({ check }) => check)).toContain('metric-not-verified');
    expect(ours).toMatchObject([{ check: 'adapter-misconfigured' }]);
    expect(ours[0]?.message).toContain('rules[0]: seriesQuery orders_total{');
  });

  it('a section plimsoll is read by ours alone', () => {
    const edit = { object: RULES, replace: '    rules:\n', by: '    plimsoll: { nan: skip }\n    rules:\n' };
    const { upstream, ours } = findings(['adapter-misconfigured'], edit);
    expect(ours).toEqual([]);
    expect(upstream.map(({ message }) => message)).toEqual([
      expect.stringContaining('prometheus-adapter exits at a key that it does not know'),
    ]);
  });

  it('a label that is called plimsoll is no section', () => {
    const edit = {
      object: RULES,
      replace: 'destination_pod: { resource: pod }',
      by: 'destination_pod: { resource: pod }, plimsoll: { resource: service }',
    };
    const inBraces = { ...edit, by: `${edit.replace}\n            plimsoll: { resource: service }` };
    expect(findings(['adapter-misconfigured'], inBraces).upstream).toEqual([]);
  });

  it('a metric whose series nobody exports is missing behind either, listed or not', () => {
    const edits = [
      { object: RULES, replace: 'echo_requests_total', by: 'echo_requests_total_of_nobody' },
    ] as const;
    const { upstream, ours } = findings(['series-not-scraped'], ...edits);
    expect(upstream).toHaveLength(1);
    expect(ours).toEqual(upstream);
  });

  it('ours watches the pods of all namespaces', () => {
    const edit = {
      object: 'ClusterRole adapter-reader',
      replace: 'verbs: [get, list, watch]',
      by: 'verbs: [get, list]',
    };
    const { upstream, ours } = findings(['adapter-access'], edit);
    expect(upstream).toEqual([]);
    expect(ours.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('ServiceAccount monitoring/adapter may not watch pods'),
      ]),
    );
  });
});
