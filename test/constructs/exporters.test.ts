import type { Chart } from 'cdk8s';
import { checkObjects } from '../../core/check';
import { Rbac } from '../../core/kube/rbac';
import { programFor } from '../../core/workloads';
import {
  AdapterRules,
  App,
  AppDeployment,
  Autoscaler,
  Connection,
  DnsAccess,
  KubeStateMetrics,
  MetricsAdapter,
  MetricsAdapterHandle,
  MetricsServer,
  NodeExporter,
  PrivilegedNamespace,
  PrometheusHandle,
  PrometheusInstance,
  PrometheusOperator,
  ResourceMetric,
  RestrictedNamespace,
  ServiceMonitor,
  sumBy,
  value,
} from '../../constructs';
import { TEST_CLUSTER } from '../support/cluster';
import { inventory, only, render } from './render';

const prometheus = new PrometheusHandle('monitoring', 'main', { team: 'a' });
const kubeState = KubeStateMetrics.exporter('monitoring');
const nodes = NodeExporter.exporter('nodes');

const KUBE_STATE = {
  namespace: 'monitoring',
  image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0',
  apiServerPort: 6443,
};
const NODE = { namespace: 'nodes', image: 'quay.io/prometheus/node-exporter:v1.12.1' };

describe('kube-state-metrics', () => {
  const objects = inventory((chart) => new KubeStateMetrics(chart, 'k', KUBE_STATE));
  const workload = only(objects.deployments);
  const container = only(workload.spec.template.spec.containers);

  it('exports the series of its contract and no others', () => {
    const program = programFor({ workload, container, inventory: objects }, []);
    expect(program.exports?.series).toEqual(kubeState.contract.series);
    expect(program).not.toHaveProperty('exportsMore');
  });

  it('may list and watch what they are about, and nothing else', () => {
    expect(only(objects.clusterRoles).rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] },
      { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list', 'watch'] },
    ]);
    const account = { namespace: 'monitoring', name: 'kube-state-metrics' };
    expect(new Rbac(objects).can(account, { verb: 'list', group: '', resource: 'pods' })).toBe(true);
    expect(new Rbac(objects).can(account, { verb: 'list', group: '', resource: 'secrets' })).toBe(false);
    expect(objects.roles).toEqual([]);
  });

  it('names the objects of its series by their own labels', () => {
    expect(sumBy(value(kubeState.series('replicas')), ['namespace', 'deployment'])).toBe(
      'sum by (namespace, deployment) (kube_deployment_status_replicas{})',
    );
  });

  it('is asked on the port of its metrics whether it is alive, and on its own whether it is ready', () => {
    expect(container.livenessProbe?.httpGet).toMatchObject({ path: '/livez', port: 'http-metrics' });
    expect(container.readinessProbe?.httpGet).toMatchObject({ path: '/readyz', port: 'telemetry' });
  });
});

describe('a node exporter', () => {
  const objects = inventory((chart) => new NodeExporter(chart, 'n', NODE));
  const { spec } = only(objects.workloads).spec.template;
  const container = only(spec.containers);

  it('runs on every node', () => {
    expect(only(objects.workloads).kind).toBe('DaemonSet');
    expect(spec).toMatchObject({ tolerations: [{ operator: 'Exists' }] });
  });

  it('sees /proc and /sys of its node, and cannot write them', () => {
    expect(spec.volumes).toEqual([
      { name: 'proc', hostPath: { path: '/proc' } },
      { name: 'sys', hostPath: { path: '/sys' } },
    ]);
    expect(container.volumeMounts).toEqual([
      { name: 'proc', mountPath: '/host/proc', readOnly: true },
      { name: 'sys', mountPath: '/host/sys', readOnly: true },
    ]);
    expect(container.args).toEqual(
      expect.arrayContaining(['--path.procfs=/host/proc', '--path.sysfs=/host/sys']),
    );
  });

  it('has no other privilege', () => {
    expect(spec).not.toHaveProperty('hostNetwork');
    expect(spec).not.toHaveProperty('hostPID');
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65534 });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect([...objects.clusterRoles, ...objects.roles, ...objects.serviceAccounts]).toEqual([]);
  });
});

