import { findAdapters } from '../../../core/chain';
import { Inventory } from '../../../core/kube/inventory';
import { chain, type Edit } from '../check/fixture';

const ADAPTER = 'Deployment monitoring/adapter';
const ARGS = `args:
            - --config=/etc/adapter/config.yaml
            - --prometheus-url=http://prometheus.monitoring.svc:9090/
            - --metrics-relist-interval=1m
            - --secure-port=6443`;

function adapters(edits: readonly Edit[] = [], added = '') {
  return findAdapters(new Inventory(chain(edits, added).map(({ object }) => object)));
}

function problemsOf(object: string, replace: string, by: string) {
  return adapters([{ object, replace, by }]).flatMap(({ problems }) =>
    problems.map(({ step, message }) => `${step}: ${message}`),
  );
}

describe('the adapter among objects', () => {
  it('is found from its APIService: workload, port, flags, rules and Prometheus', () => {
    const [adapter, ...others] = adapters();
    expect(others).toEqual([]);
    expect(adapter).toMatchObject({
      apiServices: [{ metadata: { name: 'v1beta1.custom.metrics.k8s.io' } }],
      workload: { metadata: { name: 'adapter' } },
      podPort: 6443,
      container: { name: 'adapter' },
      flags: { metricsRelistIntervalMs: 60_000 },
      config: { key: 'config.yaml', configMap: { metadata: { name: 'adapter-rules' } } },
      prometheus: { scheme: 'http', namespace: 'monitoring', service: 'prometheus', port: 9090, path: '/' },
      problems: [],
    });
    expect(adapter?.config?.text).toMatch(/^rules:/);
  });

  it.each([
    ['plimsoll/adapter', 'plimsoll'],
    ['plimsoll/adapter:0.1.0', 'plimsoll'],
    [`plimsoll/adapter:0.1.0@sha256:${'0'.repeat(64)}`, 'plimsoll'],
    [`registry.example.com:5000/team/plimsoll/adapter@sha256:${'0'.repeat(64)}`, 'plimsoll'],
    ['docker.io/plimsoll/adapter:0.1.0', 'plimsoll'],
    ['localhost/plimsoll/adapter', 'plimsoll'],
    ['registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0', 'prometheus-adapter'],
    ['example.com/simplimsoll/adapter:0.1.0', 'prometheus-adapter'],
    ['example.com/plimsoll/adapter/fork:0.1.0', 'prometheus-adapter'],
    ['example.com/plimsoll/adapter-next:0.1.0', 'prometheus-adapter'],
    ['directxman12/k8s-prometheus-adapter-amd64', 'prometheus-adapter'],
  ])('%s is %s', (image, program) => {
    const upstream = 'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0';
    expect(adapters([{ object: ADAPTER, replace: upstream, by: image }])).toMatchObject([{ program }]);
  });

  it('is one for all APIServices that lead to it', () => {
    const second = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.external.metrics.k8s.io }
spec: { group: external.metrics.k8s.io, version: v1beta1, service: { name: adapter, namespace: monitoring, port: 443 } }`;
    expect(adapters([], second).map(({ apiServices }) => apiServices.length)).toEqual([2]);
  });

  it('is not looked for behind other APIs', () => {
    const apiService = 'APIService v1beta1.custom.metrics.k8s.io';
    expect(adapters([{ object: apiService, replace: 'custom.metrics', by: 'metrics' }])).toEqual([]);
  });

  it('takes arguments from the command, and the environment from its values', () => {
    const command = `command: [/adapter, --config, $(DIR)/config.yaml]
          args: [--prometheus-url=$(URL)]
          env: [{ name: DIR, value: /etc/adapter }, { name: URL, value: "http://$(HOST):9090" }, { name: HOST, value: late }]`;
    const [adapter] = adapters([{ object: ADAPTER, replace: ARGS, by: command }]);
    expect(adapter?.flags).toMatchObject({
      configPath: '/etc/adapter/config.yaml',
      prometheusUrl: 'http://$(HOST):9090',
    });
    expect(adapter?.problems).toMatchObject([{ step: 'prometheus' }, { step: 'listen' }]);
  });

  it.each([
    [
      'a single file',
      'mountPath: /etc/adapter/config.yaml, subPath: config.yaml',
      'configMap: { name: adapter-rules }',
    ],
    [
      'a key under another path',
      'mountPath: /etc/',
      'configMap: { name: adapter-rules, items: [{ key: config.yaml, path: adapter/config.yaml }] }',
    ],
    [
      'a projected volume',
      'mountPath: /etc/adapter',
      'projected: { sources: [{ secret: { name: a } }, { configMap: { name: adapter-rules } }] }',
    ],
  ])('reads rules from %s', (_what, mount, source) => {
    const [adapter] = adapters([
      { object: ADAPTER, replace: 'mountPath: /etc/adapter', by: mount },
      { object: ADAPTER, replace: 'configMap: { name: adapter-rules }', by: source },
    ]);
    expect(adapter?.problems).toEqual([]);
    expect(adapter?.config?.key).toBe('config.yaml');
  });

  it.each([
    [
      'APIService v1beta1.custom.metrics.k8s.io',
      'name: adapter,',
      'name: gone,',
      'service: Service monitoring/gone does not exist',
    ],
    [
      'APIService v1beta1.custom.metrics.k8s.io',
      'service: { name: adapter, namespace: monitoring }',
      'service: null',
      'service: spec.service is not set, so the API server serves custom.metrics.k8s.io itself, and it cannot',
    ],
    [
      'Service monitoring/adapter',
      'port: 443',
      'port: 6443',
      'port: Service monitoring/adapter has no port 443, only 6443',
    ],
    [
      'Service monitoring/adapter',
      'targetPort: https',
      'targetPort: tls',
      'port: port 443 leads to port "tls", which no container of Deployment monitoring/adapter has',
    ],
    [
      'Service monitoring/adapter',
      'app: adapter',
      'app: other',
      'workload: selects the pods of no workload, so the API that it serves has no endpoints',
    ],
    [
      ADAPTER,
      ARGS,
      'args: [serve]',
      'container: no container has a --config or --prometheus-url argument, so the metrics that it serves are not known',
    ],
    [
      ADAPTER,
      '--secure-port=6443',
      '--secure=6443',
      'flags: container adapter: adapter: unknown flag --secure',
    ],
    [
      ADAPTER,
      'mountPath: /etc/adapter',
      'mountPath: /config',
      'config: container adapter: nothing is mounted at /etc/adapter/config.yaml',
    ],
    [
      ADAPTER,
      'volumes: [{ name: config,',
      'volumes: [{ name: rules,',
      'config: container adapter: /etc/adapter/config.yaml is on volume "config", which the pod does not have',
    ],
    [
      ADAPTER,
      'configMap: { name: adapter-rules }',
      'configMap: { name: rules }',
      'config: container adapter: /etc/adapter/config.yaml cannot be read: ConfigMap monitoring/rules does not exist',
    ],
    [
      ADAPTER,
      'adapter/config.yaml',
      'adapter/rules.yaml',
      'config: container adapter: /etc/adapter/rules.yaml cannot be read: ConfigMap monitoring/adapter-rules has no key "rules.yaml"',
    ],
    [
      ADAPTER,
      'configMap: { name: adapter-rules }',
      'emptyDir: {}',
      'config: container adapter: /etc/adapter/config.yaml cannot be read: its volume holds no ConfigMap',
    ],
    [ADAPTER, '=/etc/adapter/', '=', 'config: container adapter: "config.yaml" is not an absolute path'],
    [
      ADAPTER,
      'http://prometheus.monitoring.svc:9090/',
      'https://metrics.example.com.org:1/',
      'outside: container adapter: --prometheus-url=https://metrics.example.com.org:1/ leads out of the cluster',
    ],
    [
      ADAPTER,
      'http://prometheus.monitoring.svc:9090/',
      'prometheus.monitoring.svc:9090',
      'prometheus: container adapter: --prometheus-url=prometheus.monitoring.svc:9090 is no URL of the form http://HOST:PORT/PATH',
    ],
  ])('%s with "%s" instead of "%s" is a step that leads nowhere', (object, replace, by, problem) => {
    expect(problemsOf(object, replace, by)).toEqual([problem]);
  });
});
