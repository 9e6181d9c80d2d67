import { ANY_VALUE, canMatch, exportedSeries } from '../../../core/check/exported-series';
import { parseSelector } from '../../../core/promql';
import type { MetricContract } from '../../../core/model';
import type { ScrapeJob, Target } from '../../../core/operator';

const JOB: ScrapeJob = {
  name: 'serviceMonitor/a/b/0',
  source: { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', namespace: 'a', name: 'b' },
  endpointIndex: 0,
  role: 'endpoints',
  namespaces: 'all',
  attachNode: false,
  interval: 10_000,
  timeout: 10_000,
  path: '/metrics',
  scheme: 'http',
  params: {},
  honorLabels: false,
  relabelConfigs: [],
  metricRelabelConfigs: [],
};

function target(job: Partial<ScrapeJob> = {}): Target {
  return {
    job: { ...JOB, ...job },
    labels: { job: 'b', pod: 'agent-1' },
    address: '10.0.0.1:80',
    host: '10.0.0.1',
    port: 80,
    scheme: 'http',
    metricsPath: '/metrics',
    interval: 10_000,
    timeout: 10_000,
    params: {},
  };
}

function contract(type: 'counter' | 'histogram' | 'summary', ...labels: string[]): MetricContract {
  return { port: 'http', path: '/metrics', series: { one: { name: 'one', type, help: '', labels } } };
}

function labelsOf(name: string, series: ReturnType<typeof exportedSeries>) {
  return series.find((candidate) => candidate.name === name)?.labels;
}

describe('series of a scrape', () => {
  it('have the labels of the target and those of the program, whose values are not known', () => {
    expect(labelsOf('one', exportedSeries(contract('counter', 'path'), target()))).toEqual({
      __name__: 'one',
      job: 'b',
      pod: 'agent-1',
      path: ANY_VALUE,
    });
  });

  it('keep the target label and rename that of the program without honorLabels', () => {
    const labels = labelsOf('one', exportedSeries(contract('counter', 'pod'), target()));
    expect(labels).toMatchObject({ pod: 'agent-1', exported_pod: ANY_VALUE });
  });

  it('keep the label of the program with honorLabels', () => {
    const labels = labelsOf('one', exportedSeries(contract('counter', 'pod'), target({ honorLabels: true })));
    expect(labels).toMatchObject({ pod: ANY_VALUE });
    expect(labels).not.toHaveProperty('exported_pod');
  });

  it.each([
    ['histogram', ['one_bucket', 'one_count', 'one_sum']],
    ['summary', ['one', 'one_count', 'one_sum']],
  ] as const)('of a %s are its parts', (type, names) => {
    const found = exportedSeries(contract(type), target()).map(({ name }) => name);
    expect(found.filter((name) => name.startsWith('one')).sort()).toEqual(names);
  });

  it('go where metric relabelling drops them by name, and stay where it decides by values not known', () => {
    const drop = (label: string) => [{ action: 'drop', sourceLabels: [label], regex: 'one|x' }];
    const byName = target({ metricRelabelConfigs: drop('__name__') });
    const byValue = target({ metricRelabelConfigs: drop('path') });
    expect(labelsOf('one', exportedSeries(contract('counter', 'path'), byName))).toBeUndefined();
    expect(labelsOf('one', exportedSeries(contract('counter', 'path'), byValue))).toBeDefined();
  });

  it.each([
    ['{path="/a"}', true],
    ['{path!=""}', true],
    ['{job="b",path=""}', false],
    ['{pod="agent-1"}', true],
    ['{pod="other"}', false],
    ['{other!=""}', false],
  ])('can satisfy %s: %s', (selector, expected) => {
    const labels = labelsOf('one', exportedSeries(contract('counter', 'path'), target())) ?? {};
    expect(parseSelector(selector).every((matcher) => canMatch(matcher, labels))).toBe(expected);
  });
});