describe('monitors of exporters that speak about others', () => {
  const endpoints = (name: 'kubeState' | 'nodes') => {
    const monitor = { namespace: 'monitoring', name, labels: {}, interval: '30s' };
    const { serviceMonitors } = inventory((chart) =>
      name === 'nodes'
        ? new ServiceMonitor(chart, name, { ...monitor, exporter: nodes })
        : new ServiceMonitor(chart, name, { ...monitor, exporter: kubeState }),
    );
    return only(only(serviceMonitors).spec.endpoints);
  };

  it('leave the labels of the series alone', () => {
    expect(endpoints('kubeState')).toMatchObject({ port: 'http-metrics', honorLabels: true });
    expect(endpoints('nodes')).not.toHaveProperty('honorLabels');
  });

  it('add the name of the node', () => {
    expect(endpoints('nodes').relabelings).toEqual([
      { sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' },
    ]);
    expect(endpoints('kubeState')).not.toHaveProperty('relabelings');
  });
});

/** All of them together, monitored, with an autoscaler on CPU and one on what kube-state-metrics says. */
function cluster(chart: Chart): void {
  const podSecurity = '1.36';
  for (const name of ['monitoring', 'metrics', 'shop']) {
    new RestrictedNamespace(chart, name, { name, podSecurity });
    new DnsAccess(chart, `${name}-dns`, { namespace: name });
  }
  new PrivilegedNamespace(chart, 'nodes', { name: 'nodes', podSecurity, reason: 'reads /proc and /sys' });
  const operator = 'quay.io/prometheus-operator';
  new PrometheusOperator(chart, 'operator', {
    namespace: 'monitoring',
    image: `${operator}/prometheus-operator:v0.93.0`,
    reloaderImage: `${operator}/prometheus-config-reloader:v0.93.0`,
    apiServerPort: 6443,
  });
  new PrometheusInstance(chart, 'prometheus', {
    prometheus,
    image: 'quay.io/prometheus/prometheus:v3.14.0',
    version: 'v3.14.0',
    scrapeInterval: '15s',
    discovers: ['monitoring', 'nodes'],
    apiServerPort: 6443,
  });
  new KubeStateMetrics(chart, 'kube-state-metrics', KUBE_STATE);
  new NodeExporter(chart, 'node-exporter', NODE);
  new MetricsServer(chart, 'metrics-server', {
    namespace: 'metrics',
    image: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
    apiServerPort: 6443,
  });
  const monitor = { namespace: 'monitoring', labels: prometheus.monitorLabels, interval: '15s' };
  new ServiceMonitor(chart, 'm1', { ...monitor, name: 'kube-state', exporter: kubeState });
  new ServiceMonitor(chart, 'm2', { ...monitor, name: 'nodes', exporter: nodes });
  for (const { port } of [kubeState, nodes]) {
    new Connection(chart, `to-${port.service}`, { from: prometheus.app, to: port.pod });
  }
  const rules = new AdapterRules();
  const requests = rules.pods({
    as: 'cpu_requests',
    reading: value(kubeState.series('requests'), { resource: 'cpu' }),
    namespace: 'namespace',
    pod: 'pod',
  });
  new MetricsAdapter(chart, 'adapter', {
    handle: new MetricsAdapterHandle('metrics', 'adapter'),
    image: 'plimsoll/adapter:0.1.0',
    rules,
    prometheus: prometheus.service,
    relistInterval: '30s',
    apiServerPort: 6443,
  });
  const app = new App({ namespace: 'shop', name: 'cart', replicas: 'autoscaled' });
  new AppDeployment(chart, 'cart', {
    app,
    image: 'shop/cart:1.0.0',
    user: 10001,
    resources: { cpu: { request: '10m', limit: '20m' }, memory: '32Mi' },
  });
  new Autoscaler(chart, 'autoscaler', {
    target: app,
    min: 1,
    max: 3,
    metrics: [ResourceMetric.cpu.utilization(90), requests.average('1')],
  });
}

describe('metrics-server and exporters together', () => {
  const found = (change: (object: string) => string = (object) => object) =>
    checkObjects(
      render(cluster).map((object) => ({
        object: JSON.parse(change(JSON.stringify(object))) as typeof object,
        origin: {},
      })),
      TEST_CLUSTER,
    );
  const unexpected = (change?: (object: string) => string) =>
    found(change)
      .filter(({ accepted }) => accepted === undefined)
      .map(({ severity, check, object }) => `${severity} ${check} ${object.kind} ${object.name}`);

  it('make a chain in which nothing is wrong, but that nobody signs the certificate of metrics-server', () => {
    expect(unexpected()).toEqual([]);
    expect(found().map(({ check, object }) => [check, object.name])).toEqual([
      ['api-service-insecure', 'v1beta1.metrics.k8s.io'],
    ]);
  });

  it('need honorLabels, without which a rule names the pod of the exporter', () => {
    expect(unexpected((object) => object.replace('"honorLabels":true,', ''))).not.toEqual([]);
  });

  it('are known by what they may export: a rule on other series is wrong, or not verified', () => {
    const rule = (object: string) =>
      object.replaceAll('kube_pod_container_resource_requests{', 'kube_pod_info{');
    expect(unexpected(rule)).toEqual(['error series-not-scraped ConfigMap adapter-config']);
    const unlisted = (object: string) =>
      rule(object)
        .replace(/"--metric-allowlist=[^"]*",?/, '')
        .replace(',]', ']');
    expect(unexpected(unlisted)).toEqual(['info metric-not-verified HorizontalPodAutoscaler cart']);
  });

  it('need the API server to reach metrics-server', () => {
    const closed = (object: string) =>
      object.includes('metrics-server-from-control-plane') ? object.replace('"10250"', '"10255"') : object;
    expect(unexpected(closed).some((finding) => finding.startsWith('error hop-blocked'))).toBe(true);
  });

  it('need a namespace that admits a look into the node', () => {
    const restricted = (object: string) => object.replaceAll('"privileged"', '"restricted"');
    expect(unexpected(restricted)).toEqual(['error pod-security-violation DaemonSet node-exporter']);
  });
});
