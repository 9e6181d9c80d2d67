import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { startOurAdapter } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { CUSTOM_METRICS, EXTERNAL_METRICS, RESOURCE_METRICS, until } from './aggregation';
import { ControlPlane } from './control-plane';
import { Exporter } from './exporter';
import { FakeKubelet } from './fake-kubelet';
import { programPath } from './programs';
import { Prometheus } from './prometheus';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const AUTOSCALERS = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const POD = 'web-0';
const NODE = 'node-1';
/** kube-aggregator reads OpenAPI once a minute. */
const OPENAPI_TIMEOUT_MS = 150_000;

const overrides = {
  namespace: { resource: 'namespace' },
  pod: { resource: 'pod' },
  node: { resource: 'node' },
  service: { resource: 'service' },
};
const usage = (pods: string, nodes: string): object => ({
  containerQuery: `sum by (<<.GroupBy>>) (${pods}{<<.LabelMatchers>>})`,
  nodeQuery: `sum by (<<.GroupBy>>) (${nodes}{<<.LabelMatchers>>})`,
  resources: { overrides },
  containerLabel: 'container',
});
const CONFIG = JSON.stringify({
  rules: [
    {
      seriesQuery: 'http_requests_total',
      resources: { overrides },
      name: { matches: '^(.*)_total$' },
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    },
  ],
  externalRules: [
    {
      seriesQuery: 'queue_depth',
      resources: { overrides: { namespace: overrides.namespace } },
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>})',
    },
  ],
  resourceRules: {
    cpu: usage('cpu_cores', 'node_cpu_cores'),
    memory: usage('memory_bytes', 'node_memory_bytes'),
    window: '1m',
  },
});

