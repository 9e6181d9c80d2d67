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

describe('rules that read from a source of their own', () => {
  const OURS = {
    object: 'Deployment monitoring/adapter',
    replace: UPSTREAM,
    by: 'plimsoll/adapter:0.1.0',
  };
  const IN_CLUSTER = 'http://prometheus.monitoring.svc:9090/';
  const CHECKS = [
    'adapter-misconfigured',
    'adapter-not-understood',
    'hop-blocked',
    'metric-not-verified',
    'prometheus-unreachable',
    'series-not-scraped',
    'rate-window-too-short',
  ];

  /** The rule of Hubble's series with a source, and the edits. */
  function summary(url: string, edits: readonly Edit[] = [], added = '') {
    const sources: Edit = {
      object: RULES,
      replace: '    rules:\n',
      by: `    plimsoll: { sources: { other: { url: '${url}' } } }\n    rules:\n`,
    };
    const named: Edit = {
      object: RULES,
      replace: FIRST,
      by: FIRST.replace('- ', '- plimsoll: { source: other }\n        '),
    };
    return checkObjects(chain([OURS, sources, named, ...edits], added))
      .filter(({ check }) => CHECKS.includes(check))
      .map(({ check, object: { kind, name }, message }) => `${check} ${kind} ${name}: ${message}`);
  }

  it('that is the same Prometheus: nothing is wrong', () => {
    expect(summary(IN_CLUSTER)).toEqual([]);
  });

  it('in the cluster, while the flags lead out of it: only the other rules are not verified', () => {
    const outside = {
      object: 'Deployment monitoring/adapter',
      replace: IN_CLUSTER,
      by: 'https://metrics.example.com/',
    };
    const found = summary(IN_CLUSTER, [outside]);
    expect(found).toContainEqual(expect.stringMatching(/^adapter-not-understood Deployment adapter: /));
    expect(found.filter((line) => line.startsWith('metric-not-verified'))).toEqual([
      expect.stringContaining('metric "echo'),
    ]);
  });

  it('out of the cluster: its metrics are not verified, the others are', () => {
    const found = summary('https://mimir.example.com/prometheus');
    expect(found).toEqual([
      expect.stringMatching(
        /^adapter-not-understood ConfigMap adapter-rules: plimsoll.sources.other.url leads out of the cluster/,
      ),
      expect.stringMatching(/^metric-not-verified .*: where metric "requests_per_second" comes from/),
    ]);
    expect(found[1]).toContain('the source of rules[0], other, leads out of the cluster');
  });

  it.each([
    ['a Service that is not there', 'http://gone.monitoring.svc:9090/', 'which does not exist'],
    ['a path that it has not', `${IN_CLUSTER}prometheus/`, 'not below /prometheus/'],
    ['another scheme', IN_CLUSTER.replace('http', 'https'), 'it serves http, not https'],
  ])('at %s', (_, url, message) => {
    expect(summary(url)).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^prometheus-unreachable ConfigMap adapter-rules: plimsoll.sources.other.url .*${message}`,
        ),
      ),
    );
  });

  it('that is another Prometheus: its series count alone, and the adapter must reach it', () => {
    const second = `apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: second, namespace: shop }
spec: { version: v3.14.0, serviceAccountName: default }
`;
    const found = summary('http://prometheus-operated.shop.svc:9090', [], second);
    expect(found).toEqual([
      expect.stringContaining(
        'hubble_http_requests_total, but Prometheus shop/second does not get it from DaemonSet kube-system/cilium',
      ),
      expect.stringMatching(
        /^hop-blocked .* Deployment monitoring\/adapter → StatefulSet shop\/prometheus-second/,
      ),
    ]);
  });
});
