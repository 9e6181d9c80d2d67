import type { Chart } from 'cdk8s';
import { BACKEND_METRICS } from '../../core/workloads';
import {
  AdapterRules,
  App,
  AppDeployment,
  Autoscaler,
  Cilium,
  observations,
  PodMonitor,
  rate,
  ServiceMonitor,
  unchecked,
  value,
} from '../../constructs';

/**
 * Mistakes that must not compile: the type check fails if one of these lines has no error. Where a mistake can also
 * be made without the compiler, the test says what happens then.
 */
const app = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080 }, replicas: 'autoscaled' });
const fixed = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080 }, replicas: 2 });
const exporter = app.exports(BACKEND_METRICS);
const monitor = { namespace: 'shop', name: 'm', labels: {}, interval: '10s' };
const cilium = new Cilium({
  version: '1.20.5',
  before: 'namespaces',
  apiServer: { host: 'localhost', port: 6443 },
  contextLabels: ['destination_namespace', 'destination_pod'],
});
const requests = cilium.hubble.series('requests');
const bounds = { min: 1, max: 2 };

describe('ports', () => {
  it('are declared before they are used', () => {
    // @ts-expect-error the app has no such port
    expect(() => app.port('metrics')).toThrow('shop/cart declares no port "metrics"');
    // @ts-expect-error a Service of a port that no container opens
    expect(() => app.service('metrics')).toThrow('declares no port "metrics"');
  });

  it('carry the series that a contract promises there', () => {
    const elsewhere = { ...BACKEND_METRICS, port: 'metrics' } as const;
    // @ts-expect-error the contract names a port that the app does not declare
    expect(() => app.exports(elsewhere)).toThrow('declares no port "metrics"');
    // @ts-expect-error no such series in the contract
    expect(() => exporter.series('requests')).toThrow('no series "requests"');
  });
});

describe('series', () => {
  it('have known labels', () => {
    // @ts-expect-error Hubble was not told to export this label
    expect(requests.labels.includes('source_pod')).toBe(false);
    expect(requests.labels.includes('destination_pod')).toBe(true);
    // @ts-expect-error a condition on a label that the series does not have
    rate(requests, '1m', { source_pod: 'x' });
  });

  it('of an agent do not pass target labels off as the subject', () => {
    // @ts-expect-error the pod label of a Hubble series is the agent's
    expect(requests.labels.includes('pod')).toBe(false);
  });

  it('are read as their type demands', () => {
    const gauge = unchecked.series({ name: 'depth', type: 'gauge', labels: ['pod'] });
    const seconds = unchecked.series({ name: 'seconds', type: 'histogram', labels: ['pod'] });
    // @ts-expect-error a rate of a gauge
    rate(gauge, '1m');
    // @ts-expect-error a rate of a histogram, whose counters have other names
    rate(seconds, '1m');
    // @ts-expect-error the plain value of a counter
    value(requests);
    // @ts-expect-error how often a counter was observed
    observations(requests);
    expect(value(gauge).series).toBe('depth');
  });

  it('are exported by somebody', () => {
    // @ts-expect-error a series that nobody declares
    expect(rate({ name: 'x_total', type: 'counter', labels: ['pod'] }, '1m').series).toBe('x_total');
  });
});

/** Compiled only. */
export function mistakes(chart: Chart): void {
  // @ts-expect-error a monitor of a bare port number
  new PodMonitor(chart, 'a', { ...monitor, exporter: { port: 8080 } });
  // @ts-expect-error a port without a name
  new PodMonitor(chart, 'b', { ...monitor, exporter: { ...exporter, port: { number: 8080 } } });
  // @ts-expect-error a ServiceMonitor needs a Service
  new ServiceMonitor(chart, 'c', { ...monitor, exporter });
  new ServiceMonitor(chart, 'c', {
    ...monitor,
    exporter: app.exportsThrough(app.service('http'), BACKEND_METRICS),
  });
  // @ts-expect-error a PodMonitor of a Service
  new PodMonitor(chart, 'd', { ...monitor, exporter: cilium.hubble });

  const rules = new AdapterRules();
  const reading = rate(requests, '1m');
  // @ts-expect-error a mapping of a label that the series does not have
  rules.pods({ as: 'x', reading, namespace: 'namespace', pod: 'destination_pod' });
  const perPod = rules.pods({
    as: 'x',
    reading,
    namespace: 'destination_namespace',
    pod: 'destination_pod',
  });
  const ofService = unchecked.objectMetric('depth', 'Service');

  // @ts-expect-error a selector by a label that the series does not have
  perPod.where({ pod: 'x' });
  // @ts-expect-error a metric by its name
  new Autoscaler(chart, 'e', { ...bounds, target: app, metrics: ['requests_per_second'] });
  // @ts-expect-error a handle without a target value
  new Autoscaler(chart, 'f', { ...bounds, target: app, metrics: [perPod] });
  // @ts-expect-error no metric at all
  new Autoscaler(chart, 'g', { ...bounds, target: app, metrics: [] });
  // @ts-expect-error an app whose manifest says how many pods it has
  new Autoscaler(chart, 'h', { ...bounds, target: fixed, metrics: [perPod.average('1')] });
  // @ts-expect-error an app by its name
  new Autoscaler(chart, 'i', { ...bounds, target: 'cart', metrics: [perPod.average('1')] });

  // @ts-expect-error a metric of pods has no target for the whole
  (['value'] satisfies (keyof typeof perPod)[]).push('average');
  // @ts-expect-error a metric of an object is about an object
  ofService.average('25');
  ofService.value(app.service('http').object, '25');
  // @ts-expect-error an object of another kind
  ofService.value({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }, '25');

  const resources = { cpu: { request: '1m', limit: '1m' }, memory: '1Mi' };
  const health = { port: 'metrics', ready: '/', live: '/' };
  // @ts-expect-error a probe of a port that the app does not declare
  new AppDeployment(chart, 'j', { app, image: 'cart:1', user: 1, resources, health });
}
