import { ApiResources } from '../../core/kube/api-resources';
import {
  compileRules,
  explainRule,
  parseAdapterConfig,
  RestMapper,
  UPSTREAM_POLICIES,
} from '../../core/rules';
import { BACKEND_METRICS } from '../../core/workloads';
import { AdapterRules, rate, unchecked, value } from '../../constructs';
import { only } from './render';

const requests = unchecked.series({
  name: 'requests_total',
  type: 'counter',
  labels: ['namespace', 'pod', 'service', 'queue', 'code'],
});
const depth = unchecked.series({ name: 'depth', type: 'gauge', labels: ['namespace', 'ingress'] });

/** What the adapter makes of the file. */
function explained(rules: AdapterRules, series: string) {
  const compiled = compileRules(
    parseAdapterConfig(rules.toYaml('test'), 'test'),
    new RestMapper(ApiResources.builtin()),
  );
  return explainRule(only(compiled), series);
}

describe('a rule about pods', () => {
  const rules = new AdapterRules();
  const metric = rules.pods({
    as: 'requests_per_second',
    reading: rate(requests, '1m', { code: '200' }),
    namespace: 'namespace',
    pod: 'pod',
  });

  it('yields the handle of the metric that the adapter serves', () => {
    expect(metric).toMatchObject({ kind: 'Pods', name: 'requests_per_second' });
    expect(explained(rules, 'requests_total').naming).toMatchObject({ metric: 'requests_per_second' });
  });

  it('maps the labels and queries only what it was told to', () => {
    const { mappings, samples } = explained(rules, 'requests_total');
    expect(mappings.map(({ label, resource }) => [label, resource.resource])).toEqual([
      ['namespace', 'namespaces'],
      ['pod', 'pods'],
    ]);
    expect(samples[1]).toMatchObject({
      query:
        'sum(rate(requests_total{namespace="namespace-1",pod=~"name-1|name-2",code="200"}[1m])) by (pod)',
    });
  });

  it('considers only series on which both labels are set', () => {
    const { rules: parsed } = parseAdapterConfig(rules.toYaml('test'), 'test');
    expect(only(parsed).seriesQuery).toBe('requests_total{code="200",namespace!="",pod!=""}');
  });
});

describe('a rule about other objects', () => {
  it('names the resource with its group and yields a handle that knows the kind', () => {
    const rules = new AdapterRules();
    const metric = rules.object({
      as: 'queue_depth',
      reading: value(depth),
      namespace: 'namespace',
      object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', label: 'ingress' },
    });
    expect(metric).toMatchObject({ kind: 'Object', name: 'queue_depth', objectKind: 'Ingress' });
    expect(explained(rules, 'depth').mappings).toContainEqual({
      label: 'ingress',
      resource: { group: 'networking.k8s.io', resource: 'ingresses' },
    });
    expect(rules.describedKinds.map(({ plural }) => plural)).toEqual(['namespaces', 'ingresses']);
  });

  it('refuses a kind that the cluster does not have', () => {
    expect(() =>
      new AdapterRules().object({
        as: 'x',
        reading: value(depth),
        namespace: 'namespace',
        object: { apiVersion: 'v1', kind: 'Ingress', label: 'ingress' },
      }),
    ).toThrow('adapter rule x: unknown kind v1 Ingress');
  });
});

describe('an external rule', () => {
  it('is open to every namespace without a namespace label', () => {
    const rules = new AdapterRules();
    expect(rules.external({ as: 'all_requests', reading: rate(requests, '1m') })).toMatchObject({
      kind: 'External',
    });
    expect(rules.groups).toEqual(['external.metrics.k8s.io']);
    expect(explained(rules, 'requests_total').samples).toEqual([
      { query: 'sum(rate(requests_total{}[1m])) by ()' },
    ]);
  });

  it('is confined by a namespace label', () => {
    const rules = new AdapterRules();
    rules.external({ as: 'all_requests', reading: rate(requests, '1m'), namespace: 'namespace' });
    expect(explained(rules, 'requests_total').samples).toMatchObject([
      { query: expect.stringContaining('namespace="namespace-1"') as string },
    ]);
  });
});

describe('a rule of any kind', () => {
  it('refuses a name that no path of the metrics API can have', () => {
    expect(() => new AdapterRules().external({ as: 'a b', reading: value(depth) })).toThrow(
      '"a b" cannot be the name of a metric',
    );
  });
});

