import { NotSupportedError } from '../errors';
import { commandLine } from '../kube/command-line';
import type { MetricContract } from '../model';
import { portFlag } from './go-flags';
import {
  bystander,
  ownerOf,
  type IncomingRequest,
  type Program,
  type SeriesModel,
  type Setting,
} from './program';

/** What podinfo exports about its requests (`pkg/api/http/metrics.go`). */
export const PODINFO_METRICS = {
  port: 'http-metrics',
  path: '/metrics',
  series: {
    requests: {
      name: 'http_requests_total',
      type: 'counter',
      help: 'The total number of HTTP requests.',
      labels: ['status'],
    },
    duration: {
      name: 'http_request_duration_seconds',
      type: 'histogram',
      help: 'Seconds spent serving HTTP requests.',
      labels: ['method', 'path', 'status'],
    },
  },
} as const satisfies MetricContract;

const DEFAULT_PORT = 9898;

/** One route: methods (any, if there are none), the path, and the status of its answer (`pkg/api/http/server.go`). */
type Route = readonly [methods: readonly string[], path: RegExp, status: number];
const ROUTES: readonly Route[] = [
  [['GET'], /^\/$/, 200],
  [[], /^\/(api\/)?echo(\/.*)?$/, 202],
  [['GET'], /^\/(metrics|version|healthz|readyz|api\/info|swagger\.json)$/, 200],
  [['GET', 'POST'], /^\/(env|headers)$/, 200],
  [['GET'], /^\/delay\/\d+$/, 200],
  [[], /^\/chunked(\/\d+)?$/, 200],
  [['POST'], /^\/token$/, 200],
  // Without a token, which nothing here sends.
  [['GET'], /^\/token\/validate$/, 401],
  [['POST', 'PUT'], /^\/store$/, 202],
];
/** Paths that podinfo serves and whose answers depend on more than the request. */
const UNMODELLED = /^\/(readyz\/|panic$|status\/|store\/|cache\/|configs$|swagger\/|ws\/|debug\/)/;

/** Statuses that its routes answer with, in the order of its series. */
const STATUSES = [...new Set(ROUTES.map(([, , status]) => status))].sort();

/**
 * podinfo: counts by status every request to its routes on its main port, whoever sends it; its metrics port is a
 * server of its own that counts nothing. A path or method without a route is answered, and not counted.
 * @throws UsageError for a port that is none
 */
export function podinfo(setting: Setting): Program {
  const words = commandLine(setting.container);
  const owner = ownerOf(setting);
  const port = portFlag(words, 'port', owner) ?? DEFAULT_PORT;
  // 0 stands for a server that is off.
  const metricsPort = portFlag(words, 'port-metrics', owner) ?? 0;
  return {
    ...bystander('podinfo'),
    exports: PODINFO_METRICS,
    notModelled: [PODINFO_METRICS.series.duration.name],
    series: STATUSES.map((status) => seriesOf(status, metricsPort)),
    status(at, request) {
      if (at === port) return routed(request) ?? unrouted(request);
      if (at !== metricsPort) return undefined;
      return ['/metrics', '/healthz'].includes(request.path) ? 200 : 404;
    },
    exposes: (at, path) => (at === port || at === metricsPort) && path === PODINFO_METRICS.path,
  };
}

/** The status of a route; undefined if none has the path and the method. */
function routed({ method, path }: IncomingRequest): number | undefined {
  return ROUTES.find(
    ([methods, pattern]) => pattern.test(path) && (methods.length === 0 || methods.includes(method)),
  )?.[2];
}

/** @throws NotSupportedError for a path whose answer is not modelled */
function unrouted({ path }: IncomingRequest): number {
  if (UNMODELLED.test(path)) throw new NotSupportedError(`what podinfo answers on ${path}`);
  return ROUTES.some(([, pattern]) => pattern.test(path)) ? 405 : 404;
}

function seriesOf(status: number, metricsPort: number): SeriesModel {
  const { name, type } = PODINFO_METRICS.series.requests;
  return {
    name,
    type,
    labels: { status: String(status) },
    start: 0,
    growth: (request) => (request.port !== metricsPort && routed(request) === status ? 1 : 0),
    appears: 'with-first-count',
    perSecond: 0,
    steps: [],
  };
}
