import { parseObject, type KubeObject } from '../../../core/kube/object';
import { badRule, goodRule } from './random-rules';
import { NAMESPACES, type Words } from './random-words';

const INTERVALS = ['5s', '15s', '30s', '1m', '1m30s', '2h', '25h', '0s'] as const;
const TIMEOUTS = ['1s', '4s', '5s', '500ms'] as const;
/** Of a hundred monitors, how many have a mistake for which the operator leaves them out. */
const FAULTY_PERCENT = 12;
/** Of those without a mistake, how many an unlucky rule may leave without targets. */
const RULED_PERCENT = 40;

/** A ServiceMonitor or PodMonitor of the set that one Prometheus selects. */
export function randomMonitor(words: Words, name: string, set: string): KubeObject {
  const faulty = words.chance(FAULTY_PERCENT);
  return words.chance(55)
    ? monitor(words, 'ServiceMonitor', name, set, serviceMonitorSpec(words, faulty))
    : monitor(words, 'PodMonitor', name, set, podMonitorSpec(words, faulty));
}

function monitor(
  words: Words,
  kind: string,
  name: string,
  set: string,
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  return parseObject(
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind,
      metadata: { name, namespace: words.namespace(), labels: { set, ...words.labels(2) } },
      spec,
    },
    'random',
  );
}

function serviceMonitorSpec(words: Words, faulty: boolean): Record<string, unknown> {
  const endpoints = [0, ...words.list(2, () => 0)].map(() => {
    const port = words.one([
      { port: words.portName() },
      { port: words.portName() },
      { port: 'http|metrics' },
      { targetPort: words.portName() },
      { targetPort: words.portNumber() },
      {},
    ]);
    return { ...port, ...endpoint(words) };
  });
  const spec = {
    ...common(words),
    ...words.defined({
      targetLabels: words.maybe(30, () => words.list(2, () => words.key())),
      serviceDiscoveryRole: words.maybe(40, () => words.one(['Endpoints', 'EndpointSlice'])),
    }),
    endpoints,
  };
  return faulty ? withFault(words, spec, 'endpoints', endpoints) : spec;
}

function podMonitorSpec(words: Words, faulty: boolean): Record<string, unknown> {
  const endpoints = [0, ...words.list(2, () => 0)].map(() => {
    const port = words.one([
      { port: words.portName() },
      { port: words.portName() },
      { portNumber: words.portNumber() },
      { targetPort: words.portNumber() },
      { targetPort: words.portName() },
      {},
    ]);
    return { ...port, ...endpoint(words) };
  });
  const spec = { ...common(words), podMetricsEndpoints: endpoints };
  return faulty ? withFault(words, spec, 'podMetricsEndpoints', endpoints) : spec;
}

function common(words: Words): Record<string, unknown> {
  return words.defined({
    selector: words.selector(),
    namespaceSelector: words.one([
      undefined,
      {},
      { any: true },
      { matchNames: [words.namespace(), 'search'] },
      { matchNames: Object.keys(NAMESPACES) },
    ]),
    jobLabel: words.maybe(30, () => words.key()),
    podTargetLabels: words.maybe(30, () => words.list(2, () => words.key())),
    attachMetadata: words.maybe(25, () => ({ node: words.chance(70) })),
    scrapeClass: words.maybe(20, () => 'known'),
    selectorMechanism: words.maybe(25, () => words.one(['RelabelConfig', 'RoleSelector'])),
    sampleLimit: words.maybe(20, () => words.number(10_000)),
    targetLimit: words.maybe(10, () => words.number(10_000)),
    fallbackScrapeProtocol: words.maybe(20, () => 'PrometheusText0.0.4'),
  });
}

function endpoint(words: Words): Record<string, unknown> {
  const interval = words.maybe(50, () => words.one(INTERVALS));
  return words.defined({
    interval,
    scrapeTimeout: words.maybe(interval === undefined || interval === '0s' ? 0 : 40, () =>
      words.one(TIMEOUTS),
    ),
    path: words.maybe(30, () => words.one(['/metrics', '/other', ''])),
    scheme: words.maybe(25, () => words.one(['http', 'https', 'HTTPS', 'HTTP'])),
    params: words.maybe(20, () => ({ module: ['a', 'b'], empty: [] })),
    honorLabels: words.maybe(30, () => words.chance(50)),
    honorTimestamps: words.maybe(20, () => words.chance(50)),
    filterRunning: words.maybe(30, () => words.chance(50)),
    followRedirects: words.maybe(20, () => words.chance(50)),
    enableHttp2: words.maybe(20, () => words.chance(50)),
    relabelings: words.maybe(RULED_PERCENT, () => words.list(3, () => goodRule(words))),
    metricRelabelings: words.maybe(25, () => words.list(2, () => goodRule(words))),
  });
}

/** The spec with one thing in it that the operator refuses. */
function withFault(
  words: Words,
  spec: Readonly<Record<string, unknown>>,
  field: string,
  endpoints: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const inEndpoint = (fault: Record<string, unknown>): Record<string, unknown> => ({
    ...spec,
    [field]: [...endpoints, fault],
  });
  return words.one([
    () => inEndpoint({ port: 'http', interval: '5s', scrapeTimeout: '10s' }),
    () => inEndpoint({ port: 'http', relabelings: [goodRule(words), badRule(words)] }),
    () => inEndpoint({ port: 'http', relabelings: [badRule(words)] }),
    () => inEndpoint({ port: 'http', metricRelabelings: [badRule(words)] }),
    () => ({ ...spec, scrapeClass: 'unknown' }),
    () => ({ ...spec, selector: badSelector(words) }),
  ])();
}

function badSelector(words: Words): Record<string, unknown> {
  return words.one<Record<string, unknown>>([
    { matchLabels: { app: 'web.*' } },
    { matchLabels: { 'not a key': 'web' } },
    { matchExpressions: [{ key: 'app', operator: 'Like', values: ['web'] }] },
    { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] },
    { matchExpressions: [{ key: 'app', operator: 'In', values: ['web|api'] }] },
    { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['web'] }] },
    { matchExpressions: [{ key: '', operator: 'Exists' }] },
  ]);
}
