import { selectMonitors } from '../../../core/operator';
import { namespace, podMonitor, prometheus, readAll, SELECTS_ALL, serviceMonitor } from './objects';

const NAMESPACES = [namespace('monitoring'), namespace('app', { team: 'a' })];

function monitor(
  labels: Record<string, string> = {},
  endpoint: Record<string, unknown> = { port: 'http' },
  namespaceName = 'app',
) {
  return serviceMonitor(
    { name: 'web', namespace: namespaceName, labels },
    { selector: {}, endpoints: [endpoint] },
  );
}

function select(spec: Record<string, unknown>, candidate = monitor()) {
  const { inventory, owner } = readAll(...NAMESPACES, prometheus(spec), candidate);
  const { selected, rejected } = selectMonitors(owner, inventory);
  return {
    selected: selected.map(({ metadata }) => metadata.name),
    reasons: rejected.map(({ reason }) => reason),
  };
}

describe('selectMonitors', () => {
  it('selects everything with empty selectors', () => {
    expect(select(SELECTS_ALL)).toEqual({ selected: ['web'], reasons: [] });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'nothing without a selector',
      { serviceMonitorNamespaceSelector: {} },
      /no serviceMonitorSelector, which selects nothing/,
    ],
    [
      'nothing with a null selector',
      { serviceMonitorSelector: null, serviceMonitorNamespaceSelector: {} },
      /selects nothing/,
    ],
    [
      'its own namespace only without a namespace selector',
      { serviceMonitorSelector: {} },
      /own namespace only/,
    ],
    [
      'by labels of the namespace',
      { serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: { matchLabels: { team: 'b' } } },
      /labels of namespace app do not match/,
    ],
    [
      'by labels of the monitor',
      { ...SELECTS_ALL, serviceMonitorSelector: { matchLabels: { release: 'x' } } },
      /wants release=x/,
    ],
    ['nothing while paused', { ...SELECTS_ALL, paused: true }, /paused/],
  ])('selects %s', (_, spec, reason) => {
    expect(select(spec)).toEqual({ selected: [], reasons: [expect.stringMatching(reason)] });
  });

  it('knows a namespace by the label that the API server gives it', () => {
    const byName = { matchLabels: { 'kubernetes.io/metadata.name': 'app' } };
    expect(select({ ...SELECTS_ALL, serviceMonitorNamespaceSelector: byName }).selected).toEqual(['web']);
  });

  it('selects in its own namespace without a namespace selector', () => {
    expect(
      select({ serviceMonitorSelector: {} }, monitor({}, { port: 'http' }, 'monitoring')).selected,
    ).toEqual(['web']);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a timeout longer than its interval',
      { interval: '5s', scrapeTimeout: '10s' },
      /endpoints\[0\]: scrapeTimeout 10s is longer than the scrape interval 5s/,
    ],
    [
      "a timeout longer than the Prometheus' interval",
      { scrapeTimeout: '40s' },
      /longer than the scrape interval 30s/,
    ],
    ['an interval that is none', { interval: 'often' }, /interval: invalid duration "often"/],
    [
      'a relabelling rule that Prometheus refuses',
      { relabelings: [{ action: 'rename' }] },
      /relabelings\[0\]: "rename"/,
    ],
    [
      'a metric relabelling rule that Prometheus refuses',
      { metricRelabelings: [{ targetLabel: 'a', regex: '(' }] },
      /metricRelabelings\[0\]: invalid regex/,
    ],
  ])('rejects %s', (_, endpoint, reason) => {
    expect(select(SELECTS_ALL, monitor({}, endpoint)).reasons).toEqual([expect.stringMatching(reason)]);
  });

  it('takes a timeout as long as its interval', () => {
    const candidate = monitor({}, { interval: '10s', scrapeTimeout: '10s' });
    expect(select(SELECTS_ALL, candidate).selected).toEqual(['web']);
  });

  it('selects by labels', () => {
    const byLabel = { ...SELECTS_ALL, serviceMonitorSelector: { matchLabels: { release: 'x' } } };
    expect(select(byLabel, monitor({ release: 'x' })).selected).toEqual(['web']);
    expect(select(byLabel, monitor({ release: 'y' })).selected).toEqual([]);
  });

  it('rejects a scrape class that the Prometheus does not have', () => {
    const candidate = serviceMonitor(
      { name: 'web', namespace: 'app' },
      { selector: {}, endpoints: [], scrapeClass: 'tls' },
    );
    expect(select(SELECTS_ALL, candidate).reasons).toEqual([expect.stringMatching(/scrapeClass "tls"/)]);
    expect(select({ ...SELECTS_ALL, scrapeClasses: [{ name: 'tls' }] }, candidate).selected).toEqual(['web']);
  });

  it('rejects an operator that label selectors do not have', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'Like', values: ['b'] }] };
    const candidate = podMonitor({ name: 'web', namespace: 'app' }, { selector, podMetricsEndpoints: [] });
    expect(select(SELECTS_ALL, candidate).reasons).toEqual([expect.stringMatching(/selector: "Like"/)]);
  });

  it.each([
    ['a value', { matchLabels: { app: 'web.*' } }],
    ['a key', { matchExpressions: [{ key: 'not a key', operator: 'Exists' }] }],
  ])('rejects a selector with %s that no label could have', (_, selector) => {
    const candidate = podMonitor({ name: 'web', namespace: 'app' }, { selector, podMetricsEndpoints: [] });
    expect(select(SELECTS_ALL, candidate).reasons).toEqual([expect.stringMatching(/^selector: /)]);
  });
});
