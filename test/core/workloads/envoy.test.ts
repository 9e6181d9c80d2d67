import { programFor, type IncomingRequest, type Program } from '../../../core/workloads';
import { setting } from './fixture';

const listener = (port: number, routes: string) => `
    - address: { socket_address: { address: 0.0.0.0, port_value: ${port} } }
      filter_chains:
        - filters:
            - name: http
              typed_config:
                '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                route_config:
                  virtual_hosts: [{ name: all, domains: ['*'], routes: [${routes}] }]`;
const cluster = (name: string, address: string, port: number) => `
    - name: ${name}
      load_assignment:
        cluster_name: ${name}
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: ${address}, port_value: ${port} } } } }] }]`;

const CONFIG = `
admin: { address: { socket_address: { address: 127.0.0.1, port_value: 9901 } } }
static_resources:
  listeners:${listener(8080, '{ match: { prefix: / }, route: { cluster: inbound } }')}${listener(
    9902,
    '{ match: { path: /stats/prometheus }, route: { cluster: admin } }, { match: { prefix: /teapot }, direct_response: { status: 418 } }',
  )}
  clusters:${cluster('inbound', '127.0.0.1', 9898)}${cluster('admin', '127.0.0.1', 9901)}
`;

function envoy(config: string): Program {
  const container =
    "{ name: envoy, image: 'envoyproxy/envoy:v1.39.0', args: [-c, /etc/envoy/envoy.yaml], volumeMounts: [{ name: envoy, mountPath: /etc/envoy }] }";
  return programFor(setting(container, { envoy: { 'envoy.yaml': config } }), []);
}

const get = (port: number, path: string): IncomingRequest => ({ from: 'client', port, method: 'GET', path });

describe('Envoy', () => {
  const program = envoy(CONFIG);

  it('passes requests on to the cluster of the first route that fits, and counts what comes back', () => {
    const forward = program.forward?.(8080, get(8080, '/anything'));
    expect(forward?.port).toBe(9898);
    expect(forward?.counts(503)).toEqual([
      {
        name: 'envoy_cluster_upstream_rq',
        labels: { envoy_cluster_name: 'inbound', envoy_response_code: '503' },
        value: 1,
      },
      {
        name: 'envoy_cluster_upstream_rq_xx',
        labels: { envoy_cluster_name: 'inbound', envoy_response_code_class: '5' },
        value: 1,
      },
      { name: 'envoy_cluster_upstream_rq_total', labels: { envoy_cluster_name: 'inbound' }, value: 1 },
      { name: 'envoy_cluster_upstream_rq_completed', labels: { envoy_cluster_name: 'inbound' }, value: 1 },
    ]);
  });

  it('counts scrapes through a listener in the cluster of its administration', () => {
    const request = get(9902, '/stats/prometheus');
    const grown = program.series.filter((series) => series.growth(request) > 0);
    expect(new Set(grown.map(({ labels }) => labels['envoy_cluster_name']))).toEqual(new Set(['admin']));
    expect(grown).toHaveLength(4);
    expect(program.forward?.(9902, request)).toBeUndefined();
  });

  it('answers where it listens only', () => {
    const ask = (port: number, path: string) => program.status(port, get(port, path));
    expect(ask(9902, '/stats/prometheus')).toBe(200);
    expect(ask(9902, '/quitquitquit')).toBe(404);
    expect(ask(9902, '/teapot')).toBe(418);
    expect(ask(80, '/')).toBeUndefined();
  });

  it('exposes its statistics through the administration and through a listener that leads there', () => {
    expect([9901, 9902, 8080].map((port) => program.exposes(port, '/stats/prometheus'))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['nonsense: [', /Deployment here\/main, container envoy: ConfigMap here\/envoy, envoy.yaml: /],
    ['admin: {}', /envoy.yaml: admin.address: is missing; static_resources: is missing/],
    [
      `static_resources: { listeners: [{ address: { socket_address: { address: 0.0.0.0, port_value: 1 } }, filter_chains: [] }] }`,
      /listener on port 1: give it one HttpConnectionManager whose virtual host takes domain "\*"/,
    ],
    [
      `static_resources: { clusters: [{ name: empty }] }`,
      /cluster empty has no endpoint in its load_assignment/,
    ],
  ])('says what it cannot read: %s', (config, message) => {
    expect(() => envoy(config)).toThrow(message);
  });

  it('does not model clusters outside the pod', () => {
    const config = CONFIG.replace(
      '{ address: 127.0.0.1, port_value: 9898 }',
      '{ address: other.svc, port_value: 80 }',
    );
    expect(() => envoy(config)).toThrow(
      'not supported: Deployment here/main, container envoy: Envoy with cluster inbound at other.svc, outside its pod',
    );
  });

  it('needs a configuration', () => {
    expect(() => programFor(setting("{ name: envoy, image: 'envoyproxy/envoy:v1.39.0' }"), [])).toThrow(
      'container envoy: Envoy without -c; give it the path of its configuration',
    );
  });
});
