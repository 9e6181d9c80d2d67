import type { Labels } from '../kube/selector';
import type { MetricContract } from '../model';
import { DEFAULT_PORT, pathStatus, type Paths } from './paths';
import { bystander, type IncomingRequest, type Program, type SeriesModel } from './program';

/** Labels of every series, which Spring Boot calls common tags. */
const COMMON_LABELS = { application_state: 'nj', environment: 'dev' } as const;
const REQUEST_LABELS = [
  ...['application_state', 'environment'],
  ...['error', 'exception', 'method', 'outcome', 'status', 'uri'],
] as const;

/** What the API exports, as a Spring Boot 3 service with Micrometer does. */
export const SPORTSBOOK_METRICS = {
  port: 'http',
  path: '/actuator/prometheus',
  series: {
    requests: {
      name: 'http_server_requests_seconds',
      type: 'summary',
      help: 'Number and time of HTTP requests.',
      labels: REQUEST_LABELS,
    },
    longest: {
      name: 'http_server_requests_seconds_max',
      type: 'gauge',
      help: 'Longest HTTP request of the last minutes.',
      labels: REQUEST_LABELS,
    },
  },
} as const satisfies MetricContract;

/** Name of the counter in the summary. */
const SPORTSBOOK_COUNT = `${SPORTSBOOK_METRICS.series.requests.name}_count`;
/** Name of the seconds in the summary. */
export const SPORTSBOOK_SUM = `${SPORTSBOOK_METRICS.series.requests.name}_sum`;

/** The path that serves customers. */
export const SPORTSBOOK_PATH = '/api';
/** Where the API answers probes; they are counted, as those of a Spring Boot service are. */
export const SPORTSBOOK_HEALTH = {
  overall: '/actuator/health',
  live: '/actuator/health/liveness',
  ready: '/actuator/health/readiness',
} as const;

/** What the API answers. */
export const SPORTSBOOK_PATHS: Paths = {
  [SPORTSBOOK_PATH]: ['GET'],
  [SPORTSBOOK_METRICS.path]: ['GET'],
  [SPORTSBOOK_HEALTH.overall]: ['GET'],
  [SPORTSBOOK_HEALTH.live]: ['GET'],
  [SPORTSBOOK_HEALTH.ready]: ['GET'],
};

/** Other methods have the label `UNKNOWN`. */
const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
/** Parts of the health endpoint are one pattern. */
const HEALTH_PARTS = `${SPORTSBOOK_HEALTH.overall}/**`;

/**
 * The labels under which Spring counts a request (`DefaultServerRequestObservationConvention`): the pattern of its
 * path, or that of static files if nothing is there, or `UNKNOWN` if the method is not answered.
 */
export function sportsbookLabels(request: Pick<IncomingRequest, 'method' | 'path'>): Labels {
  const { method, path } = request;
  const status = pathStatus(SPORTSBOOK_PATHS, request);
  return {
    ...COMMON_LABELS,
    error: 'none',
    exception: 'none',
    method: KNOWN_METHODS.includes(method) ? method : 'UNKNOWN',
    outcome: status === 200 ? 'SUCCESS' : 'CLIENT_ERROR',
    status: String(status),
    uri: { 200: patternOf(path), 404: '/**', 405: 'UNKNOWN' }[status],
  };
}

function patternOf(path: string): string {
  return path.startsWith(`${SPORTSBOOK_HEALTH.overall}/`) ? HEALTH_PARTS : path;
}

/** The API: it counts every request it answers, also those of probes and scrapes, each by what was asked and answered. */
export function sportsbookApi(port = DEFAULT_PORT): Program {
  return {
    ...bystander('sportsbook-api'),
    exports: SPORTSBOOK_METRICS,
    notModelled: [SPORTSBOOK_SUM, SPORTSBOOK_METRICS.series.longest.name],
    series: SERIES,
    status: (at, request) => (at === port ? pathStatus(SPORTSBOOK_PATHS, request) : undefined),
    exposes: (at, path) => at === port && path === SPORTSBOOK_METRICS.path,
  };
}

/** Every combination of labels that a request can have, each exported from its first request. */
const SERIES: readonly SeriesModel[] = seriesLabels().map((labels) => ({
  name: SPORTSBOOK_COUNT,
  type: 'counter',
  labels,
  start: 0,
  growth: (request) => (sameLabels(labels, sportsbookLabels(request)) ? 1 : 0),
  appears: 'with-first-count',
  perSecond: 0,
  steps: [],
}));

function seriesLabels(): readonly Labels[] {
  const all = ['UNKNOWN', ...KNOWN_METHODS].flatMap((method) =>
    [...Object.keys(SPORTSBOOK_PATHS), '/none'].map((path) => sportsbookLabels({ method, path })),
  );
  return all.filter((labels, index) => all.findIndex((other) => sameLabels(labels, other)) === index);
}

function sameLabels(a: Labels, b: Labels): boolean {
  return REQUEST_LABELS.every((label) => a[label] === b[label]);
}
