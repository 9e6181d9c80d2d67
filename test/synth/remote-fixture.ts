import { parseObject } from '../../core/kube/object';
import type { ClusterDescriptor, HelmRelease, Stack } from '../../core/model';
import { add, shop } from './fixture';

const WEB = 'registry.example.com:5000/team/plimsoll/web:1.0.0';

/** An operator with a CRD, an APIService and a workload. */
const KEDA: HelmRelease = {
  name: 'keda',
  namespace: 'keda',
  chart: 'keda',
  repository: 'https://kedacore.github.io/charts',
  version: '2.21.0',
  values: {},
  provides: [
    parseObject(
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1beta1.external.metrics.k8s.io' },
        spec: {
          group: 'external.metrics.k8s.io',
          version: 'v1beta1',
          service: { name: 'keda-operator-metrics-apiserver', namespace: 'keda' },
        },
      },
      'fixture',
    ),
  ],
  before: 'autoscaling',
  readyWhen: [
    { kind: 'CustomResourceDefinition', name: 'scaledobjects.keda.sh' },
    { kind: 'Deployment', namespace: 'keda', name: 'keda-operator' },
  ],
};

/** The shop in a cluster that was there before, with operators from charts and a load to start by hand. */
export function remoteShop(cluster: Partial<ClusterDescriptor> = {}): Stack {
  const [, crds] = shop.releases;
  if (!crds) throw new Error('the fixture has releases');
  return {
    ...shop,
    cluster: { ...shop.cluster, provider: 'existing', ...cluster },
    releases: [crds, KEDA],
    stages: shop.stages.map((stage) =>
      stage.name === 'namespaces'
        ? {
            ...stage,
            fill: (chart) => {
              const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
              add(chart, 'namespace', 'v1', 'Namespace', { name: 'shop', labels });
            },
          }
        : {
            ...stage,
            fill: (chart) => {
              stage.fill(chart);
              if (stage.name === 'workload') addLoad(chart, 'rush');
            },
          },
    ),
    images: [
      { name: 'web', reference: WEB, build: 'apps/web' },
      { name: 'grafana', reference: 'grafana/grafana:13.2.3' },
    ],
  };
}

/** A suspended CronJob. */
export function addLoad(chart: Parameters<typeof add>[0], name: string): void {
  add(
    chart,
    name,
    'batch/v1',
    'CronJob',
    { name, namespace: 'shop' },
    {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: {
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name, image: 'shop/load:1' }] } },
        },
      },
    },
  );
}
