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
    expect(exporter.series('echo')).toMatchObject({
      name: 'echo_requests_total',
      type: 'counter',
      labels: ['namespace', 'pod', 'container'],
    });
  });

  it('exports the same series behind a Service, which they name as well', () => {
    const service = app.service('http', { number: 80 });
    const exporter = app.exportsThrough(service, BACKEND_METRICS);
    expect(exporter.port).toBe(service);
    expect(exporter.series('echo').labels).toEqual(['namespace', 'pod', 'container', 'service', 'endpoint']);
    expect(() => app.exportsThrough(app.service('admin'), BACKEND_METRICS)).toThrow(
      'Service shop/cart does not lead to port "http" of shop/cart',
    );
  });

  it.each([
    ['HTTP', 80, 'port of shop/cart: "HTTP" cannot be its name'],
    ['a-name-of-sixteen', 80, 'at most 15 lower case letters'],
    ['8080', 80, 'one letter at least'],
    ['http', 0, 'port of shop/cart: 0 cannot be its number'],
    ['http', 65_536, 'use 1 to 65535'],
  ])('refuses port %s %d, which Kubernetes would refuse', (name, number, message) => {
    expect(() => new App({ namespace: 'shop', name: 'cart', ports: { [name]: number } })).toThrow(message);
  });
});
