import {
  App,
  Keda,
  KedaConnections,
  prometheusTrigger,
  rate,
  ScaledObject,
  unchecked,
} from '../../constructs';
import { findKedaMetricsServers, findKedaOperators } from '../../core/chain';
import { UsageError } from '../../core/errors';
import { Inventory } from '../../core/kube/inventory';
import { inventory, only, render } from './render';

const keda = new Keda({ namespace: 'keda', version: '2.20.2', before: 'apps', watches: ['shop', 'cart'] });
const target = new App({ namespace: 'shop', name: 'api', ports: { web: 80 }, replicas: 'autoscaled' });
const requests = unchecked.series({ name: 'requests_total', type: 'counter', labels: ['uri'] });
const prometheus = unchecked.servicePort({
  namespace: 'monitoring',
  service: 'prometheus',
  labels: { app: 'prometheus' },
  name: 'web',
  number: 9090,
  pod: unchecked.podPort({
    namespace: 'monitoring',
    podLabels: { app: 'prometheus' },
    app: 'prometheus',
    name: 'web',
    number: 9090,
  }),
});

describe('KEDA', () => {
  it('is confined to its namespaces, without their Secrets, and scales nothing but Deployments and StatefulSets', () => {
    expect(keda.release).toMatchObject({
      chart: 'keda',
      repository: 'https://kedacore.github.io/charts',
      version: '2.20.2',
      values: {
        watchNamespace: 'shop,cart',
        rbac: { enabledCustomScaledRefKinds: false },
        permissions: {
          operator: { restrict: { secret: true } },
          metricServer: { restrict: { secret: true } },
        },
      },
    });
  });

  it('provides what the chain finds it by', () => {
    const provided = new Inventory(keda.release.provides);
    expect(only(findKedaOperators(provided))).toMatchObject({ version: '2.20.2', watches: ['shop', 'cart'] });
    expect(only(findKedaMetricsServers(provided))).toMatchObject({
      securePort: 6443,
      podPort: 6443,
      problems: [],
      operator: { namespace: 'keda', service: 'keda-operator', port: 9666 },
    });
  });

  it('gets every connection that it needs', () => {
    const { ciliumNetworkPolicies, networkPolicies } = inventory((chart) => {
      new KedaConnections(chart, 'connections', { keda, prometheus, apiServerPort: 6443 });
    });
    const names = [...networkPolicies, ...ciliumNetworkPolicies].map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual([
      'keda-admission-webhooks-from-control-plane-9443',
      'keda-admission-webhooks-to-api-server-6443',
      'keda-operator-from-keda-operator-metrics-apiserver-9666',
      'keda-operator-metrics-apiserver-from-control-plane-6443',
      'keda-operator-metrics-apiserver-to-api-server-6443',
      'keda-operator-metrics-apiserver-to-keda-operator-9666',
      'keda-operator-to-api-server-6443',
      'keda-operator-to-prometheus-9090',
      'prometheus-from-keda-operator-9090',
    ]);
  });
});

describe('a ScaledObject', () => {
  const reading = rate(requests, '2m', { uri: '/api' });

  it('renders triggers with the sum of their readings', () => {
    const objects = render((chart) => {
      new ScaledObject(chart, 'scaler', {
        target,
        min: 0,
        max: 10,
        pollingInterval: 10,
        cooldownPeriod: 60,
        triggers: [
          prometheusTrigger({ prometheus, reading, threshold: 100 }),
          prometheusTrigger({
            prometheus,
            reading,
            threshold: 0.5,
            per: 'whole',
            activationThreshold: 2,
            emptyIsZero: false,
          }),
        ],
        behavior: { scaleUp: { tolerance: '0.05' } },
      });
    });
    const metadata = {
      serverAddress: 'http://prometheus.monitoring.svc:9090',
      query: 'sum (rate(requests_total{uri="/api"}[2m]))',
    };
    expect(only(objects)).toEqual({
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'api', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
        minReplicaCount: 0,
        maxReplicaCount: 10,
        pollingInterval: 10,
        cooldownPeriod: 60,
        advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: { tolerance: '0.05' } } } },
        triggers: [
          { type: 'prometheus', metadata: { ...metadata, threshold: '100' } },
          {
            type: 'prometheus',
            metricType: 'Value',
            metadata: {
              ...metadata,
              threshold: '0.5',
              activationThreshold: '2',
              ignoreNullValues: 'false',
            },
          },
        ],
      },
    });
  });

  it.each([0, -1, 0.0001, Number.NaN, Number.POSITIVE_INFINITY])('takes no threshold of %d', (threshold) => {
    expect(() => prometheusTrigger({ prometheus, reading, threshold })).toThrow(UsageError);
  });

  it('takes no least size above its most', () => {
    const triggers = [prometheusTrigger({ prometheus, reading, threshold: 1 })] as const;
    expect(() =>
      render((chart) => {
        new ScaledObject(chart, 'scaler', { target, min: 3, max: 2, triggers });
      }),
    ).toThrow('min 3 is above max 2');
  });
});
