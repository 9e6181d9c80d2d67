import { Construct } from 'constructs';
import { stringify } from 'yaml';
import { ENVOY_METRICS } from '../core/workloads';
import type { Sidecar } from './app-deployment';
import type { App } from './app';
import { ConfigFiles } from './config-files';

const FOLDER = '/etc/envoy';
const FILE = 'envoy.yaml';
const LOCALHOST = '127.0.0.1';
const ANYWHERE = '0.0.0.0';
/** Open inside the pod only: it can also stop the proxy. */
const ADMIN_PORT = 9901;

/** Name of the cluster that holds what comes to the app. */
export const INBOUND_CLUSTER = 'inbound';
const ADMIN_CLUSTER = 'admin';

/** Between whom the proxy stands. */
export interface EnvoyProxyProps<Ports extends string> {
  readonly app: App<Ports>;
  readonly image: string;
  /** Port on which the proxy takes requests. */
  readonly listener: NoInfer<Ports>;
  /** Port of the app that they go on to. */
  readonly to: NoInfer<Ports>;
  /** Port on which the proxy serves its statistics, and nothing else of its administration. */
  readonly stats: NoInfer<Ports>;
}

/**
 * Envoy as an explicit proxy in the pods of an app: whoever wants its counters sends to its listener. It needs no
 * rewriting of the pod's network, so it runs where no container may have NET_ADMIN, as on Fargate.
 */
export class EnvoyProxy<Ports extends string> extends Construct {
  /** What the app's Deployment is given. */
  readonly sidecar: Sidecar<Ports>;

  constructor(scope: Construct, id: string, props: EnvoyProxyProps<Ports>) {
    super(scope, id);
    const { app, image, listener, stats } = props;
    const files = new ConfigFiles(this, 'Config', {
      namespace: app.namespace,
      name: `${app.name}-envoy`,
      files: { [FILE]: stringify(bootstrap(props)) },
    });
    this.sidecar = {
      name: 'envoy',
      image,
      args: ['-c', `${FOLDER}/${FILE}`, '--log-level', 'warn', '--concurrency', '1'],
      ports: [listener, stats],
      resources: { cpu: { request: '50m', limit: '500m' }, memory: '128Mi' },
      health: { port: stats, ready: '/ready', live: '/ready' },
      mounts: [{ name: 'envoy', path: FOLDER, files }],
    };
  }
}

/** `config.bootstrap.v3.Bootstrap` */
function bootstrap<Ports extends string>({ app, listener, to, stats }: EnvoyProxyProps<Ports>): object {
  return {
    admin: { address: address(LOCALHOST, ADMIN_PORT) },
    static_resources: {
      listeners: [
        httpListener(INBOUND_CLUSTER, app.port(listener).number, ['/'], 'prefix'),
        httpListener(ADMIN_CLUSTER, app.port(stats).number, [ENVOY_METRICS.path, '/ready'], 'path'),
      ],
      clusters: [cluster(INBOUND_CLUSTER, app.port(to).number), cluster(ADMIN_CLUSTER, ADMIN_PORT)],
    },
  };
}

function address(host: string, port: number): object {
  return { socket_address: { address: host, port_value: port } };
}

function httpListener(
  name: string,
  port: number,
  paths: readonly string[],
  match: 'prefix' | 'path',
): object {
  const routes = paths.map((path) => ({ match: { [match]: path }, route: { cluster: name } }));
  const manager = {
    '@type':
      'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: name,
    route_config: { virtual_hosts: [{ name, domains: ['*'], routes }] },
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
      },
    ],
  };
  const filter = { name: 'envoy.filters.network.http_connection_manager', typed_config: manager };
  return { name, address: address(ANYWHERE, port), filter_chains: [{ filters: [filter] }] };
}

function cluster(name: string, port: number): object {
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(LOCALHOST, port) } }] }],
    },
  };
}
