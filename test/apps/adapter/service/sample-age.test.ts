import { MetricValues } from '../../../../apps/adapter/service/metric-values';
import { UsageValues } from '../../../../apps/adapter/service/usage-values';
import { Registry, type QueryOutcome } from '../../../../core/adapter';
import { route } from '../../../../core/adapter/api';
import { ApiResources } from '../../../../core/kube/api-resources';
import { parseAdapterConfig } from '../../../../core/rules';
import { TestSource } from '../queries/source';

const CONFIG = `rules:
- seriesQuery: hits
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})
  plimsoll: {staleness: {maxSampleAge: 1m}}
- seriesQuery: misses
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})
resourceRules:
  cpu: &usage
    containerQuery: sum by (<<.GroupBy>>) (cpu{<<.LabelMatchers>>})
    nodeQuery: sum by (<<.GroupBy>>) (node_cpu{<<.LabelMatchers>>})
    resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}}}
    containerLabel: container
  memory: *usage
`;
const OPTIONS = { gate: 'named', rootScope: 'cluster' } as const;
const registry = Registry.tolerant(parseAdapterConfig(CONFIG, 'config'), ApiResources.builtin(), OPTIONS);
const signal = new AbortController().signal;

/** A source whose samples were taken some time before they are asked for. */
function sourceOf(agesMs: Readonly<Record<string, number>>): TestSource {
  const source = new TestSource();
  source.answer = (query): QueryOutcome => ({
    type: 'vector',
    samples: Object.entries(agesMs).map(([name, ageMs]) => ({
      labels: { pod: name, node: name },
      value: query.includes('timestamp') ? (source.now - ageMs) / 1000 : 1,
    })),
  });
  return source;
}

describe('the age of the newest sample', () => {
  async function agesFor(metric: string, agesMs: Readonly<Record<string, number>>) {
    const source = sourceOf(agesMs);
    const told: [string, number][] = [];
    const values = new MetricValues({
      registry: () => registry,
      objects: { known: () => Object.keys(agesMs), names: () => Promise.reject(new Error('known')) },
      look: () => false,
      queries: source.queries,
      now: () => source.now,
      onSampleAge: (rule, ms) => told.push([rule, ms]),
    });
    const target = `/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/${metric}`;
    const routed = route('GET', target);
    if (routed.kind !== 'custom') throw new TypeError(routed.kind);
    await values.custom(routed, target, { signal });
    return told;
  }

  it('is told of the object that lags behind, even if its value is not served', async () => {
    expect(await agesFor('hits', { a: 4000, b: 90_000 })).toEqual([['rules[0]', 90_000]]);
  });

  it('is that of when it was asked for, where the values are newer', async () => {
    const source = sourceOf({ a: 40_000 });
    const told: number[] = [];
    const values = new MetricValues({
      registry: () => registry,
      objects: { known: () => ['a'], names: () => Promise.reject(new Error('known')) },
      look: () => false,
      queries: source.queries,
      now: () => source.now,
      onSampleAge: (_, ms) => told.push(ms),
    });
    const target = '/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/a/hits';
    const routed = route('GET', target);
    if (routed.kind !== 'custom') throw new TypeError(routed.kind);
    const { answer } = source;
    source.answer = (query) => (query.includes('timestamp') ? answer(query) : { error: 'busy' });
    expect(await values.custom(routed, target, { signal })).toMatchObject({ code: 500 });
    source.answer = answer;
    source.now += 7000;
    expect(await values.custom(routed, target, { signal })).toMatchObject({ items: [{}] });
    expect(source.asked.filter((query) => query.includes('timestamp'))).toHaveLength(1);
    expect(told).toEqual([40_000, 40_000]);
  });

  it('is not told where it does not matter, and so is not asked for', async () => {
    expect(await agesFor('misses', { a: 4000 })).toEqual([]);
  });

  it('is not told where there is no sample', async () => {
    expect(await agesFor('hits', {})).toEqual([]);
  });

  it('is told of CPU and memory', async () => {
    const source = sourceOf({ n1: 7000, n2: 3000 });
    const told: [string, number][] = [];
    const nodes = ['n1', 'n2'].map((name) => ({ name, namespace: '', labels: {}, createdMs: 0 }));
    const usage = new UsageValues({
      objects: {
        nodes: () => Promise.resolve(nodes),
        node: () => Promise.resolve(undefined),
        runningPods: () => Promise.resolve([]),
        runningPod: () => Promise.resolve(undefined),
      },
      queries: source.queries,
      now: () => source.now,
      onSampleAge: (rule, ms) => told.push([rule, ms]),
    });
    const routed = route('GET', '/apis/metrics.k8s.io/v1beta1/nodes');
    const { resourceQueries } = registry;
    if (routed.kind !== 'node-metrics' || !resourceQueries) throw new TypeError(routed.kind);
    await usage.nodes(resourceQueries, routed, signal);
    expect(told).toEqual([['resourceRules', 7000]]);
  });
});
