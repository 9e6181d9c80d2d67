import { Queries } from '../../../../apps/adapter/queries';
import { UsageValues } from '../../../../apps/adapter/service/usage-values';
import { route, type NodeMetricsRoute, type PodMetricsRoute } from '../../../../core/adapter/api';
import { ApiResources } from '../../../../core/kube/api-resources';
import { compileResourceRules, defaultRules, parseAdapterConfig, RestMapper } from '../../../../core/rules';

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

function usageRoute(target: string): PodMetricsRoute | NodeMetricsRoute {
  const routed = route('GET', target);
  if (routed.kind !== 'pod-metrics' && routed.kind !== 'node-metrics') throw new Error(routed.kind);
  return routed;
}
