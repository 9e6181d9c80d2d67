import { Explanations } from '../../../../apps/adapter/service/explanations';
import { MetricValues } from '../../../../apps/adapter/service/metric-values';
import { usageExplanation } from '../../../../apps/adapter/service/usage-explanation';
import { UsageValues } from '../../../../apps/adapter/service/usage-values';
import { Registry, type QueryOutcome, type QuerySample } from '../../../../core/adapter';
import { planNodeUsage, route } from '../../../../core/adapter/api';
import { ApiResources } from '../../../../core/kube/api-resources';
import { adapterExplanation } from '../../../../core/rule-explain';
import { compileResourceRules, parseAdapterConfig, RestMapper } from '../../../../core/rules';
import { TestSource } from '../queries/source';

const CONFIG = `rules:
- seriesQuery: hits
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})
`;
const registry = Registry.tolerant(parseAdapterConfig(CONFIG, 'config'), ApiResources.builtin(), {
  gate: 'named',
  rootScope: 'cluster',
});
const PODS = '/explain/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods';
const signal = new AbortController().signal;

async function explained(
  target: string,
  pods: readonly string[],
  answer: (query: string) => QueryOutcome,
  of = registry,
) {
  const source = new TestSource();
  source.answer = answer;
  const unused = () => Promise.reject(new Error('nothing of this is asked for'));
  const explanations = new Explanations({
    registry: () => of,
    objects: { names: () => Promise.resolve(pods) },
    usage: new UsageValues({
      ...{ queries: source.queries, now: () => source.now, onSampleAge: () => undefined },
      objects: { runningPods: unused, runningPod: unused, nodes: unused, node: unused },
    }),
    source: () => ({
      query: (text) => source.query(text),
      labelValues: () => Promise.resolve({ values: [] }),
    }),
    maxAgeMs: 600_000,
    now: () => source.now,
  });
  const routed = route('GET', target);
  if (routed.kind !== 'explain') throw new TypeError(routed.kind);
  const said = await explanations.explain(routed, signal);
  if (typeof said !== 'string') throw new TypeError(said.message);
  const explanation = adapterExplanation.parse(JSON.parse(said));
  if (explanation.kind !== 'MetricExplanation') throw new TypeError(explanation.kind);
  return explanation;
}

/** Values of 1, of samples so many seconds old. */
function aged(ages: ReadonlyMap<string, number>) {
  return (query: string): QueryOutcome => ({
    type: 'vector',
    samples: [...ages].map(([pod, age]) => ({
      labels: { pod },
      value: query.includes('timestamp') ? 1000 - age : 1,
    })),
  });
}

describe('the age of the newest sample of several objects', () => {
  it('is that of the one that lags behind, which is named', async () => {
    const ages = new Map(['a', 'b', 'c'].map((pod, index) => [pod, [10, 90, 40][index] ?? 0]));
    expect(await explained(`${PODS}/*/hits`, ['a', 'b', 'c'], aged(ages))).toMatchObject({
      newestSample: { ageSeconds: 90, object: 'b' },
    });
  });

  it('is told of as many as there are', async () => {
    const names = Array.from({ length: 150_000 }, (_, index) => `pod-${index}`);
    const ages = new Map(names.map((name) => [name, 10]));
    const { newestSample, values } = await explained(`${PODS}/pod-1/hits`, [], aged(ages));
    expect([newestSample, values.length]).toEqual([{ ageSeconds: 10, object: 'pod-0' }, 1]);
  });
});

describe('objects that are not there', () => {
  it.each([
    ['', 'the cluster has no pods in namespace shop'],
    ['?labelSelector=app%3Dweb', 'the cluster has no pods in namespace shop with the labels app=web'],
  ])('are what is missing, with the selector %j', async (query, text) => {
    const { missing } = await explained(`${PODS}/*/hits${query}`, [], aged(new Map()));
    expect(missing).toEqual({ reason: 'no-objects', text });
  });
});

