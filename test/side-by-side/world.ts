import type { Labels } from '../../core/kube/selector';
import type { DataSeries } from '../conformance/prometheus/data';
import { until } from '../control-plane/aggregation';
import type { ControlPlane } from '../control-plane/control-plane';

export const NAMESPACES = ['default', 'shop'] as const;
export const PODS = ['web-0', 'web-1', 'web.v1', 'db-0'] as const;
const NODES = ['node-1', 'node-1.example.com'] as const;
const NAMES = ['front', 'back'] as const;

/** Kinds of objects besides pods and nodes, each with two in each namespace. */
const COLLECTIONS = {
  services: { base: '/api/v1', spec: { ports: [{ port: 80 }] } },
  deployments: {
    base: '/apis/apps/v1',
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'x' } },
      template: {
        metadata: { labels: { app: 'x' } },
        spec: { containers: [{ name: 'x', image: 'x:1' }] },
      },
    },
  },
  ingresses: {
    base: '/apis/networking.k8s.io/v1',
    spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
  },
  widgets: { base: '/apis/example-x.com/v1', spec: {} },
  brands: { base: '/apis/cheese.io/v1', spec: {} },
} as const;

/** Kinds that no cluster has by itself: one that the documentation uses, one with a dash in its group. */
const CUSTOM_KINDS = [
  { group: 'example-x.com', kind: 'Widget', plural: 'widgets', singular: 'widget' },
  { group: 'cheese.io', kind: 'Brand', plural: 'brands', singular: 'brand' },
] as const;

