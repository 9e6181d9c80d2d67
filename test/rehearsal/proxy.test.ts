import { client, finalReplicas, PLAIN_CHAIN, playPlain, problemText, valuesOf } from './fixture';

const SERVER = `
containers:
  - name: podinfo
    image: ghcr.io/stefanprodan/podinfo:6.15.0
    command: [./podinfo, --port=9898]
    readinessProbe: { exec: { command: [podcli, check, http, 'localhost:9898/readyz'] }, periodSeconds: 5 }
  - name: envoy
    image: envoyproxy/envoy:v1.39.0
    args: [-c, /etc/envoy/envoy.yaml]
    ports: [{ name: http, containerPort: 8080 }, { name: stats, containerPort: 9902 }]
    volumeMounts: [{ name: envoy, mountPath: /etc/envoy }]
volumes: [{ name: envoy, configMap: { name: envoy } }]`;

const listener = (port: number, cluster: string) =>
  `{ address: { socket_address: { address: 0.0.0.0, port_value: ${port} } }, filter_chains: [{ filters: [{ typed_config: { '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, route_config: { virtual_hosts: [{ domains: ['*'], routes: [{ match: { prefix: / }, route: { cluster: ${cluster} } }] }] } } }] }] }`;
const cluster = (name: string, port: number) =>
  `{ name: ${name}, load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: ${port} } } } }] }] } }`;

const CONFIG = `
---
apiVersion: v1
kind: ConfigMap
metadata: { name: envoy, namespace: shop }
data:
  envoy.yaml: |
    admin: { address: { socket_address: { address: 127.0.0.1, port_value: 9901 } } }
    static_resources:
      listeners: [${listener(8080, 'inbound')}, ${listener(9902, 'admin')}]
      clusters: [${cluster('inbound', 9898)}, ${cluster('admin', 9901)}]
`;

/** The small chain with Envoy in front of podinfo, scaled on what Envoy counts. */
function throughEnvoy(filter: string): (yaml: string) => string {
  return () =>
    PLAIN_CHAIN.replace(
      /containers:\n {8}- name: app\n[\s\S]*?periodSeconds: 5 \}/,
      SERVER.trim().replaceAll('\n', '\n      '),
    )
      .replace('endpoints: [{ port: http }]', 'endpoints: [{ port: stats, path: /stats/prometheus }]')
      .replace(
        'ports: [{ name: http, port: 80, targetPort: http }]',
        'ports: [{ name: http, port: 80, targetPort: http }, { name: stats, port: 9902, targetPort: stats }]',
      )
      .replace('http_requests_total{', `envoy_cluster_upstream_rq{${filter}`)
      .replace(/matches: '.*?'/, 'as: http_requests_per_second')
      .replace(/, as: '.*?'/, '')
      .replace(
        '<<.LabelMatchers>>}',
        `<<.LabelMatchers>>${filter === '' ? '' : `,${filter.replace(/,$/, '')}`}}`,
      ) + CONFIG;
}

const INBOUND = 'envoy_cluster_name="inbound",';
const LOAD = { programs: [], clients: [client(25)] };

describe('a proxy in the pod', () => {
  it('passes requests on, and its inbound cluster counts each once', () => {
    const timeline = playPlain(LOAD, throughEnvoy(INBOUND));
    expect(problemText(timeline)).not.toContain('nothing listens');
    expect(finalReplicas(timeline, 'app')).toBe(3);
    expect(valuesOf(timeline, 'app').at(-1)).toBeCloseTo(25 / 3, 2);
  });

  it('counts scrapes as well where no cluster is named', () => {
    const values = valuesOf(playPlain(LOAD, throughEnvoy('')), 'app');
    // One scrape every ten seconds.
    expect(values.at(-1)).toBeCloseTo(25 / 3 + 0.1, 2);
  });

  it('has nothing to count without load, probes of the app included', () => {
    const timeline = playPlain({ programs: [] }, throughEnvoy(INBOUND));
    expect(valuesOf(timeline, 'app').every((value) => value === null)).toBe(true);
  });

  it('is refused if it sends requests to itself, which no request would leave', () => {
    const loop = (yaml: string) =>
      throughEnvoy(INBOUND)(yaml).replace('port_value: 9898', 'port_value: 8080');
    expect(() => playPlain(LOAD, loop)).toThrow(
      /requests to port 8080 never leave its proxy, which sends them on to 8080; have its last cluster/,
    );
  });
});
