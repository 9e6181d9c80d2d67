import { prometheusWorkload } from '../../core/chain';
import {
  configReloaderFor,
  PrometheusHandle,
  PrometheusInstance,
  PrometheusOperator,
} from '../../constructs';
import { inventory, only } from './render';

const handle = new PrometheusHandle('monitoring', 'main', { prometheus: 'main' });
const instance = inventory(
  (chart) =>
    new PrometheusInstance(chart, 'p', {
      prometheus: handle,
      image: 'quay.io/prometheus/prometheus:v3.14.0',
      version: 'v3.14.0',
      scrapeInterval: '10s',
      discovers: ['shop', 'kube-system'],
      apiServerPort: 6443,
    }),
);

describe('a Prometheus', () => {
  it('has the pods that its handle selects', () => {
    const { metadata, spec } = prometheusWorkload(only(instance.prometheuses));
    expect(metadata).toMatchObject({ name: handle.app.name, namespace: 'monitoring' });
    expect(spec.template.metadata?.labels).toMatchObject(handle.app.podLabels);
    expect(only(instance.services)).toMatchObject({
      metadata: { name: 'prometheus', namespace: 'monitoring' },
      spec: { selector: handle.app.podLabels, ports: [{ name: 'web', port: 9090, targetPort: 'web' }] },
    });
  });

  it('takes the monitors with its labels and discovers by endpoint slices', () => {
    const selector = { matchLabels: { prometheus: 'main' } };
    expect(only(instance.prometheuses).spec).toMatchObject({
      serviceMonitorSelector: selector,
      podMonitorSelector: selector,
      serviceDiscoveryRole: 'EndpointSlice',
      scrapeInterval: '10s',
      serviceAccountName: 'prometheus-main',
    });
  });

  it('may only read what discovery needs, only where it discovers', () => {
    expect(instance.clusterRoles).toEqual([]);
    expect(instance.roles.map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'kube-system']);
    for (const { rules } of instance.roles) {
      expect(rules).toEqual([
        { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
      ]);
    }
  });
});

describe('the Prometheus Operator', () => {
  const objects = inventory(
    (chart) =>
      new PrometheusOperator(chart, 'o', {
        namespace: 'monitoring',
        image: 'operator:v0.93.0',
        reloaderImage: 'reloader:v0.93.0',
        apiServerPort: 6443,
      }),
  );

  it('serves its own namespace only', () => {
    const { args } = only(only(objects.deployments).spec.template.spec.containers);
    expect(args).toContain('--namespaces=monitoring');
    expect(args).toContain('--prometheus-config-reloader=reloader:v0.93.0');
  });

  it('has no wildcard in the whole cluster', () => {
    const rules = objects.clusterRoles.flatMap((role) => role.rules ?? []);
    expect(rules.flatMap(({ verbs, resources = [] }) => [...verbs, ...resources])).not.toContain('*');
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
  });

  it('has a config reloader of its own release', () => {
    expect(configReloaderFor('registry:5000/mirror/prometheus-operator:v0.93.0')).toBe(
      'registry:5000/mirror/prometheus-config-reloader:v0.93.0',
    );
    expect(() => configReloaderFor('registry:5000/prometheus-operator')).toThrow(
      'image registry:5000/prometheus-operator has no tag',
    );
  });
});
