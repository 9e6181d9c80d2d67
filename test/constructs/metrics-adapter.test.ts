import { parseAdapterArgs } from '../../core/adapter';
import { parseAdapterConfig } from '../../core/rules';
import {
  AdapterRules,
  MetricsAdapter,
  MetricsAdapterHandle,
  PrometheusHandle,
  rate,
  unchecked,
  value,
} from '../../constructs';
import { inventory, only } from './render';

const labels = ['namespace', 'pod', 'service'] as const;
const counter = unchecked.series({ name: 'requests_total', type: 'counter', labels });
const gauge = unchecked.series({ name: 'depth', type: 'gauge', labels });

function adapter(add: (rules: AdapterRules) => void, replicas = 1) {
  const rules = new AdapterRules();
  add(rules);
  return inventory(
    (chart) =>
      new MetricsAdapter(chart, 'a', {
        handle: new MetricsAdapterHandle('metrics', 'adapter', replicas),
        image: 'adapter:1.0.0',
        rules,
        prometheus: new PrometheusHandle('monitoring', 'main', { prometheus: 'main' }).service,
        relistInterval: '30s',
        apiServerPort: 6443,
      }),
  );
}

const objects = adapter((rules) =>
  rules.pods({ as: 'requests', reading: rate(counter, '1m'), namespace: 'namespace', pod: 'pod' }),
);
const container = only(only(objects.deployments).spec.template.spec.containers);

describe('the metrics adapter', () => {
  it('is told its rules, its Prometheus and its port by the flags of prometheus-adapter', () => {
    expect(parseAdapterArgs(container.args ?? [])).toMatchObject({
      prometheusUrl: 'http://prometheus.monitoring.svc:9090/',
      configPath: '/etc/adapter/config.yaml',
      metricsRelistIntervalMs: 30_000,
      serving: { securePort: 6443 },
    });
    expect(only(objects.configMaps).data?.['config.yaml']).toContain('requests_total');
  });

  it('reads other rules without new pods', () => {
    expect(only(objects.deployments).spec.template.metadata).not.toHaveProperty('annotations');
  });

  it('serves the custom metrics API behind a Service, in both versions', () => {
    expect(objects.apiServices.map(({ metadata, spec }) => [metadata.name, spec.service])).toEqual([
      ['v1beta1.custom.metrics.k8s.io', { name: 'adapter', namespace: 'metrics', port: 443 }],
      ['v1beta2.custom.metrics.k8s.io', { name: 'adapter', namespace: 'metrics', port: 443 }],
    ]);
    expect(only(objects.services).spec.ports).toEqual([
      { name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' },
    ]);
    expect(container.ports).toContainEqual({ name: 'https', containerPort: 6443, protocol: 'TCP' });
  });

  it('serves the external metrics API only if a rule needs it', () => {
    const { apiServices } = adapter((rules) => rules.external({ as: 'all', reading: rate(counter, '1m') }));
    expect(apiServices.map(({ metadata }) => metadata.name)).toEqual(['v1beta1.external.metrics.k8s.io']);
  });

  it('neither brings a certificate nor lets anybody skip its verification', () => {
    expect(only(objects.secrets)).not.toHaveProperty('data');
    for (const { spec } of objects.apiServices) {
      expect(spec).not.toHaveProperty('caBundle');
      expect(spec).not.toHaveProperty('insecureSkipTLSVerify');
    }
  });

  it('may change its Secret and its APIServices, and create or change nothing else', () => {
    const rules = [...objects.roles, ...objects.clusterRoles].flatMap((role) => role.rules ?? []);
    const writing = rules.filter(({ verbs }) =>
      verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)),
    );
    expect(writing).toEqual([
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['adapter-serving-certificate'],
        verbs: ['get', 'list', 'watch', 'update'],
      },
      {
        apiGroups: ['apiregistration.k8s.io'],
        resources: ['apiservices'],
        resourceNames: ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io'],
        verbs: ['get', 'list', 'watch', 'patch'],
      },
    ]);
  });

  it('knows its own Service, beside which APIServices of others are left alone', () => {
    const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value]));
    expect(env).toMatchObject({ SERVICE: 'metrics/adapter' });
    expect(objects.apiServices.map(({ spec }) => `${spec.service?.namespace}/${spec.service?.name}`)).toEqual(
      objects.apiServices.map(() => env['SERVICE']),
    );
  });

  it('may authenticate and authorize its callers', () => {
    expect(objects.clusterRoleBindings.map(({ roleRef }) => roleRef.name)).toContain('system:auth-delegator');
    expect(objects.roleBindings).toContainEqual(
      expect.objectContaining({
        metadata: { name: 'adapter-auth-reader', namespace: 'kube-system' },
        roleRef: expect.objectContaining({ name: 'extension-apiserver-authentication-reader' }) as object,
      }),
    );
  });

  const reads = (list: typeof objects) =>
    list.clusterRoles
      .find(({ metadata }) => metadata.name === 'adapter-objects')
      ?.rules?.flatMap(({ resources }) => resources ?? []);

  it('may find the objects that its rules describe, and no others', () => {
    const described = adapter((rules) =>
      rules.object({
        as: 'depth',
        reading: value(gauge),
        namespace: 'namespace',
        object: { apiVersion: 'v1', kind: 'Service', label: 'service' },
      }),
    );
    expect(reads(objects)).toEqual(['pods', 'namespaces', 'customresourcedefinitions']);
    expect(reads(described)).toEqual(['namespaces', 'services', 'customresourcedefinitions']);
  });

  it('finds no objects for external metrics', () => {
    expect(
      reads(adapter((rules) => rules.external({ as: 'all', reading: rate(counter, '1m') }))),
    ).toBeUndefined();
  });

  it('finds the objects that a rule of any kind maps labels to', () => {
    const raw = adapter((rules) =>
      rules.uncheckedCustom({
        seriesQuery: 'depth{ingress!=""}',
        resources: { overrides: { ingress: { group: 'networking.k8s.io', resource: 'ingress' } } },
        metricsQuery: 'depth{<<.LabelMatchers>>}',
      }),
    );
    expect(reads(raw)).toEqual(['ingresses', 'customresourcedefinitions']);
    const templated = adapter((rules) =>
      rules.uncheckedCustom({
        seriesQuery: 'depth',
        resources: { template: '<<.Resource>>' },
        metricsQuery: 'depth{<<.LabelMatchers>>}',
      }),
    );
    expect(reads(templated)).toEqual(['pods', 'namespaces', 'customresourcedefinitions']);
  });

  it('serves resource metrics if it has their queries, of pods and nodes', () => {
    const query = {
      containerQuery:
        'sum by (<<.GroupBy>>) (rate(container_cpu_usage_seconds_total{<<.LabelMatchers>>}[1m]))',
      nodeQuery: 'sum by (<<.GroupBy>>) (rate(node_cpu_usage_seconds_total{<<.LabelMatchers>>}[1m]))',
      resources: {
        overrides: {
          namespace: { resource: 'namespace' },
          node: { resource: 'node' },
          pod: { resource: 'pod' },
        },
      },
      containerLabel: 'container',
    };
    const resources = adapter((rules) =>
      rules.uncheckedResources({ cpu: query, memory: query, window: '1m' }),
    );
    expect(resources.apiServices.map(({ metadata }) => metadata.name)).toEqual(['v1beta1.metrics.k8s.io']);
    expect(reads(resources)).toEqual(['pods', 'nodes', 'customresourcedefinitions']);
  });

  it('may run several times, on different nodes, and is not evicted as a whole', () => {
    const replicated = adapter((rules) => rules.external({ as: 'all', reading: rate(counter, '1m') }), 3);
    const { spec } = only(replicated.deployments);
    expect(spec.replicas).toBe(3);
    expect(JSON.stringify(spec.template.spec)).toContain('podAntiAffinity');
    expect(replicated.ofKind('policy', 'PodDisruptionBudget')).toHaveLength(1);
  });

  it('is reached by the API server and reaches it and Prometheus', () => {
    const names = [...objects.networkPolicies, ...objects.ciliumNetworkPolicies].map(
      ({ metadata }) => metadata.name,
    );
    expect(names.sort()).toEqual([
      'adapter-from-control-plane-6443',
      'adapter-to-api-server-6443',
      'adapter-to-prometheus-main-9090',
      'prometheus-main-from-adapter-9090',
    ]);
  });
});

