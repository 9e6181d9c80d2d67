import { z } from 'zod';
import { startNoop, startOurAdapter, startUpstream } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { CUSTOM_METRICS, until } from './aggregation';
import { ControlPlane } from './control-plane';
import { Exporter } from './exporter';
import { FakeKubelet } from './fake-kubelet';
import { Prometheus } from './prometheus';

const METRICS = '/apis/custom.metrics.k8s.io/v1beta1';

const CONFIG = JSON.stringify({
  rules: [
    {
      seriesQuery: 'http_requests_total',
      resources: {
        overrides: {
          namespace: { resource: 'namespace' },
          pod: { resource: 'pod' },
          service: { resource: 'service' },
          job: { group: 'batch', resource: 'job' },
        },
      },
      name: { matches: '^(.*)_total$' },
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    },
  ],
});

const podNames = z
  .object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) })
  .transform(({ items }) => items.map(({ metadata }) => metadata.name));
const metricValues = z.object({
  items: z.array(
    z.object({
      describedObject: z.object({ kind: z.string(), name: z.string() }),
      metricName: z.string(),
      value: z.string(),
    }),
  ),
});

let plane: ControlPlane;
let kubelet: FakeKubelet;
let exporter: Exporter;
let prometheus: Prometheus;

beforeAll(async () => {
  plane = await ControlPlane.start({
    controllerManager: { 'horizontal-pod-autoscaler-sync-period': '1s' },
  });
  kubelet = await FakeKubelet.start(plane);
  exporter = await Exporter.start();
  prometheus = await Prometheus.start({ targets: { app: { port: exporter.port } } });
});

afterAll(async () => {
  await kubelet?.stop();
  await prometheus?.stop();
  await exporter?.stop();
  await plane?.stop();
});

/** Both behind the same kube-apiserver, one after the other; each has a namespace of its own, which nobody scaled yet. */
describe.each([
  { title: 'prometheus-adapter', start: startUpstream, namespace: 'upstream' },
  { title: 'the adapter', start: startOurAdapter, namespace: 'ours' },
])('$title', ({ start, namespace }) => {
  let adapter: AggregatedServer;

  beforeAll(async () => {
    await plane.create('/api/v1/namespaces', { metadata: { name: namespace } });
    exporter.set(
      'http_requests_total',
      { ...target(namespace, 'sample-metrics-app'), pod: 'sample-1' },
      3.033,
    );
    await until('the target is scraped', async () => {
      return (await prometheus.query(`http_requests_total{namespace="${namespace}"}`)).length > 0;
    });
    adapter = await start(plane, prometheus, {
      config: CONFIG,
      flags: ['--metrics-relist-interval=1s', '--metrics-max-age=1m'],
    });
    await adapter.discovered(CUSTOM_METRICS, (names) => names.length >= 4);
    await adapter.register(CUSTOM_METRICS);
  });

  afterAll(async () => {
    await adapter?.stop();
  });

  test('the listing of the cluster on bare metal comes out: four kinds from one series', async () => {
    const { status, text } = await plane.request(METRICS);
    expect(status).toBe(200);
    const { resources } = z
      .object({ resources: z.array(z.object({ name: z.string(), namespaced: z.boolean() })) })
      .parse(JSON.parse(text));
    expect(new Map(resources.map(({ name, namespaced }) => [name, namespaced]))).toEqual(
      new Map([
        ['jobs.batch/http_requests', true],
        ['pods/http_requests', true],
        ['namespaces/http_requests', false],
        ['services/http_requests', true],
      ]),
    );
  });

  test('so does its question about all services', async () => {
    await plane.create(`/api/v1/namespaces/${namespace}/services`, {
      metadata: { name: 'sample-metrics-app' },
      spec: { ports: [{ port: 80 }] },
    });
    const path = `${METRICS}/namespaces/${namespace}/services/*/http_requests`;
    // A watch may tell of it a moment later.
    await until('the service is known', async () => (await plane.request(path)).status === 200);
    const { status, text } = await plane.request(path);
    expect([status, metricValues.parse(JSON.parse(text)).items]).toEqual([
      200,
      [
        {
          describedObject: { kind: 'Service', name: 'sample-metrics-app' },
          metricName: 'http_requests',
          value: '3033m',
        },
      ],
    ]);
  });

  test('the autoscaler scales a deployment by the metric of its pods', async () => {
    await plane.create(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'web:1' }] },
        },
      },
    });
    const metric = {
      type: 'Pods',
      pods: { metric: { name: 'http_requests' }, target: { type: 'AverageValue', averageValue: '25' } },
    };
    await plane.create(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, {
      metadata: { name: 'web' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 5,
        metrics: [metric],
      },
    });
    await until('two pods share the requests of fifty a second', async () => {
      const { text } = await plane.request(`/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dweb`);
      const names = podNames.parse(JSON.parse(text));
      for (const pod of names)
        exporter.set('http_requests_total', { ...target(namespace, 'web'), pod }, 50 / names.length);
      return names.length === 2;
    });
    // A round of before may have failed.
    await until('the nodes do well', () => Promise.resolve(kubelet.lastError === undefined));
  });

  test('who has no right to a metric is refused, through kube-apiserver and past it', async () => {
    const path = `${METRICS}/namespaces/${namespace}/pods/*/http_requests`;
    const nobody = plane.client('nobody');
    expect((await nobody.request(path)).status).toBe(403);
    nobody.close();
    expect((await adapter.direct(path, 'nobody', ['system:authenticated'])).status).toBe(403);
    expect((await adapter.direct(path)).status).toBe(200);
  });

  test('a new front proxy is known to kube-apiserver and to the adapter', async () => {
    plane.rotateFrontProxy();
    const client = adapter.frontClient();
    const headers = { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters' };
    await until('the adapter takes the new certificate', async () => {
      return (await client.request(METRICS, { headers })).status === 200;
    });
    await until('kube-apiserver shows it', async () => (await plane.request(METRICS)).status === 200);
  });

  test('a restart of kube-apiserver is over once it answers', async () => {
    const before = plane.apiServer.pid;
    await plane.apiServer.restart();
    expect(plane.apiServer.pid).not.toBe(before);
    await until('the adapter answers again', async () => (await plane.request(METRICS)).status === 200);
  });
});

test('a server of a constant takes the place of the adapter', async () => {
  const noop = await startNoop(plane);
  await noop.register(CUSTOM_METRICS);
  const { text } = await plane.request(`${METRICS}/namespaces/default/pods/*/anything`);
  expect(metricValues.parse(JSON.parse(text)).items).toHaveLength(5);
  await noop.stop();
});

function target(namespace: string, service: string): { namespace: string; service: string; job: string } {
  return { namespace, service, job: service };
}
