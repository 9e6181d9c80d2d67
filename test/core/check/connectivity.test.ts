import { checkObjects } from '../../../core/check';
import type { ClusterDescriptor } from '../../../core/model';
import { deployment } from '../../support/chain';
import { TEST_CLUSTER } from '../../support/cluster';
import { chain, chainWithout, summary, type Edit } from './fixture';

const LOAD = 'CiliumNetworkPolicy shop/load';
const BACKEND = 'CiliumNetworkPolicy shop/backend';
const PROMETHEUS = 'CiliumNetworkPolicy monitoring/prometheus';
const ADAPTER = 'CiliumNetworkPolicy monitoring/adapter';

describe('a hop that policies close', () => {
  it.each<readonly [hop: string, edit: Edit, expected: readonly string[]]>([
    [
      'load → backend, at the backend',
      { object: BACKEND, replace: 'app: load', by: 'app: loads' },
      [`error hop-blocked ${BACKEND}`],
    ],
    [
      'load → backend, at the load generator',
      { object: LOAD, replace: '8080', by: '8081' },
      [`error hop-blocked ${LOAD}`],
    ],
    [
      'load → backend, with a path that the L7 rule does not allow',
      { object: 'ConfigMap shop/load-targets', replace: '/echo', by: '/other' },
      [`error hop-blocked ${BACKEND}`],
    ],
    [
      'Prometheus → target on the nodes',
      { object: PROMETHEUS, replace: '[host, remote-node]', by: '[host]' },
      [`error hop-blocked ${PROMETHEUS}`],
    ],
    [
      'Prometheus → target pods',
      { object: BACKEND, replace: 'prometheus: main', by: 'prometheus: other' },
      [`error hop-blocked ${BACKEND}`],
    ],
    [
      'adapter → Prometheus',
      { object: PROMETHEUS, replace: 'app: adapter', by: 'app: adapters' },
      [`error hop-blocked ${PROMETHEUS}`],
    ],
    [
      'API server → adapter',
      {
        object: ADAPTER,
        replace: 'fromEntities: [kube-apiserver, remote-node, host]',
        by: 'fromEntities: [world]',
      },
      [`error hop-blocked ${ADAPTER}`],
    ],
    [
      'adapter → API server',
      { object: ADAPTER, replace: 'toEntities: [kube-apiserver]', by: 'toEntities: [world]' },
      [`error api-server-blocked ${ADAPTER}`],
    ],
    [
      'Prometheus → API server',
      { object: PROMETHEUS, replace: 'toEntities: [kube-apiserver]', by: 'toEntities: [world]' },
      [`error api-server-blocked ${PROMETHEUS}`],
    ],
    ['load → DNS', { object: LOAD, replace: 'port: "53"', by: 'port: "54"' }, [`error dns-blocked ${LOAD}`]],
    [
      'adapter → DNS over TCP',
      { object: ADAPTER, replace: 'protocol: ANY', by: 'protocol: UDP' },
      [`error dns-blocked ${ADAPTER}`],
    ],
    [
      'everything of a kind of rule that is not understood',
      {
        object: LOAD,
        replace: 'protocol: ANY }] }]',
        by: 'protocol: ANY }] }]\n    - toFQDNs: [{ matchName: example.com }]',
      },
      [`info policy-not-understood ${LOAD}`],
    ],
  ])('%s', (_hop, edit, expected) => {
    expect(summary(checkObjects(chain([edit])))).toEqual(expected);
  });

  it('is named with both ends, the port and the direction', () => {
    const [finding] = checkObjects(chain([{ object: LOAD, replace: '8080', by: '8081' }]));
    expect(finding?.message).toMatch(
      /^Deployment shop\/load → Deployment shop\/backend, TCP 8080 is closed \(egress\): .*sends POST \/echo to it$/,
    );
  });

  it('is open where the cluster does not enforce policies', () => {
    const closed = chain([{ object: LOAD, replace: 'port: "53"', by: 'port: "54"' }]);
    expect(checkObjects(closed, { ...TEST_CLUSTER, networkPolicyEnforced: false, cni: 'kindnet' })).toEqual(
      [],
    );
    expect(summary(checkObjects(closed, TEST_CLUSTER))).toEqual([`error dns-blocked ${LOAD}`]);
  });

  it('includes those of a dashboard whose data source is known', () => {
    const pod = `
containers: [{ name: grafana, image: "grafana/grafana:12.0.0" }]
volumes: [{ name: sources, configMap: { name: grafana-sources } }]`;
    const grafana = `${deployment('monitoring', 'grafana', pod)}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: grafana-sources, namespace: monitoring }
data:
  sources.yaml: |
    apiVersion: 1
    datasources:
      - { name: Prometheus, type: prometheus, url: "http://prometheus:9090" }`;
    const findings = checkObjects(chain([], grafana));
    expect(summary(findings)).toEqual([`error hop-blocked ${PROMETHEUS}`]);
    expect(findings[0]?.message).toContain(
      'Deployment monitoring/grafana → StatefulSet monitoring/prometheus-main',
    );
  });

  it('includes that of the Prometheus Operator to the API server', () => {
    const closed = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: operator, namespace: monitoring }
spec: { podSelector: { matchLabels: { app: operator } }, policyTypes: [Egress] }`;
    expect(summary(checkObjects(chain([], closed)))).toEqual([
      'error api-server-blocked NetworkPolicy monitoring/operator',
    ]);
  });

  it('is that to the port of the API server that the cluster has, where it is known', () => {
    const open = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: operator, namespace: monitoring }
spec:
  podSelector: { matchLabels: { app: operator } }
  policyTypes: [Egress]
  egress: [{ ports: [{ port: 8443, protocol: TCP }] }]`;
    const findings = (cluster?: ClusterDescriptor) =>
      checkObjects(chain([], open), cluster).filter(({ object }) => object.name === 'operator');
    expect(findings()).toEqual([]);
    expect(findings({ ...TEST_CLUSTER, provider: 'minikube' })).toEqual([]);
    expect(findings(TEST_CLUSTER)[0]?.message).toContain('the API server, TCP 6443 or 443 is closed');
    expect(findings({ ...TEST_CLUSTER, provider: 'eks' })[0]?.message).toContain('TCP 443 is closed');
  });
});

