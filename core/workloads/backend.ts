import type { MetricContract } from '../model';
import { bystander, type Program, type SeriesModel } from './program';

/** What the echo program exports: one counter for each of its paths. */
export const BACKEND_METRICS = {
  port: 'http',
  path: '/metrics',
  series: {
    echo: {
      name: 'echo_requests_total',
      type: 'counter',
      help: 'Requests answered on /echo.',
      labels: [],
    },
    a: { name: 'a_requests_total', type: 'counter', help: 'Requests answered on /a.', labels: [] },
    b: { name: 'b_requests_total', type: 'counter', help: 'Requests answered on /b.', labels: [] },
  },
} as const satisfies MetricContract;

/** Number of the port that the echo program listens on. */
const BACKEND_PORT = 8080;
/** Path of the echo program that answers probes; nothing counts it. */
export const BACKEND_HEALTH_PATH = '/healthz';

type Counter = keyof typeof BACKEND_METRICS.series;

/** The counter to which a request for this path adds one. */
function counterOf(path: string): Counter | undefined {
  switch (path) {
    case '/echo':
      return 'echo';
    case '/a':
      return 'a';
    case '/b':
      return 'b';
    default:
      return undefined;
  }
}

function backendStatus(path: string): number {
  const known =
    counterOf(path) !== undefined || path === BACKEND_METRICS.path || path === BACKEND_HEALTH_PATH;
  return known ? 200 : 404;
}

function seriesOf(counter: Counter): SeriesModel {
  const { name, type } = BACKEND_METRICS.series[counter];
  const growth: SeriesModel['growth'] = ({ path }) => (counterOf(path) === counter ? 1 : 0);
  return { name, type, labels: {}, start: 0, growth, perSecond: 0, steps: [] };
}

/** The echo program: it counts the requests for each of three paths, whoever sends them. */
export function backend(): Program {
  return {
    ...bystander('backend'),
    exports: BACKEND_METRICS,
    series: [seriesOf('echo'), seriesOf('a'), seriesOf('b')],
    status: (port, { path }) => (port === BACKEND_PORT ? backendStatus(path) : undefined),
    exposes: (port, path) => port === BACKEND_PORT && path === BACKEND_METRICS.path,
  };
}
