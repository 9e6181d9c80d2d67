import { messageOf, NotSupportedError, UsageError } from '../errors';
import { commandLine } from '../kube/command-line';
import { mountedText } from '../kube/mounted-file';
import { refOf, refText } from '../kube/object';
import type { MetricContract } from '../model';
import { parseEnvoyConfig, type EnvoyConfig } from './envoy-config';
import {
  bystander,
  ownerOf,
  type IncomingRequest,
  type Program,
  type Sample,
  type SeriesModel,
  type Setting,
} from './program';

/** What Envoy counts of the requests that it sends to a cluster (`cluster.NAME.upstream_rq_*`). */
export const ENVOY_METRICS = {
  port: 'stats',
  path: '/stats/prometheus',
  series: {
    byCode: {
      name: 'envoy_cluster_upstream_rq',
      type: 'counter',
      help: 'Requests sent to a cluster, by the code of the response.',
      labels: ['envoy_cluster_name', 'envoy_response_code'],
    },
    byClass: {
      name: 'envoy_cluster_upstream_rq_xx',
      type: 'counter',
      help: 'Requests sent to a cluster, by the class of the response.',
      labels: ['envoy_cluster_name', 'envoy_response_code_class'],
    },
    total: {
      name: 'envoy_cluster_upstream_rq_total',
      type: 'counter',
      help: 'Requests sent to a cluster.',
      labels: ['envoy_cluster_name'],
    },
    completed: {
      name: 'envoy_cluster_upstream_rq_completed',
      type: 'counter',
      help: 'Responses from a cluster.',
      labels: ['envoy_cluster_name'],
    },
  },
} as const satisfies MetricContract;

const LOCAL = ['127.0.0.1', 'localhost', '::1'];
const SERVICE_UNAVAILABLE = 503;

/**
 * Envoy as a proxy in the pod of an app, with a static configuration: what comes to a listener goes to the cluster of
 * the first route that fits, on a port of the same pod. Every cluster counts, also that of the proxy's own
 * administration, through which probes and scrapes come.
 * @throws UsageError if the configuration cannot be found or read
 * @throws NotSupportedError for a cluster outside the pod
 */
export function envoy(setting: Setting): Program {
  const owner = ownerOf(setting);
  const config = readConfig(setting, owner);
  const remote = config.clusters.find(({ address }) => !LOCAL.includes(address));
  if (remote) {
    throw new NotSupportedError(
      `${owner}: Envoy with cluster ${remote.name} at ${remote.address}, outside its pod`,
    );
  }
  const to = (port: number, request: IncomingRequest) => destinationOf(config, port, request.path);
  return {
    ...bystander('envoy'),
    exports: ENVOY_METRICS,
    series: config.clusters.flatMap(({ name, port }) => clusterSeries(name, port === config.adminPort, to)),
    status(port, { path }) {
      if (port === config.adminPort) return adminStatus(path);
      const destination = destinationOf(config, port, path);
      if (destination === undefined || typeof destination === 'number') return destination;
      return destination.port === config.adminPort ? adminStatus(path) : SERVICE_UNAVAILABLE;
    },
    exposes(port, path) {
      if (path !== ENVOY_METRICS.path) return false;
      const destination = destinationOf(config, port, path);
      return port === config.adminPort || (isCluster(destination) && destination.port === config.adminPort);
    },
    forward(port, request) {
      const destination = to(port, request);
      if (!isCluster(destination) || destination.port === config.adminPort) return undefined;
      return { port: destination.port, counts: (status) => counts(destination.name, status) };
    },
  };
}

type Cluster = EnvoyConfig['clusters'][number];
type Destination = Cluster | number | undefined;

function isCluster(destination: Destination): destination is Cluster {
  return typeof destination === 'object';
}

/** The cluster that a request goes to, or the status that Envoy answers itself; undefined where nothing listens. */
function destinationOf(config: EnvoyConfig, port: number, path: string): Destination {
  const listener = config.listeners.find((candidate) => candidate.port === port);
  if (!listener) return undefined;
  const found = listener.routes.find(({ match }) =>
    match.path === undefined ? path.startsWith(match.prefix ?? '') : match.path === path,
  );
  if (!found) return 404;
  const { route, direct_response: direct } = found;
  return config.clusters.find(({ name }) => name === route?.cluster) ?? direct?.status ?? SERVICE_UNAVAILABLE;
}

function adminStatus(path: string): number {
  return [ENVOY_METRICS.path, '/ready', '/stats', '/server_info'].includes(path) ? 200 : 404;
}

/** Series that a cluster has from the start; what goes to the administration is counted there, always answered. */
function clusterSeries(
  cluster: string,
  isAdmin: boolean,
  to: (port: number, request: IncomingRequest) => Destination,
): SeriesModel[] {
  const own = isAdmin ? counts(cluster, 200) : counts(cluster, 200).filter(({ name }) => PLAIN.has(name));
  const growth: SeriesModel['growth'] = (request) => {
    const destination = request.port === undefined ? undefined : to(request.port, request);
    return isAdmin && isCluster(destination) && destination.name === cluster ? 1 : 0;
  };
  return own.map(({ name, labels }) => ({
    name,
    type: 'counter',
    labels,
    start: 0,
    growth,
    appears: PLAIN.has(name) ? 'at-start' : 'with-first-count',
    perSecond: 0,
    steps: [],
  }));
}

const { byCode, byClass, total, completed } = ENVOY_METRICS.series;
/** Statistics that exist as soon as the cluster does; the others come with their first response. */
const PLAIN: ReadonlySet<string> = new Set([total.name, completed.name]);

/** What one request to a cluster adds. */
function counts(cluster: string, status: number): readonly Sample[] {
  const labels = { envoy_cluster_name: cluster };
  return [
    { name: byCode.name, labels: { ...labels, envoy_response_code: String(status) }, value: 1 },
    {
      name: byClass.name,
      labels: { ...labels, envoy_response_code_class: String(Math.floor(status / 100)) },
      value: 1,
    },
    { name: total.name, labels, value: 1 },
    { name: completed.name, labels, value: 1 },
  ];
}

function readConfig({ workload, container, inventory }: Setting, owner: string): EnvoyConfig {
  const words = commandLine(container);
  const flag = words.findIndex((word) => word === '-c' || word === '--config-path');
  const path = words[flag + 1];
  if (flag < 0 || path === undefined) {
    throw new UsageError(`${owner}: Envoy without -c; give it the path of its configuration`);
  }
  try {
    const { configMap, key, text } = mountedText(workload, container, path, inventory);
    return parseEnvoyConfig(text, `${refText(refOf(configMap))}, ${key}`);
  } catch (error) {
    throw new UsageError(`${owner}: ${messageOf(error)}`, { cause: error });
  }
}