test('a query that was split for its length has the results of all parts, however many', async () => {
  const source = new TestSource();
  const names = Array.from({ length: 6000 }, (_, index) => `pod-${index}`.padEnd(30, '0'));
  source.answer = (query) => ({
    type: 'vector',
    samples: names.flatMap((pod): QuerySample[] =>
      query.includes(pod) ? Array<QuerySample>(120).fill({ labels: { pod }, value: 1 }) : [],
    ),
  });
  const values = new MetricValues({
    ...{ registry: () => registry, queries: source.queries, now: () => source.now },
    objects: { known: () => names, names: () => Promise.resolve(names) },
    ...{ look: () => false, onSampleAge: () => undefined },
  });
  const target = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/*/hits';
  const routed = route('GET', target);
  if (routed.kind !== 'custom') throw new TypeError(routed.kind);
  // One query for all is refused, so that each request has its own.
  const { answer } = source;
  source.answer = (query) => (query.includes('pod!=""') ? { error: 'too many samples' } : answer(query));
  const answered = await values.custom(routed, target, { signal });
  expect(source.asked.length).toBeGreaterThan(2);
  expect(answered).toMatchObject({ kind: 'custom' });
  expect('items' in answered && answered.items.length).toBe(6000);
});

describe('a query that is too long and cannot be split', () => {
  const own = Registry.tolerant(
    parseAdapterConfig(`${CONFIG}  plimsoll: {fusion: off}\n`, 'config'),
    ApiResources.builtin(),
    { gate: 'named', rootScope: 'cluster' },
  );
  const names = Array.from({ length: 5000 }, (_, index) => `pod-${index}-`.padEnd(240, 'x'));

  test('is not sent, and the answer says why', async () => {
    const source = new TestSource();
    const values = new MetricValues({
      ...{ registry: () => own, queries: source.queries, now: () => source.now },
      objects: { known: () => names, names: () => Promise.resolve(names) },
      ...{ look: () => false, onSampleAge: () => undefined },
    });
    const target = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/*/hits';
    const routed = route('GET', target);
    if (routed.kind !== 'custom') throw new TypeError(routed.kind);
    expect(await values.custom(routed, target, { signal })).toMatchObject({
      code: 500,
      message: expect.stringMatching(
        /^Internal error occurred: unable to fetch metrics: the query is \d+ bytes long, more than the 1048576 that are sent, and it cannot be split, because the rule says fusion: off: ask for fewer objects$/,
      ) as string,
    });
    expect(source.asked).toEqual([]);
  });

  test('is what is missing', async () => {
    const answer = (): QueryOutcome => ({ error: 'nothing is to be asked' });
    const { missing } = await explained(`${PODS}/*/hits`, names, answer, own);
    expect(missing).toMatchObject({
      reason: 'query-failed',
      text: expect.stringMatching(/^the query is not sent: .* more than the 1048576 that are sent/) as string,
    });
  });
});

test('what a policy makes of CPU that is no quantity', () => {
  const rules = compileResourceRules(
    parseAdapterConfig(
      `resourceRules:
  cpu: &usage
    nodeQuery: sum by (<<.GroupBy>>) (node_cpu{<<.LabelMatchers>>})
    resources: {overrides: {node: {resource: node}}}
  memory: *usage
  plimsoll: {nan: skip}
`,
      'config',
    ),
    new RestMapper(ApiResources.builtin()),
  );
  const routed = route('GET', '/apis/metrics.k8s.io/v1beta1/nodes');
  if (!rules || routed.kind !== 'node-metrics') throw new TypeError('there are rules of nodes');
  const plan = planNodeUsage(rules, [{ namespace: '', name: 'n1', labels: {} }]);
  const outcome = (value: number): QueryOutcome => ({
    type: 'vector',
    samples: [{ labels: { node: 'n1' }, value }],
  });
  const outcomes = [outcome(Number.NaN), outcome(1), outcome(1)];
  const asked = { plan, outcomes, fusions: [], atMs: 0 };
  expect(usageExplanation(routed, rules.settings, asked)).toMatchObject({
    values: [],
    missing: {
      reason: 'no-quantity',
      text: 'nodes: n1 has cpu of NaN, which is not a quantity, and is left out, as is any other like it',
    },
    notes: ['the cpu query gives NaN with node="n1", for which nan: skip counts'],
  });
});

test('an explanation never shows what is in other namespaces', async () => {
  const asked: string[] = [];
  const { missing } = await explained(`${PODS}/web-1/hits?metricLabelSelector=customer%3Dx`, [], (query) => {
    asked.push(query);
    // Series of the metric exist, in this namespace and in others; none has that customer.
    const none = query.includes('customer="x"');
    const samples = query.startsWith('group') ? [{ labels: { customer: 'mine' }, value: 1 }] : [];
    return {
      type: 'vector',
      samples: none ? [] : [...samples, ...(samples.length > 0 ? [] : [{ labels: {}, value: 1 }])],
    };
  });
  expect(missing?.text).toContain('no series hits has customer="x" (there is mine)');
  const shown = asked.filter((query) => query.startsWith('group'));
  expect(shown.length).toBeGreaterThan(0);
  for (const query of shown) expect(query).toContain('namespace="shop"');
});

test('what a source remarks on its answer is told', async () => {
  const samples = [{ labels: { pod: 'web-1' }, value: 1 }];
  const { notes } = await explained(`${PODS}/web-1/hits`, [], () => ({
    ...{ type: 'vector', samples, warnings: ['store b did not answer'] },
  }));
  expect(notes).toContain('Prometheus remarks on the result: store b did not answer');
});
