import { BACKEND_METRICS } from '../../core/workloads';
import { App, PodMonitor, ServiceMonitor } from '../../constructs';
import { inventory, only } from './render';

const app = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080 } });
const monitor = { namespace: 'monitoring', name: 'cart', labels: { prometheus: 'main' }, interval: '15s' };

describe('a ServiceMonitor', () => {
  it('selects the Service by its labels and the port by its name, where the Service is', () => {
    const exporter = app.exportsThrough(app.service('http', { labels: { tier: 'web' } }), BACKEND_METRICS);
    const { serviceMonitors } = inventory(
      (chart) => new ServiceMonitor(chart, 'm', { ...monitor, exporter }),
    );
    expect(only(serviceMonitors)).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'cart', namespace: 'monitoring', labels: { prometheus: 'main' } },
      spec: {
        namespaceSelector: { matchNames: ['shop'] },
        selector: { matchLabels: { tier: 'web' } },
        endpoints: [{ port: 'http', path: '/metrics', interval: '15s' }],
      },
    });
  });
});

describe('a PodMonitor', () => {
  it('selects the pods by their labels and the container port by its name', () => {
    const exporter = app.exports(BACKEND_METRICS);
    const { podMonitors } = inventory((chart) => new PodMonitor(chart, 'm', { ...monitor, exporter }));
    expect(only(podMonitors).spec).toEqual({
      namespaceSelector: { matchNames: ['shop'] },
      selector: { matchLabels: app.podLabels },
      podMetricsEndpoints: [{ port: 'http', path: '/metrics', interval: '15s' }],
    });
  });
});