/** Puts objects of several kinds, with labels to select them by, into a cluster without controllers. */
export async function createObjects(plane: ControlPlane): Promise<void> {
  for (const { group, kind, plural, singular } of CUSTOM_KINDS) {
    await plane.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    const path = `/apis/${group}/v1/${plural}`;
    await until(`${path} is served`, async () => (await plane.request(path)).status === 200);
  }
  for (const name of NODES) {
    await plane.create('/api/v1/nodes', { metadata: { name, labels: { zone: 'a' } } });
  }
  await plane.create('/api/v1/persistentvolumes', {
    metadata: { name: 'disk-1' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
  });
  for (const namespace of NAMESPACES) await createNamespaced(plane, namespace);
}

async function createNamespaced(plane: ControlPlane, namespace: string): Promise<void> {
  await plane.create('/api/v1/namespaces', { metadata: { name: namespace, labels: { app: 'x' } } });
  await plane.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
  for (const [index, name] of PODS.entries()) {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    await plane.create(path, {
      metadata: { name, labels: { app: name.startsWith('web') ? 'x' : 'y-1', tier: `t${index % 2}` } },
      spec: { nodeName: NODES[0], containers: [{ name: 'app', image: 'x:1' }] },
    });
    // One is not there yet: the resource metrics leave it out.
    if (name === 'web-1') continue;
    await plane.request(`${path}/${name}/status`, {
      method: 'PATCH',
      contentType: 'application/strategic-merge-patch+json',
      body: { status: { phase: 'Running' } },
    });
  }
  for (const [plural, { base, spec }] of Object.entries(COLLECTIONS)) {
    for (const name of NAMES) {
      await plane.create(`${base}/namespaces/${namespace}/${plural}`, {
        apiVersion: base.replace(/^\/apis?\//, ''),
        kind: CUSTOM_KINDS.find((custom) => custom.plural === plural)?.kind,
        metadata: { name, labels: { app: name === 'front' ? 'x' : 'y-1' } },
        spec,
      });
    }
  }
}

/** Samples from before the time at which all queries are evaluated until after the run. */
const PAST_MS = 10 * 60_000;
const AHEAD_MS = 20 * 60_000;
const INTERVAL_MS = 30_000;

/** Values that are awkward to write as quantities. */
const GAUGES = [0, 0.0004, 0.9999, 1, 1.5, 42, 2500, 12_000, 12_345.678, 1e6, 1_234_567_890, -3.25] as const;
const SPECIAL = ['NaN', '+Inf', '-Inf', '1e17'] as const;

/** Series with the labels that configurations map: of pods, of other objects, of nothing. */
export function seriesAround(atMs: number): DataSeries[] {
  const series: DataSeries[] = [];
  const gauge = (labels: Labels, value: string): void => {
    series.push({ labels, samples: samples(atMs, () => value) });
  };
  const counter = (labels: Labels, rate: number): void => {
    series.push({ labels, samples: samples(atMs, (seconds) => String(rate * seconds)) });
  };
  let index = 0;
  const next = (): string => String(GAUGES[index++ % GAUGES.length]);
  for (const namespace of NAMESPACES) {
    for (const pod of PODS) {
      const labels = { namespace, pod, kube_namespace: namespace, kube_pod: pod, instance: NODES[0] };
      counter({ __name__: 'http_requests_total', ...labels, service: NAMES[0], code: '200' }, index + 1);
      counter({ __name__: 'http_requests_total', ...labels, service: NAMES[0], code: '500' }, 0.125);
      const container = { container: 'app', image: 'x' };
      counter({ __name__: 'container_cpu_usage_seconds_total', ...labels, ...container }, 0.25 * (index + 1));
      counter({ __name__: 'container_cpu_usage_seconds_total', ...labels, container: 'POD' }, 9);
      counter({ __name__: 'container_network_bytes_total', ...labels, ...container }, 1000);
      gauge({ __name__: 'container_memory_bytes', ...labels, ...container }, String(2 ** 20 * (index + 1)));
      gauge(
        { __name__: 'container_memory_working_set_bytes', ...labels, ...container },
        String(2 ** 24 + 512),
      );
      gauge({ __name__: 'queue_length', ...labels, service: NAMES[1] }, next());
      // As the documentation's Prometheus names them.
      counter(
        { __name__: 'frontend_requests_total', kubernetes_namespace: namespace, kubernetes_pod_name: pod },
        3.5,
      );
    }
    for (const name of NAMES) {
      const labels = { namespace, kube_namespace: namespace };
      gauge({ __name__: 'foo_bar_baz', ...labels, service: name, kube_service: name }, next());
      gauge({ __name__: 'foo_bar_baz', ...labels, deployment: name, kube_apps_deployment: name }, next());
      gauge({ __name__: 'a:b', ...labels, ingress: name, kube_networking_ingress: name }, next());
      gauge({ __name__: 'a', ...labels, widget: name, kube_widget: name }, next());
      gauge({ __name__: 'cheddar', ...labels, brand: name, sharp: 'true' }, next());
      gauge({ __name__: 'queue_consumer_lag', ...labels, name, topic: 'in' }, next());
      gauge({ __name__: 'queue_depth', ...labels, name, topic: 'out' }, next());
    }
    for (const value of SPECIAL) {
      gauge({ __name__: 'special', namespace, pod: PODS[0], service: NAMES[0], kind: value }, value);
    }
    gauge({ __name__: 'special_one', namespace, pod: PODS[0], service: NAMES[0] }, 'NaN');
    gauge({ __name__: 'special_two', namespace, pod: PODS[0], service: NAMES[0] }, '+Inf');
  }
  for (const node of NODES) {
    const labels = { node, kube_node: node, instance: node };
    gauge({ __name__: 'node_load', ...labels, job: 'node' }, next());
    counter({ __name__: 'node_cpu_usage_seconds_total', ...labels }, 1.25);
    gauge({ __name__: 'node_memory_working_set_bytes', ...labels }, String(2 ** 31));
    gauge({ __name__: 'up', instance: node, job: 'node' }, '1');
    counter({ __name__: 'foo_total', system_name: node }, 2);
    counter({ __name__: 'foo_count', system_name: node }, 4);
  }
  gauge({ __name__: 'disk_used', persistentvolume: 'disk-1', kube_persistentvolume: 'disk-1' }, '7');
  // Of several series that become one metric upstream takes the one that Prometheus came to know last, the adapter the
  // last by name: here that is the same.
  return series.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function nameOf({ labels }: DataSeries): string {
  return labels['__name__'] ?? '';
}

function samples(atMs: number, valueAfter: (seconds: number) => string): DataSeries['samples'] {
  const start = atMs - PAST_MS;
  return Array.from({ length: (PAST_MS + AHEAD_MS) / INTERVAL_MS }, (_, number) => ({
    at: start + number * INTERVAL_MS,
    value: valueAfter((number * INTERVAL_MS) / 1000),
    start: 0,
  }));
}
