import { RequestHeaders, VisibleHeaders } from '../../../../apps/adapter/auth/request-headers';
import { AdapterApi } from '../../../../apps/adapter/service/adapter-api';
import { Documents } from '../../../../apps/adapter/service/documents';
import { Health } from '../../../../apps/adapter/service/health';
import { createLogger } from '../../../../apps/runtime';
import { Registry, type Status } from '../../../../core/adapter';
import { route, type NodeUsage, type UsageAnswer } from '../../../../core/adapter/api';
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
  ...{ explain: unused, telemetry: unused, now: unused, onFailure: unused, onUsageFailure: unused },
  version: '{}',
  logger: createLogger({ level: 'error', write: () => {}, now: () => new Date(0) }),
});

test.each([
  ['what is wrong with a request', '/apis/custom.metrics.k8s.io/v1beta1/namespaces/a/pods/*/m?limit=x', 400],
  ['that a group is not served, whatever else is wrong', '/apis/metrics.k8s.io/v1beta1/pods?limit=x', 404],
  ['that a group is not served', '/apis/metrics.k8s.io/v1beta1/pods/x', 404],
])('it says %s', async (_, target, status) => {
  expect((await get(target)).status).toBe(status);
});

const VALUES = '/apis/custom.metrics.k8s.io/v1beta1/namespaces/a/pods/*/m';
const OPENAPI = '/openapi/v3/apis/custom.metrics.k8s.io/v1beta1';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

describe('what the client takes', () => {
  // Nothing is asked of a source for an answer that nobody takes.
  test.each([VALUES, '/apis', '/openapi/v2', OPENAPI, '/version'])(
    '%s is JSON or nothing',
    async (target) => {
      const { status, type, body } = await get(target, 'application/yaml');
      expect([status, type]).toEqual([406, 'application/json']);
      expect(body.toString()).toContain('only the following media types are accepted: application/json');
    },
  );

  test.each([
    [VALUES, 406],
    ['/apis/custom.metrics.k8s.io', 406],
    ['/openapi/v2', 200],
    [OPENAPI, 200],
    ['/version', 200],
  ])('%s as a table: %d', async (target, status) => {
    expect((await get(target, TABLE)).status).toBe(status);
  });

  test.each(['/', '/healthz'])('%s does not depend on it', async (target) => {
    expect((await get(target, 'text/html')).status).toBe(200);
  });
});

test('a health check that there is not is a path that there is not', async () => {
  expect((await get('/readyz/ping')).status).toBe(200);
  const { status, body } = await get('/readyz/nothing');
  expect([status, body.toString()]).toEqual([404, expect.stringContaining('"kind":"Status"')]);
});

function get(target: string, accept?: string) {
  const headers = accept === undefined ? [] : ['Accept', accept];
  return api.handle({
    ...{ method: 'GET', target, routed: route('GET', target) },
    headers: new VisibleHeaders(new RequestHeaders(headers), () => false),
    user: { name: 'a', uid: '', groups: [], extra: {} },
    signal: new AbortController().signal,
  });
}

describe('CPU and memory that cannot be had', () => {
  const usageConfig = parseAdapterConfig(
    `resourceRules: {cpu: {nodeQuery: 'cpu{<<.LabelMatchers>>}'}, memory: {nodeQuery: m}}`,
    'config.yaml',
  );

  async function failing(answer: UsageAnswer<NodeUsage> | Status, text = usageConfig) {
    const own = Registry.tolerant(text, ApiResources.builtin(), { gate: 'named', rootScope: 'cluster' });
    const told: string[] = [];
    const failingApi = new AdapterApi({
      registry: () => own,
      documents: new Documents(() => own, 'v1'),
      metrics: { custom: unused, external: unused },
      usage: { pods: unused, nodes: () => Promise.resolve(answer) },
      health: new Health(() => []),
      ...{ explain: unused, telemetry: unused, now: () => 0, onFailure: unused },
      onUsageFailure: (reason) => told.push(reason),
      version: '{}',
      logger: createLogger({ level: 'error', write: () => {}, now: () => new Date(0) }),
    });
    const target = '/apis/metrics.k8s.io/v1beta1/nodes';
    const { status, body } = await failingApi.handle({
      ...{ method: 'GET', target, routed: route('GET', target) },
      headers: new VisibleHeaders(new RequestHeaders([]), () => false),
      user: { name: 'a', uid: '', groups: [], extra: {} },
      signal: new AbortController().signal,
    });
    return { status, body: String(body), told };
  }

  const failure = { kind: 'status', message: 'why', cause: 'the cause' } as const;

  test('for a while say when to ask again, and count for the source', async () => {
    const passing = { ...failure, code: 503, reason: 'ServiceUnavailable', retryAfterMs: 2500 } as const;
    const { status, body, told } = await failing(passing);
    expect([status, told]).toEqual([503, ['source']]);
    expect(body).toContain('"retryAfterSeconds":3');
  });

  test('for good are no reason to ask again, and count for the rule', async () => {
    const { status, body, told } = await failing({ ...failure, code: 500, reason: 'InternalError' });
    expect([status, told]).toEqual([500, ['query']]);
    expect(body).not.toContain('retryAfter');
    expect(body).not.toContain('the cause');
  });

  test('for a part of the objects count as well', async () => {
    const partly = { kind: 'usage', items: [], problems: ['a'], failed: 'source' } as const;
    expect(await failing(partly)).toMatchObject({ status: 200, told: ['source'] });
    expect(await failing({ kind: 'usage', items: [], problems: ['a'] })).toMatchObject({ told: [] });
  });

  test('because the rules are wrong say what is', async () => {
    const broken = parseAdapterConfig('resourceRules: {cpu: {nodeQuery: "<<"}}', 'config.yaml');
    const { status, body, told } = await failing({ kind: 'usage', items: [], problems: [] }, broken);
    expect([status, told]).toEqual([500, ['query']]);
    expect(body).toContain('resourceRules cannot be used: config.yaml:1:34: resourceRules.cpu.nodeQuery: ');
  });
});
