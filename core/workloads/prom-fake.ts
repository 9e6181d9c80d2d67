import type { MetricContract } from '../model';
import { parseDecimal } from './decimal';
import { DEFAULT_PORT, HEALTH_PATHS, pathStatus, type Paths } from './paths';
import { bystander, type IncomingRequest, type Program } from './program';

/** What the settable metric source exports: whatever number it was given last. */
export const PROM_FAKE_METRICS = {
  port: 'http',
  path: '/metrics',
  series: {
    value: { name: 'prom_fake_value', type: 'gauge', help: 'The value that was set last.', labels: [] },
  },
} as const satisfies MetricContract;

/** Where the value is read, and set with POST. */
export const PROM_FAKE_VALUE_PATH = '/value';
/** What the settable metric source answers. */
export const PROM_FAKE_PATHS: Paths = {
  [PROM_FAKE_VALUE_PATH]: ['GET', 'POST'],
  [PROM_FAKE_METRICS.path]: ['GET'],
  ...HEALTH_PATHS,
};

/** A gauge that is 0 until somebody posts another number; forgotten when the program ends. */
export function promFake(port = DEFAULT_PORT): Program {
  const { name, type } = PROM_FAKE_METRICS.series.value;
  return {
    ...bystander('prom-fake'),
    exports: PROM_FAKE_METRICS,
    series: [{ name, type, labels: {}, start: 0, growth: () => 0, sets: posted, perSecond: 0, steps: [] }],
    status: (at, request) => (at === port ? promFakeStatus(request) : undefined),
    exposes: (at, path) => at === port && path === PROM_FAKE_METRICS.path,
  };
}

function promFakeStatus(request: IncomingRequest): number {
  const status = pathStatus(PROM_FAKE_PATHS, request);
  return status === 200 && isPost(request) && posted(request) === undefined ? 400 : status;
}

function posted(request: IncomingRequest): number | undefined {
  return isPost(request) ? parseDecimal((request.body ?? '').trim()) : undefined;
}

function isPost({ method, path }: IncomingRequest): boolean {
  return method === 'POST' && path === PROM_FAKE_VALUE_PATH;
}