describe('rules together', () => {
  const rule = { as: 'same', reading: rate(requests, '1m'), namespace: 'namespace', pod: 'pod' } as const;

  it('refuse two metrics of one name for one kind', () => {
    const rules = new AdapterRules();
    rules.pods(rule);
    expect(() => rules.pods(rule)).toThrow('two adapter rules make pods/same: give one another name');
  });

  it('allow one name for two kinds', () => {
    const rules = new AdapterRules();
    rules.pods(rule);
    const service = { apiVersion: 'v1', kind: 'Service', label: 'service' } as const;
    expect(rules.object({ ...rule, object: service }).name).toBe('same');
  });
});

describe('escape hatches', () => {
  it('pass a raw rule through', () => {
    const rules = new AdapterRules();
    rules.uncheckedCustom({
      seriesQuery: 'up{job!=""}',
      resources: { template: '<<.Resource>>' },
      name: { matches: '^up$', as: 'is_up' },
      metricsQuery: 'max(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    });
    expect(explained(rules, 'up').naming).toMatchObject({ metric: 'is_up' });
    expect(unchecked.podsMetric('is_up').kind).toBe('Pods');
  });

  it.each([
    ['a bad template', { metricsQuery: 'sum(<<.Series)' }],
    ['an unknown resource', { resources: { overrides: { x: { resource: 'carts' } } } }],
    ['a bad expression', { seriesFilters: [{ is: '(' }] }],
  ])('refuse %s when the file is rendered', (_, wrong) => {
    const rules = new AdapterRules();
    rules.uncheckedCustom({ seriesQuery: 'up', metricsQuery: 'sum(<<.Series>>)', ...wrong });
    expect(() => rules.toYaml('ConfigMap a/b config.yaml')).toThrow('ConfigMap a/b config.yaml');
  });

  it('refuse names and selectors that cannot be', () => {
    expect(() => unchecked.externalMetric('a/b')).toThrow('"a/b" cannot be the name of a metric');
    expect(() => unchecked.series({ name: 'a-b', type: 'gauge', labels: [] })).toThrow('"a-b" cannot name');
    expect(() => unchecked.series({ name: 'a', type: 'gauge', labels: ['b.c'] })).toThrow('series a: "b.c"');
    const port = { namespace: 'a', service: 'b', labels: {}, name: 'http', number: 80 };
    const pod = unchecked.podPort({
      namespace: 'a',
      podLabels: { app: 'b' },
      app: 'b',
      name: 'http',
      number: 80,
    });
    expect(() => unchecked.servicePort({ ...port, pod })).toThrow('service port a/b:http: give the labels');
    expect(() => unchecked.podPort({ ...pod, podLabels: {} })).toThrow('pod port a/b:http: give the labels');
    expect(unchecked.exporter(pod, BACKEND_METRICS).series('echo').name).toBe('echo_requests_total');
    expect(() => unchecked.exporter(pod, { ...BACKEND_METRICS, port: 'web' })).toThrow(
      'port "http" cannot export what a contract has on port "web"',
    );
  });
});

describe('how rules are served', () => {
  const labels = { namespace: 'namespace', pod: 'pod' } as const;
  const requestsRule = { as: 'requests', reading: rate(requests, '1m'), ...labels };

  it('stands in the section of the rule, and of no other', () => {
    const rules = new AdapterRules();
    const thanos = rules.source('thanos', { url: 'https://thanos.example.com/api', tenant: 'shop' });
    rules.pods({
      ...requestsRule,
      serving: {
        source: thanos,
        freshness: '0s',
        maxAge: '10m',
        fusion: 'off',
        staleness: { maxSampleAge: '90s', action: 'error' },
      },
    });
    rules.external({ as: 'depth', reading: value(depth) });
    const { rules: pods, externalRules } = parseAdapterConfig(rules.toYaml('test'), 'test');
    expect(only(pods).settings).toEqual({
      source: 'thanos',
      freshnessMs: 0,
      maxAgeMs: 600_000,
      fusion: 'off',
      staleness: { maxSampleAgeMs: 90_000, action: 'error' },
    });
    expect(only(externalRules).settings).toEqual({ source: '', freshnessMs: 7500, fusion: 'auto' });
  });

  it('takes secrets of a source from files', () => {
    const rules = new AdapterRules(UPSTREAM_POLICIES);
    rules.source('mimir', {
      ...{ url: 'https://mimir.example.com/prometheus', verb: 'GET', timeout: '5s', concurrency: 4 },
      headers: { 'X-Team': 'shop' },
      tls: {
        ca: { secret: 'mimir', key: 'ca.crt' },
        certificate: { secret: 'client', key: 'tls.crt' },
        key: { secret: 'client', key: 'tls.key' },
        serverName: 'mimir',
      },
      oauth2: {
        ...{ tokenUrl: 'https://login.example.com:8443/token', clientId: 'adapter', scopes: ['read'] },
        clientSecret: { secret: 'mimir', key: 'secret' },
        parameters: { audience: 'metrics' },
      },
    });
    rules.source('basic', {
      url: 'http://a.example.com',
      basic: { username: 'me', password: { secret: 'basic', key: 'password' } },
    });
    rules.source('token', { url: 'http://b.example.com', bearerToken: { secret: 'token', key: 'token' } });
    rules.source('aws', { url: 'https://aps.example.com', sigv4: { region: 'eu-west-1' } });
    rules.pods(requestsRule);
    const { sources } = parseAdapterConfig(rules.toYaml('test'), 'test');
    expect([...sources.values()]).toMatchObject([
      {
        ...{ name: 'mimir', url: 'https://mimir.example.com/prometheus', verb: 'GET' },
        ...{ timeoutMs: 5000, concurrency: 4, headers: [['X-Team', 'shop']] },
        tls: {
          caFile: '/etc/adapter-secrets/mimir/ca.crt',
          certFile: '/etc/adapter-secrets/client/tls.crt',
          keyFile: '/etc/adapter-secrets/client/tls.key',
          serverName: 'mimir',
        },
        oauth2: {
          ...{ tokenUrl: 'https://login.example.com:8443/token', clientId: 'adapter', scopes: ['read'] },
          clientSecretFile: '/etc/adapter-secrets/mimir/secret',
          parameters: { audience: 'metrics' },
        },
      },
      { name: 'basic', basic: { username: 'me', passwordFile: '/etc/adapter-secrets/basic/password' } },
      { name: 'token', bearerTokenFile: '/etc/adapter-secrets/token/token' },
      { name: 'aws', sigv4: { region: 'eu-west-1', service: 'aps' } },
    ]);
  });

  it('compiles the queries of CPU and memory too', () => {
    const usage = (containerQuery: string) => ({
      ...{ containerQuery, nodeQuery: 'cpu', containerLabel: 'container' },
      resources: { overrides: { pod: { resource: 'pod' } } },
    });
    const written = (query: string) => {
      const rules = new AdapterRules();
      rules.uncheckedResources({ cpu: usage(query), memory: usage('memory'), window: '1m' });
      return rules.toYaml('ConfigMap a/b');
    };
    expect(written('cpu{<<.LabelMatchers>>}')).toContain('resourceRules:');
    expect(() => written('cpu{<<.LabelMatchers}')).toThrow(
      /^ConfigMap a\/b:\d+:\d+: resourceRules\.cpu\.containerQuery: /,
    );
  });

  it('refuses two sources of one name, a source of other rules, and what is wrong in one', () => {
    const rules = new AdapterRules();
    const source = rules.source('thanos', { url: 'https://thanos.example.com' });
    expect(() => rules.source('thanos', { url: 'https://other.example.com' })).toThrow(
      'two sources of adapter rules are called "thanos": give one another name',
    );
    const others = new AdapterRules();
    others.pods({ ...requestsRule, serving: { source } });
    expect(() => others.toYaml('ConfigMap a/b')).toThrow(/ConfigMap a\/b.*thanos/s);
    const wrong = new AdapterRules();
    wrong.pods({ ...requestsRule, serving: { freshness: 'soon' } });
    expect(() => wrong.toYaml('ConfigMap a/b')).toThrow(/ConfigMap a\/b.*freshness.*soon/s);
    expect(() => rules.source('ftp', { url: 'ftp://a' }).peers).toThrow(
      'source ftp: "ftp://a" must be a URL with http or https',
    );
  });
});

describe('the file for prometheus-adapter', () => {
  const labels = { namespace: 'namespace', pod: 'pod' } as const;
  const requestsRule = { as: 'requests', reading: rate(requests, '1m'), ...labels };

  it('has no policies, which it would refuse', () => {
    const rules = new AdapterRules();
    rules.pods(requestsRule);
    expect(rules.toYaml('test')).toContain('plimsoll:');
    expect(rules.toYaml('test', true)).not.toContain('plimsoll:');
  });

  it('cannot have sources, or rules that are served in a way of their own', () => {
    const rules = new AdapterRules();
    rules.source('a', { url: 'https://a.example.com' });
    expect(() => rules.toYaml('ConfigMap a/b', true)).toThrow(
      'ConfigMap a/b: sources: prometheus-adapter does not know it; use plimsoll/adapter',
    );
    rules.pods({ ...requestsRule, serving: { fusion: 'off' } });
    expect(() => rules.toYaml('ConfigMap a/b', true)).toThrow('how requests is served');
  });
});
