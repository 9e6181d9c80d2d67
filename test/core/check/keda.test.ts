import { checkObjects, type Finding } from '../../../core/check';
import { defineScenario } from '../../../core/model';
import { KEDA_CHAIN, KEDA_PROGRAMS } from '../../support/keda';
import { TEST_CLUSTER } from '../../support/cluster';
import { objectsOf } from './fixture';

const { programs } = defineScenario({ duration: '1m', programs: KEDA_PROGRAMS }, 'test');
const SCALED = 'ScaledObject shop/api-scaler';
const QUERY = 'sum(rate(http_server_requests_seconds_count{uri="/api"}[1m]))';
/** Findings that the small chain has anyway: it declares no namespaces' rules, images' digests and the like. */
const USUAL = ['rate-window-tight', 'namespace-missing', 'missing-secret'];

/** What is found that has to do with KEDA, in short. */
function findings(yaml: string): readonly Finding[] {
  return checkObjects(objectsOf(yaml), TEST_CLUSTER, programs);
}

function short(found: readonly Finding[]): readonly string[] {
  return found
    .filter(({ check }) => !USUAL.includes(check))
    .map(({ severity, check, object }) => `${severity} ${check} ${object.kind} ${object.name}`);
}

function changed(from: string, to: string): string {
  if (!KEDA_CHAIN.includes(from)) throw new Error(`the chain does not contain ${from}`);
  return KEDA_CHAIN.replace(from, () => to);
}

function without(name: string): string {
  return KEDA_CHAIN.split('\n---\n')
    .filter((document) => !document.includes(`metadata: { name: ${name}`))
    .join('\n---\n');
}

const onScaledObject = (severity: string, check: string) => `${severity} ${check} ScaledObject api-scaler`;

