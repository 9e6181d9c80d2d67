import { ApiObject, type Chart } from 'cdk8s';
import { parseObject } from '../../core/kube/object';
import { defineScenario, type Stack } from '../../core/model';
import { TEST_CLUSTER } from '../support/cluster';

const labels = { 'app.kubernetes.io/name': 'web' };

/** A small stack with one of everything that the files are made of. */
export const shop: Stack = {
  name: 'shop',
  summary: 'a shop that follows its requests',
  cluster: { ...TEST_CLUSTER, name: 'shop-cluster' },
  provided: [
    parseObject(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'kube-dns', namespace: 'kube-system' },
        spec: { ports: [{ name: 'dns', port: 53 }] },
      },
      'fixture',
    ),
    parseObject(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'metrics-server', namespace: 'kube-system' },
        spec: { ports: [{ name: 'https', port: 443 }] },
      },
      'fixture',
    ),
  ],
  releases: [
    {
      name: 'cilium',
      namespace: 'kube-system',
      chart: 'cilium',
      repository: 'https://helm.cilium.io',
      version: '1.20.5',
      values: { kubeProxyReplacement: true, hubble: { metrics: { enabled: ['httpV2:x=y'] } } },
      provides: [
        parseObject(
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'hubble-metrics', namespace: 'kube-system' },
            spec: { ports: [{ name: 'hubble-metrics', port: 9965 }] },
          },
          'fixture',
        ),
      ],
      before: 'namespaces',
      readyWhen: [{ kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' }],
    },
    {
      name: 'crds',
      namespace: 'monitoring',
      chart: 'prometheus-operator-crds',
      repository: 'oci://ghcr.io/prometheus-community/charts',
      version: '25.0.0',
      values: {},
      provides: [],
      before: 'workload',
      readyWhen: [{ kind: 'CustomResourceDefinition', name: 'prometheuses.monitoring.coreos.com' }],
    },
  ],
  stages: [
    {
      name: 'namespaces',
      summary: 'where everything lives',
      fill: (chart) => {
        // A chart with a default namespace puts it on every kind.
        add(chart, 'namespace', 'v1', 'Namespace', { name: 'shop', namespace: 'shop' });
      },
    },
    {
      name: 'workload',
      summary: "the shop's program",
      fill: (chart) => {
        add(
          chart,
          'web',
          'apps/v1',
          'Deployment',
          { name: 'web', namespace: 'shop' },
          {
            selector: { matchLabels: labels },
            template: {
              metadata: { labels },
              spec: { containers: [{ name: 'web', image: 'shop/web:1.0.0' }] },
            },
          },
        );
        add(
          chart,
          'api',
          'apiregistration.k8s.io/v1',
          'APIService',
          { name: 'v1beta2.custom.metrics.k8s.io' },
          {
            group: 'custom.metrics.k8s.io',
            version: 'v1beta2',
            service: { name: 'adapter', namespace: 'shop' },
          },
        );
      },
      readyWhen: [{ kind: 'StatefulSet', namespace: 'shop', name: 'prometheus-main' }],
    },
    {
      name: 'autoscaling',
      summary: 'its autoscaler',
      fill: (chart) => {
        add(
          chart,
          'hpa',
          'autoscaling/v2',
          'HorizontalPodAutoscaler',
          { name: 'web', namespace: 'shop' },
          {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
            minReplicas: 1,
            maxReplicas: 5,
            metrics: [
              {
                type: 'Pods',
                pods: {
                  metric: { name: 'requests_per_second' },
                  target: { type: 'AverageValue', averageValue: '10' },
                },
              },
            ],
          },
        );
      },
    },
  ],
  images: [
    { name: 'web', reference: 'shop/web:1.0.0', build: 'apps/web' },
    { name: 'grafana', reference: 'grafana/grafana:13.2.3' },
  ],
  scenario: defineScenario({ duration: '10m' }, 'shop'),
  forwards: [{ title: 'Grafana', namespace: 'shop', service: 'grafana', port: 3000, localPort: 3000 }],
};

/** The stack with other stages. */
export function withStages(fill: Readonly<Record<string, (chart: Chart) => void>>): Stack {
  const stages = Object.entries(fill).map(([name, fillStage]) => ({ name, summary: name, fill: fillStage }));
  return { ...shop, releases: [], stages };
}

/** Declares one object of any kind. */
export function add(
  chart: Chart,
  id: string,
  apiVersion: string,
  kind: string,
  metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  },
  spec?: object,
): ApiObject {
  return new ApiObject(chart, id, { apiVersion, kind, metadata, ...(spec ? { spec } : {}) });
}