describe('other sources', () => {
  const thanos = unchecked.servicePort({
    ...{ namespace: 'far', service: 'thanos', labels: { app: 'thanos' }, name: 'http', number: 9090 },
    pod: unchecked.podPort({
      ...{ namespace: 'far', podLabels: { app: 'main' }, app: 'prometheus-main', name: 'http', number: 9090 },
    }),
  });
  const token = { secret: 'tokens', key: 'thanos' };
  const { deployments, configMaps, networkPolicies, ciliumNetworkPolicies } = adapter((rules) => {
    const source = rules.source('thanos', { service: thanos, path: '/prometheus', bearerToken: token });
    rules.source('a', { url: 'https://a.example.com', bearerToken: token });
    rules.source('b', { url: 'https://b.example.com' });
    rules.pods({
      ...{ as: 'requests', reading: rate(counter, '1m'), namespace: 'namespace', pod: 'pod' },
      serving: { source },
    });
  });

  it('are named in the file, with their secrets as files', () => {
    const { sources } = parseAdapterConfig(only(configMaps).data?.['config.yaml'] ?? '', 'test');
    expect([...sources.values()].map(({ url, bearerTokenFile }) => [url, bearerTokenFile])).toEqual([
      ['http://thanos.far.svc:9090/prometheus', '/etc/adapter-secrets/tokens/thanos'],
      ['https://a.example.com', '/etc/adapter-secrets/tokens/thanos'],
      ['https://b.example.com', undefined],
    ]);
    const { containers, volumes } = only(deployments).spec.template.spec;
    expect(volumes).toContainEqual({ name: 'secret-tokens', secret: { secretName: 'tokens' } });
    expect(only(containers).volumeMounts).toContainEqual(
      expect.objectContaining({ name: 'secret-tokens', mountPath: '/etc/adapter-secrets/tokens' }),
    );
  });

  it('can be reached, even where two programs have one name', () => {
    const names = [...networkPolicies, ...ciliumNetworkPolicies].map(
      ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'metrics/adapter-to-far-prometheus-main-9090',
        'metrics/adapter-to-outside-443',
        'metrics/adapter-to-prometheus-main-9090',
        'far/prometheus-main-from-adapter-9090',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
