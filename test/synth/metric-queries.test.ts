import { parseObject, type KubeObject } from '../../core/kube/object';
import { metricQueries } from '../../synth/metric-queries';

const target = { type: 'AverageValue', averageValue: '10' };
const deployment = parseObject(
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'web', tier: 'front' } },
      template: { spec: { containers: [{ name: 'web' }] } },
    },
  },
  'fixture',
);

function pathsOf(metric: object, others: readonly KubeObject[] = [deployment]): string[] {
  const hpa = parseObject(
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 3,
        metrics: [metric],
      },
    },
    'fixture',
  );
  return metricQueries([hpa, ...others]).map(({ path }) => path);
}

describe('the request behind each metric of an autoscaler', () => {
  it('asks for the pods of the scale target', () => {
    expect(pathsOf({ type: 'Pods', pods: { metric: { name: 'rps' }, target } })).toEqual([
      '/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/rps?labelSelector=app%3Dweb%2Ctier%3Dfront',
    ]);
  });

  it('uses the version of the API that is announced', () => {
    const service = parseObject(
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1beta2.custom.metrics.k8s.io' },
        spec: { group: 'custom.metrics.k8s.io', version: 'v1beta2' },
      },
      'fixture',
    );
    expect(pathsOf({ type: 'Pods', pods: { metric: { name: 'rps' }, target } }, [service])).toEqual([
      '/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/*/rps',
    ]);
  });

  it.each([
    [{ apiVersion: 'v1', kind: 'Service', name: 'web' }, 'services/web/rps'],
    [
      { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'web' },
      'ingresses.networking.k8s.io/web/rps',
    ],
    [{ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }, 'metrics/rps'],
  ])('asks for the described object %j', (describedObject, path) => {
    const metric = { name: 'rps', selector: { matchLabels: { code: '200' } } };
    expect(pathsOf({ type: 'Object', object: { describedObject, metric, target } })).toEqual([
      `/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/${path}?metricLabelSelector=code%3D200`,
    ]);
  });

  it('asks for external metrics by their labels', () => {
    const metric = { name: 'queue', selector: { matchLabels: { name: 'orders' } } };
    expect(pathsOf({ type: 'External', external: { metric, target } })).toEqual([
      '/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue?labelSelector=name%3Dorders',
    ]);
  });

  it.each([
    { type: 'Resource', resource: { name: 'cpu', target } },
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web', target } },
  ])('asks for what the pods use: %j', (metric) => {
    expect(pathsOf(metric)).toEqual([
      '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods?labelSelector=app%3Dweb%2Ctier%3Dfront',
    ]);
  });
});

describe('the requests behind a ScaledObject', () => {
  const prometheus = {
    type: 'prometheus',
    metadata: { serverAddress: 'http://p.m.svc:9090', query: 'sum(a)', threshold: '5' },
  };
  const scaledObject = (triggers: readonly object[]) =>
    parseObject(
      {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: 'web-scaler', namespace: 'shop' },
        spec: { scaleTargetRef: { name: 'web' }, minReplicaCount: 1, triggers },
      },
      'fixture',
    );

  it('are those of the autoscaler that KEDA makes', () => {
    expect(metricQueries([scaledObject([prometheus]), deployment])).toEqual([
      {
        autoscaler: 'shop/keda-hpa-web-scaler',
        scaledObject: 'shop/web-scaler',
        metric: 's0-prometheus',
        path: '/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/s0-prometheus?labelSelector=scaledobject.keda.sh%2Fname%3Dweb-scaler',
        valueKey: 'value',
      },
    ]);
  });

  it('leave out triggers whose metrics are not known, and keep the numbers of the others', () => {
    const kafka = { type: 'kafka', metadata: {} };
    const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } };
    const queries = metricQueries([scaledObject([kafka, cpu, prometheus]), deployment]);
    expect(queries.map(({ metric }) => metric)).toEqual(['s2-prometheus', 'cpu']);
  });
});
