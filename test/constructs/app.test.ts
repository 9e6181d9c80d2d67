import { BACKEND_METRICS } from '../../core/workloads';
import { App } from '../../constructs';

const app = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080, admin: 9000 } });

describe('an app', () => {
  it('selects its pods by its name unless told otherwise', () => {
    expect(app.podLabels).toEqual({ 'app.kubernetes.io/name': 'cart' });
    expect(new App({ namespace: 'shop', name: 'cart', podLabels: { app: 'x' } }).podLabels).toEqual({
      app: 'x',
    });
  });

  it('gives handles of its ports that know whose they are', () => {
    expect(app.port('admin')).toMatchObject({
      namespace: 'shop',
      app: 'cart',
      name: 'admin',
      number: 9000,
      podLabels: app.podLabels,
    });
  });

  it('declares a Service that is labelled and whose port has the name of the container port', () => {
    expect(app.service('http')).toMatchObject({
      namespace: 'shop',
      service: 'cart',
      labels: { 'app.kubernetes.io/name': 'cart' },
      name: 'http',
      number: 8080,
      url: 'http://cart.shop.svc:8080',
    });
  });

  it('lets a Service have a number, name and labels of its own', () => {
    const port = app.service('http', { number: 80, name: 'front', labels: { tier: 'web' } });
    expect(port).toMatchObject({ service: 'front', number: 80, labels: { tier: 'web' } });
    expect(port.pod).toEqual(app.port('http'));
  });

  it('exports series with their own labels and those that name its pods', () => {
    const exporter = app.exports(BACKEND_METRICS);
    expect(exporter.port).toEqual(app.port('http'));
    expect(exporter.series('echo')).toEqual({
      name: 'echo_requests_total',
      type: 'counter',
      labels: ['namespace', 'pod', 'container'],
    });
  });
});
