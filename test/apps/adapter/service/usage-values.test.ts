import { Queries } from '../../../../apps/adapter/queries';
import { UsageValues } from '../../../../apps/adapter/service/usage-values';
import { route, type NodeMetricsRoute, type PodMetricsRoute } from '../../../../core/adapter/api';
import { proveFusion } from '../../../../core/adapter/fusion/prove';
import { ApiResources } from '../../../../core/kube/api-resources';
import { compileResourceRules, defaultRules, parseAdapterConfig, RestMapper } from '../../../../core/rules';
import { TestSource } from '../queries/source';

jest.mock('../../../../core/adapter/fusion/prove', () => {
  const actual = jest.requireActual<Record<string, (...given: unknown[]) => unknown>>(
    '../../../../core/adapter/fusion/prove',
  );
  return { ...actual, proveFusion: jest.fn(actual['proveFusion']) };
});

const config = parseAdapterConfig(
  defaultRules({ labelPrefix: '', rateIntervalMs: 300_000, upstreamOnly: true }),
  'config.yaml',
);
const rules = compileResourceRules(config, new RestMapper(ApiResources.builtin()));
if (!rules) throw new Error('the default rules have resourceRules');
const queries = new Queries({
  source: () => undefined,
  now: () => 0,
  stop: new AbortController().signal,
  ...{ onQuery: () => {}, onResult: () => {}, onFusedQuery: () => {}, onFusedRequest: () => {} },
});
const usage = new UsageValues({
  queries,
  now: () => 0,
  onSampleAge: () => {},
  objects: {
    runningPods: () => Promise.resolve([]),
    runningPod: () => Promise.resolve(undefined),
    nodes: () => Promise.resolve([]),
    node: () => Promise.resolve(undefined),
  },
});
const signal = new AbortController().signal;

test('of what is not there upstream says another word than of what has no metrics', async () => {
  const pod = usageRoute('/apis/metrics.k8s.io/v1beta1/namespaces/a/pods/b');
  const node = usageRoute('/apis/metrics.k8s.io/v1beta1/nodes/b');
  if (pod.kind !== 'pod-metrics' || node.kind !== 'node-metrics') throw new Error('the other kind');
  expect(await usage.pods(rules, pod, signal)).toEqual({
    ...{ code: 404, reason: 'NotFound', message: 'pods "b" not found' },
    details: { name: 'b', group: '', kind: 'pods' },
  });
  expect(await usage.nodes(rules, node, signal)).toMatchObject({ message: 'node "b" not found' });
});

test('a list of nothing is empty', async () => {
  const pods = usageRoute('/apis/metrics.k8s.io/v1beta1/pods');
  if (pods.kind !== 'pod-metrics') throw new Error('the other kind');
  expect(await usage.pods(rules, pods, signal)).toMatchObject({ kind: 'usage', items: [] });
});

/** @param alternation what a condition says; without one everything is in it */
function isIn(alternation: RegExpExecArray | null, value: string): boolean {
  return !alternation || alternation[1]?.split('|').includes(value) === true;
}

function usageRoute(target: string): PodMetricsRoute | NodeMetricsRoute {
  const routed = route('GET', target);
  if (routed.kind !== 'pod-metrics' && routed.kind !== 'node-metrics') throw new Error(routed.kind);
  return routed;
}

describe('queries for pods', () => {
  const CONFIG = (more: string) => `resourceRules:
  cpu: &usage
    containerQuery: sum by (<<.GroupBy>>) (cpu{<<.LabelMatchers>>})
    nodeQuery: node_cpu
    resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}}}
    containerLabel: container
  memory: *usage
  plimsoll: {${more}}
`;

  function world(pods: readonly string[], more = '') {
    const own = compileResourceRules(
      parseAdapterConfig(CONFIG(more), 'config'),
      new RestMapper(ApiResources.builtin()),
    );
    if (!own) throw new Error('the file has resourceRules');
    const source = new TestSource();
    const there = pods.map((path) => {
      const [namespace = '', name = ''] = path.split('/');
      return { namespace, name, labels: {}, createdMs: 0 };
    });
    source.answer = (query) => ({
      type: 'vector',
      samples: there
        .filter(({ namespace }) => isIn(/namespace=~?"([^"]*)"/.exec(query), namespace))
        .filter(({ name }) => isIn(/pod=~?"([^"]*)"/.exec(query), name))
        .map(({ namespace, name }) => ({ labels: { namespace, pod: name, container: 'c' }, value: 1 })),
    });
    const values = new UsageValues({
      ...{ queries: source.queries, now: () => source.now, onSampleAge: () => undefined },
      objects: {
        runningPods: (wanted) =>
          Promise.resolve(there.filter(({ namespace }) => !wanted || namespace === wanted)),
        runningPod: () => Promise.resolve(undefined),
        nodes: () => Promise.resolve([]),
        node: () => Promise.resolve(undefined),
      },
    });
    return {
      source,
      ask: async (namespace: string) => {
        const pod = usageRoute(`/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`);
        if (pod.kind !== 'pod-metrics') throw new Error('the other kind');
        return values.pods(own, pod, signal);
      },
    };
  }

  it('are planned once for the same pods', async () => {
    const { ask } = world(['a/web-0', 'a/web-1']);
    const proven = jest.mocked(proveFusion);
    await ask('a');
    const before = proven.mock.calls.length;
    expect(before).toBeGreaterThan(0);
    expect(await ask('a')).toMatchObject({ items: [{ name: 'web-0' }, { name: 'web-1' }] });
    expect(proven.mock.calls).toHaveLength(before);
  });

  it('keep pods of one name in two namespaces apart', async () => {
    const { ask, source } = world(['a/web-0', 'b/web-0', 'c/other-0']);
    await ask('c');
    for (const namespace of ['a', 'b', 'a', 'b']) {
      expect(await ask(namespace)).toMatchObject({ items: [{ namespace, name: 'web-0' }] });
      source.now += 8000;
    }
  });

  const many = Array.from({ length: 5000 }, (_, index) => `a/${`pod-${index}-`.padEnd(240, 'x')}`);

  it('are split if there are many pods and that is the same', async () => {
    const { ask, source } = world(many);
    const { answer } = source;
    source.answer = (query) => (query.includes('pod!=""') ? { error: 'too much' } : answer(query));
    expect(await ask('a')).toMatchObject({ kind: 'usage' });
    const alone = source.asked.filter((query) => query.includes('pod=~'));
    expect(alone.length).toBeGreaterThan(10);
    for (const query of alone) expect(query.length).toBeLessThanOrEqual(64 * 1024);
  });

  it('are not sent if they are too long and cannot be split', async () => {
    const { ask, source } = world(many, 'fusion: off');
    expect(await ask('a')).toMatchObject({
      code: 500,
      message: expect.stringMatching(
        /: pods in namespace a: the cpu query cannot be sent: the query is \d+ bytes long, more than the 1048576 that are sent, and it cannot be split, because the rule says fusion: off: ask for fewer objects$/,
      ) as string,
    });
    expect(source.asked).toEqual([]);
  });
});