describe('an L7 metric', () => {
  const RULES = 'ConfigMap monitoring/adapter-rules';
  const atLoad: Edit = {
    object: LOAD,
    replace: 'toPorts: [{ ports: [{ port: "8080", protocol: TCP }] }]',
    by: 'toPorts: [{ ports: [{ port: "8080", protocol: TCP }], rules: { http: [{ method: POST }] } }]',
  };
  const anyReporter: Edit = { object: RULES, replace: 'reporter="server",', by: '' };

  it('needs an L7 policy where it is made', () => {
    const edit = { object: BACKEND, replace: 'rules: { http: [{ method: POST, path: /echo }] }', by: '' };
    expect(summary(checkObjects(chain([edit])))).toEqual(['error l7-policy-missing Deployment shop/backend']);
  });

  it('needs it at the end whose reports the query reads', () => {
    const client: Edit = { object: RULES, replace: 'reporter="server"', by: 'reporter="client"' };
    expect(summary(checkObjects(chain([client])))).toEqual(['error l7-policy-missing Deployment shop/load']);
    expect(checkObjects(chain([client, atLoad]))).toEqual([]);
  });

  it('counts twice with policies at both ends and a query that reads both', () => {
    expect(summary(checkObjects(chain([atLoad, anyReporter])))).toEqual([`error l7-counted-twice ${RULES}`]);
  });

  it('counts once with a policy at one end, or a query that reads one', () => {
    expect(checkObjects(chain([anyReporter]))).toEqual([]);
    expect(checkObjects(chain([atLoad]))).toEqual([]);
  });

  it('is not looked for without the load that it counts', () => {
    expect(checkObjects(chainWithout('Deployment shop/load', LOAD))).toEqual([]);
  });
});
