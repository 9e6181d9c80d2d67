import { RequestHeaders, VisibleHeaders } from '../../../../apps/adapter/auth/request-headers';
import { AdapterApi } from '../../../../apps/adapter/service/adapter-api';
import { Documents } from '../../../../apps/adapter/service/documents';
import { Health } from '../../../../apps/adapter/service/health';
import { createLogger } from '../../../../apps/runtime';
import { Registry } from '../../../../core/adapter';
import { route } from '../../../../core/adapter/api';
import { ApiResources } from '../../../../core/kube/api-resources';
import { parseAdapterConfig } from '../../../../core/rules';

const config = parseAdapterConfig(
  `rules:
- seriesQuery: requests
  resources: {template: "<<.Resource>>"}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
`,
  'config.yaml',
);
const registry = Registry.create(config, ApiResources.builtin());
const unused = (): never => {
  throw new Error('nothing of this is asked for');
};
const api = new AdapterApi({
  registry: () => registry,
  documents: new Documents(() => registry, 'v1'),
  metrics: { custom: unused, external: unused },
  usage: { pods: unused, nodes: unused },
  health: new Health(() => []),
  ...{ explain: unused, telemetry: unused, now: unused, onFailure: unused },
  version: '{}',
  logger: createLogger({ level: 'error', write: () => {}, now: () => new Date(0) }),
});

test.each([
  ['what is wrong with a request', '/apis/custom.metrics.k8s.io/v1beta1/namespaces/a/pods/*/m?limit=x', 400],
  ['that a group is not served, whatever else is wrong', '/apis/metrics.k8s.io/v1beta1/pods?limit=x', 404],
  ['that a group is not served', '/apis/metrics.k8s.io/v1beta1/pods/x', 404],
])('it says %s', async (_, target, status) => {
  const reply = await api.handle({
    ...{ method: 'GET', target, routed: route('GET', target) },
    headers: new VisibleHeaders(new RequestHeaders([]), () => false),
    user: { name: 'a', uid: '', groups: [], extra: {} },
    signal: new AbortController().signal,
  });
  expect(reply.status).toBe(status);
});