const replicas = z.object({ spec: z.object({ replicas: z.number() }) });
const discoveryList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      versions: z.array(
        z.object({
          version: z.string(),
          freshness: z.string(),
          resources: z.array(
            z.object({
              resource: z.string(),
              subresources: z.array(z.object({ subresource: z.string() })).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
});
const run = promisify(execFile);

let plane: ControlPlane;
let kubelet: FakeKubelet;
let exporter: Exporter;
let prometheus: Prometheus;
let adapter: AggregatedServer;
let kubeconfig: string;

beforeAll(async () => {
  plane = await ControlPlane.start({ controllerManager: { 'horizontal-pod-autoscaler-sync-period': '1s' } });
  kubeconfig = plane.kubeconfig('admin', ['system:masters']);
  kubelet = await FakeKubelet.start(plane, [NODE]);
  exporter = await Exporter.start();
  const place = { namespace: 'default', pod: POD };
  exporter.set('http_requests_total', { ...place, service: 'web' }, 20);
  exporter.set('queue_depth', { namespace: 'default', queue: 'in' }, 30);
  exporter.set('cpu_cores', { ...place, container: 'web' }, 0.25);
  exporter.set('memory_bytes', { ...place, container: 'web' }, 64 * 2 ** 20);
  exporter.set('node_cpu_cores', { node: NODE }, 10);
  exporter.set('node_memory_bytes', { node: NODE }, 2 ** 30);
  await plane.create('/api/v1/namespaces/default/pods', {
    metadata: { name: POD },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  });
  prometheus = await Prometheus.start({ targets: { app: { port: exporter.port } } });
  await until('the target is scraped', async () => (await prometheus.query('queue_depth')).length > 0);
  adapter = await startOurAdapter(plane, prometheus, {
    config: CONFIG,
    flags: ['--metrics-relist-interval=1s', '--metrics-max-age=1m'],
  });
  await adapter.discovered();
  await adapter.register(CUSTOM_METRICS, EXTERNAL_METRICS, RESOURCE_METRICS);
});

afterAll(async () => {
  await adapter?.stop();
  await kubelet?.stop();
  await prometheus?.stop();
  await exporter?.stop();
  await plane?.stop();
});

test('kubectl get --raw shows a metric', async () => {
  const text = await kubectl(
    ...['get', '--raw', '/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/pods/*/http_requests'],
  );
  expect(JSON.parse(text)).toMatchObject({
    kind: 'MetricValueList',
    items: [{ describedObject: { kind: 'Pod', name: POD }, metricName: 'http_requests', value: '20' }],
  });
});

test('kubectl get --raw shows what is wrong', async () => {
  const path = '/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/pods/*/nothing';
  await expect(kubectl('get', '--raw', path)).rejects.toThrow(
    /Error from server \(NotFound\): the server could not find the metric nothing for pods: the metric is not/,
  );
});

test('kubectl top shows pods and nodes', async () => {
  expect(columns(await kubectl('top', 'pods'))).toEqual([
    ['NAME', 'CPU(cores)', 'MEMORY(bytes)'],
    [POD, '250m', '64Mi'],
  ]);
  expect(columns(await kubectl('top', 'pods', '--containers', '--all-namespaces'))).toEqual([
    ['NAMESPACE', 'POD', 'NAME', 'CPU(cores)', 'MEMORY(bytes)'],
    ['default', POD, 'web', '250m', '64Mi'],
  ]);
  expect(columns(await kubectl('top', 'nodes'))).toEqual([
    ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'],
    [NODE, '10000m', '1%', '1024Mi', '0%'],
  ]);
});

test('kubectl api-resources is complete, without a complaint', async () => {
  // It complains of what the aggregator has yet to read.
  await aggregated();
  const { stdout, stderr } = await kubectlOutput('api-resources', '--api-group=metrics.k8s.io');
  expect([stderr, columns(stdout).map(([name]) => name)]).toEqual(['', ['NAME', 'nodes', 'pods']]);
  const all = await kubectlOutput('api-resources');
  expect(all.stderr).toBe('');
  const table = await kubectl('get', 'pods.metrics.k8s.io');
  expect(columns(table)[1]?.slice(0, 3)).toEqual([POD, '250m', '64Mi']);
});

test('the aggregator lists the metrics, for clients of either kind of discovery', async () => {
  const found = await aggregated();
  expect(found.get('custom.metrics.k8s.io')).toContain('pods/http_requests');
  expect(found.get('external.metrics.k8s.io')).toContain('queue_depth');
  expect([...(found.get('metrics.k8s.io') ?? [])].sort()).toEqual(['nodes', 'pods']);
  const { text } = await plane.request('/apis');
  expect(text).toContain('"external.metrics.k8s.io/v1beta1"');
});

test('an autoscaler scales by an external metric', async () => {
  await createScaled('worker', {
    type: 'External',
    external: { metric: { name: 'queue_depth' }, target: { type: 'AverageValue', averageValue: '10' } },
  });
  await until('there are three for 30 in the queue', () => hasReplicas('worker', 3));
});

test('an autoscaler scales by a metric of another object', async () => {
  await plane.create('/api/v1/namespaces/default/services', {
    metadata: { name: 'web' },
    spec: { ports: [{ port: 80 }] },
  });
  await createScaled('front', {
    type: 'Object',
    object: {
      describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
      metric: { name: 'http_requests' },
      target: { type: 'AverageValue', averageValue: '10' },
    },
  });
  await until('there are two for 20 requests', () => hasReplicas('front', 2));
});

test('the aggregator merges the OpenAPI documents', async () => {
  const groups = ['custom.metrics.k8s.io', 'external.metrics.k8s.io', 'metrics.k8s.io'];
  await until(
    'all documents of version 3 are there',
    async () => {
      const root = await kubectl('get', '--raw', '/openapi/v3');
      return groups.every((group) => root.includes(`"apis/${group}/v1beta1"`));
    },
    OPENAPI_TIMEOUT_MS,
  );
  for (const group of groups) {
    const { status, text } = await plane.request(`/openapi/v3/apis/${group}/v1beta1`);
    expect([status, text.includes(`/apis/${group}/v1beta1`)]).toEqual([200, true]);
  }
  await until(
    'version 2 has the paths',
    async () => {
      const { text } = await plane.request('/openapi/v2');
      return groups.every((group) => text.includes(`"/apis/${group}/v1beta1`));
    },
    OPENAPI_TIMEOUT_MS,
  );
  const errors = plane.apiServer.log().match(/^[EF]\d{4} .*(openapi|discovery|aggregat).*$/gim) ?? [];
  expect(errors.filter((line) => line.includes('metrics.k8s.io'))).toEqual([]);
});

/** What the aggregator lists of each group, once it knows all three. */
async function aggregated(): Promise<ReadonlyMap<string, readonly string[]>> {
  const accept = 'application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList,application/json';
  const found = new Map<string, readonly string[]>();
  await until('the aggregator knows all three groups', async () => {
    const { text } = await plane.request('/apis', { headers: { accept } });
    for (const { metadata, versions } of discoveryList.parse(JSON.parse(text)).items) {
      const [version] = versions;
      if (version?.freshness !== 'Current') continue;
      const names = version.resources.flatMap(({ resource, subresources }) => [
        resource,
        ...subresources.map(({ subresource }) => `${resource}/${subresource}`),
      ]);
      found.set(metadata.name, names);
    }
    return ['custom.metrics.k8s.io', 'external.metrics.k8s.io', 'metrics.k8s.io'].every(
      (group) => (found.get(group) ?? []).length > 0,
    );
  });
  return found;
}

async function kubectl(...args: readonly string[]): Promise<string> {
  return (await kubectlOutput(...args)).stdout;
}

/** Without blocking what the cluster needs of this process. */
function kubectlOutput(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const flags = [`--kubeconfig=${kubeconfig}`, `--cache-dir=${join(plane.folder, 'kubectl')}`];
  return run(programPath('kubectl'), [...flags, ...args], { env: {} });
}

function columns(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

async function createScaled(name: string, metric: object): Promise<void> {
  await plane.create(DEPLOYMENTS, {
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'app:1' }] },
      },
    },
  });
  await plane.create(AUTOSCALERS, {
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      ...{ minReplicas: 1, maxReplicas: 5, metrics: [metric] },
    },
  });
}

async function hasReplicas(name: string, count: number): Promise<boolean> {
  const { text } = await plane.request(`${DEPLOYMENTS}/${name}`);
  return replicas.parse(JSON.parse(text)).spec.replicas === count;
}
