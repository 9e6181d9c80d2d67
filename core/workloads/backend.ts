import type { MetricContract } from '../model';
import { DEFAULT_PORT, HEALTH_PATHS, pathStatus, type Paths } from './paths';
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

const METHODS = ['GET', 'POST'];
/** What the echo program answers. */
export const BACKEND_PATHS: Paths = {
  '/echo': METHODS,
  '/a': METHODS,
  '/b': METHODS,
  [BACKEND_METRICS.path]: ['GET'],
  ...HEALTH_PATHS,
};

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

function seriesOf(counter: Counter): SeriesModel {
  const { name, type } = BACKEND_METRICS.series[counter];
  const growth: SeriesModel['growth'] = (request) =>
    counterOf(request.path) === counter && pathStatus(BACKEND_PATHS, request) === 200 ? 1 : 0;
  return { name, type, labels: {}, start: 0, growth, perSecond: 0, steps: [] };
}

/** The echo program: it counts the requests for each of three paths, whoever sends them. */
export function backend(port = DEFAULT_PORT): Program {
  return {
    ...bystander('backend'),
    exports: BACKEND_METRICS,
    series: [seriesOf('echo'), seriesOf('a'), seriesOf('b')],
    status: (at, request) => (at === port ? pathStatus(BACKEND_PATHS, request) : undefined),
    exposes: (at, path) => at === port && path === BACKEND_METRICS.path,
  };
}