describe('a chain with KEDA', () => {
  it('has nothing wrong with it but what is wrong on purpose', () => {
    expect(short(findings(KEDA_CHAIN))).toEqual([]);
    // Recipes for KEDA take a window of two scrapes.
    expect(findings(KEDA_CHAIN).map(({ check }) => check)).toContain('rate-window-tight');
  });

  it.each([
    // installed
    ['without operator', without('keda-operator, namespace'), 'error', 'keda-missing'],
    ['without metrics API', without('v1beta1.external'), 'error', 'keda-missing'],
    [
      'whose operator watches elsewhere',
      changed("name: WATCH_NAMESPACE, value: ''", "name: WATCH_NAMESPACE, value: 'a,b'"),
      'error',
      'keda-scope',
    ],
    // valid
    [
      'with a ScaledObject whose least is above its most',
      changed('maxReplicaCount: 10', 'maxReplicaCount: 1'),
      'error',
      'scaled-object-invalid',
    ],
    [
      'with a threshold that is no number',
      changed("threshold: '100'", "threshold: '100m'"),
      'error',
      'scaled-object-invalid',
    ],
    ['with a number for text', changed("threshold: '100'", 'threshold: 100'), 'error', 'unreadable-object'],
    [
      'with a threshold of nothing',
      changed("threshold: '100'", "threshold: '0'"),
      'error',
      'invalid-autoscaler',
    ],
    [
      'with a trigger of another type',
      changed('type: prometheus', 'type: kafka'),
      'info',
      'scaled-object-not-understood',
    ],
    [
      'with a fallback',
      changed(
        '  minReplicaCount: 2',
        '  fallback: { failureThreshold: 3, replicas: 5 }\n  minReplicaCount: 2',
      ),
      'info',
      'scaled-object-not-understood',
    ],
    [
      'with a name that KEDA 1 had',
      changed("threshold: '100'", "threshold: '100'\n        metricName: a"),
      'warning',
      'trigger-key-ignored',
    ],
    [
      'that scales nothing',
      changed('name: api }\n  min', 'name: apo }\n  min'),
      'error',
      'autoscaler-target-missing',
    ],
    // query
    ['with a query that is none', changed(QUERY, 'sum('), 'error', 'rule-query-invalid'],
    ['with a window of less than two scrapes', changed('[1m]', '[30s]'), 'error', 'rate-window-too-short'],
    [
      'with a counter as it is',
      changed(QUERY, 'sum(http_server_requests_seconds_count)'),
      'warning',
      'counter-without-rate',
    ],
    ['with a label that no series has', changed('uri="/api"', 'url="/api"'), 'error', 'query-without-series'],
    [
      'with a series that nothing exports',
      changed('seconds_count{', 'seconds_counts{'),
      'error',
      'trigger-series-not-scraped',
    ],
    [
      'with several elements',
      changed(QUERY, 'sum by (pod) (rate(http_server_requests_seconds_count[2m]))'),
      'warning',
      'trigger-result-ambiguous',
    ],
    ['with a number', changed(QUERY, `scalar(${QUERY})`), 'error', 'trigger-result-type'],
    // Prometheus
    [
      'whose server is no Service',
      changed('http://prometheus.monitoring.svc.cluster.local:9090', 'http://prom.monitoring.svc:9090'),
      'error',
      'trigger-prometheus-unreachable',
    ],
    [
      'whose server speaks otherwise',
      changed('http://prometheus.monitoring.svc', 'https://prometheus.monitoring.svc'),
      'error',
      'trigger-prometheus-unreachable',
    ],
    [
      'whose server is no URL',
      changed('http://prometheus.monitoring.svc.cluster.local:9090', 'prometheus.monitoring.svc:9090'),
      'error',
      'trigger-prometheus-unreachable',
    ],
    [
      'whose server is outside, by a name of two parts',
      changed('http://prometheus.monitoring.svc.cluster.local:9090', 'https://example.com/'),
      'info',
      'trigger-not-verified',
    ],
    [
      'whose server is outside',
      changed('http://prometheus.monitoring.svc.cluster.local:9090', 'https://prometheus.example.org'),
      'info',
      'trigger-not-verified',
    ],
  ])('%s', (_what, yaml, severity, check) => {
    const found = short(findings(yaml));
    expect(found).toContain(onScaledObject(severity, check));
    expect(found.filter((line) => line.startsWith('error'))).toEqual(
      severity === 'error' ? found.filter((line) => line === onScaledObject('error', check)) : [],
    );
  });

  it('whose operator may not make autoscalers', () => {
    const found = findings(changed('resources: [horizontalpodautoscalers]', 'resources: [jobs]'));
    expect(short(found)).toEqual(['error keda-access Deployment keda-operator']);
    expect(found.map(({ message }) => message).join()).toContain(`so it does not scale by ${SCALED}`);
  });

  it('whose metrics API server may not look up its callers', () => {
    expect(short(findings(without('keda-delegator')))).toEqual([
      'error adapter-delegation Deployment keda-metrics',
    ]);
  });

  it.each([
    [
      'whose port is no number',
      '--secure-port=6443',
      '--secure-port=https',
      'Deployment keda-metrics',
      'container keda-metrics: --secure-port=https must be a whole number from 0 to 65535',
    ],
    [
      'that listens elsewhere',
      '--secure-port=6443',
      '--secure-port=8443',
      'Service keda-metrics',
      'it leads to port 6443 of Deployment monitoring/keda-metrics, but the metrics API server of KEDA listens on 8443 (--secure-port)',
    ],
    [
      'that looks for the operator elsewhere',
      '=keda-operator.monitoring.svc.cluster.local:9666',
      '=keda-operator.monitoring.svc.cluster.local:9667',
      'Deployment keda-metrics',
      'it asks the operator of KEDA at keda-operator.monitoring.svc.cluster.local:9667, which is port 9667 of Service monitoring/keda-operator, which does not exist',
    ],
    [
      'that looks for the operator outside',
      '=keda-operator.monitoring.svc.cluster.local:9666',
      '=keda.example.org:9666',
      'Deployment keda-metrics',
      'it asks the operator of KEDA at keda.example.org:9666, which leads out of the cluster',
    ],
    [
      'whose address of the operator is none',
      '=keda-operator.monitoring.svc.cluster.local:9666',
      '=/run/keda.sock',
      'Deployment keda-metrics',
      'it asks the operator of KEDA at /run/keda.sock, which is no address of the form HOST:PORT',
    ],
  ])('with a metrics API server %s', (_what, from, to, object, message) => {
    const found = findings(changed(from, to));
    expect(short(found)).toEqual([`error keda-misconfigured ${object}`]);
    expect(found.map((finding) => finding.message)).toContain(message);
  });

  it('beside an adapter that has the external metrics too', () => {
    const rival = `---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.external.metrics.k8s.io }
spec: { group: external.metrics.k8s.io, version: v1beta1, service: { name: adapter, namespace: monitoring } }
`;
    expect(short(findings(KEDA_CHAIN + rival))).toContain(
      'error api-service-owned-twice APIService v1beta1.external.metrics.k8s.io',
    );
  });

  it('beside a second ScaledObject of the workload, in the words of the webhook', () => {
    const second = KEDA_CHAIN.slice(KEDA_CHAIN.lastIndexOf('---')).replace('api-scaler', 'other-scaler');
    const found = findings(KEDA_CHAIN + second);
    expect(found.map(({ message }) => message)).toContain(
      "the workload 'api' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'api-scaler'",
    );
  });

  it.each([
    ['keda-metrics', 'ingress of the metrics API server'],
    ['keda-operator', 'ingress of the operator'],
  ])('whose %s lets nobody in (%s)', (app) => {
    const deny = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: monitoring }
spec: { podSelector: { matchLabels: { app: ${app} } }, policyTypes: [Ingress] }
`;
    expect(short(findings(KEDA_CHAIN + deny))).toEqual(['error hop-blocked NetworkPolicy closed']);
  });

  it.each([
    ['keda-metrics', ['hop-blocked', 'api-server-blocked', 'dns-blocked']],
    ['keda-operator', ['hop-blocked', 'api-server-blocked', 'dns-blocked']],
  ])('whose %s may call nobody', (app, checks) => {
    const deny = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: monitoring }
spec: { podSelector: { matchLabels: { app: ${app} } }, policyTypes: [Egress] }
`;
    expect(short(findings(KEDA_CHAIN + deny))).toEqual(
      checks.map((check) => `error ${check} NetworkPolicy closed`),
    );
  });
});

describe('one element at most', () => {
  it.each([
    'sum(up)',
    'sum(up) / count(up)',
    'sum(up) or vector(0)',
    'max(sum by (pod) (up))',
    'sum by (uri) (rate(http_server_requests_seconds_count{uri="/api"}[2m]))',
    'abs(sum(up)) * 2',
    'vector(1)',
  ])('%s', (query) => {
    expect(findings(changed(QUERY, query)).map(({ check }) => check)).not.toContain(
      'trigger-result-ambiguous',
    );
  });

  it.each([
    'up',
    'sum by (pod) (up)',
    'sum without (pod) (up)',
    'up or vector(0)',
    'sum by (uri) (up) or sum(up)',
  ])('not %s', (query) => {
    expect(findings(changed(QUERY, query)).map(({ check }) => check)).toContain('trigger-result-ambiguous');
  });
});
