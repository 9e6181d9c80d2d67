import { UsageError } from '../errors';
import type { MetricContract } from '../model';
import { environmentVariable, listeningPort } from './environment';
import { DEFAULT_PORT, HEALTH_PATHS, pathStatus, type Paths } from './paths';
import { bystander, ownerOf, type IncomingRequest, type Program, type Setting } from './program';

/** What the sample app exports: one counter. */
export const SAMPLE_APP_METRICS = {
  port: 'http',
  path: '/metrics',
  series: {
    requests: { name: 'http_requests_total', type: 'counter', help: 'Requests counted.', labels: [] },
  },
} as const satisfies MetricContract;

/** The path that greets. */
export const SAMPLE_APP_PATH = '/';
/** What the sample app answers. */
export const SAMPLE_APP_PATHS: Paths = {
  [SAMPLE_APP_PATH]: ['GET'],
  [SAMPLE_APP_METRICS.path]: ['GET'],
  ...HEALTH_PATHS,
};

/** Values of the variable COUNT. */
export const COUNTED = ['app', 'all'] as const;
/**
 * Which requests the sample app counts: those it greets, or all that arrive, those of the kubelet and of Prometheus
 * among them, by which an idle pod looks busy.
 */
type Counted = (typeof COUNTED)[number];

/** The sample app: a greeting, and a counter that an autoscaler can follow. */
export function sampleApp(counted: Counted, port = DEFAULT_PORT): Program {
  const { name, type } = SAMPLE_APP_METRICS.series.requests;
  const growth = counted === 'all' ? () => 1 : greets;
  return {
    ...bystander('sample-app'),
    exports: SAMPLE_APP_METRICS,
    series: [{ name, type, labels: {}, start: 0, growth, perSecond: 0, steps: [] }],
    status: (at, request) => (at === port ? pathStatus(SAMPLE_APP_PATHS, request) : undefined),
    exposes: (at, path) => at === port && path === SAMPLE_APP_METRICS.path,
  };
}

function greets(request: IncomingRequest): number {
  return request.path === SAMPLE_APP_PATH && pathStatus(SAMPLE_APP_PATHS, request) === 200 ? 1 : 0;
}

/**
 * The sample app as its container is set.
 * @throws UsageError if the program would not start with that
 */
export function sampleAppIn(setting: Setting): Program {
  const text = environmentVariable(setting, 'COUNT') ?? 'app';
  const counted = COUNTED.find((value) => value === text);
  if (!counted)
    throw new UsageError(`${ownerOf(setting)}: COUNT="${text}" must be one of: ${COUNTED.join(', ')}`);
  return sampleApp(counted, listeningPort(setting));
}
