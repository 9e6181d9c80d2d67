import { App, LoadTest } from '../../constructs';
import { inventory, only } from './render';

describe('a load test', () => {
  it('attacks a Service at a constant rate with a new connection for every request', () => {
    const target = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080 } }).service('http');
    const { deployments, configMaps } = inventory(
      (chart) =>
        new LoadTest(chart, 'l', {
          app: new App({ namespace: 'load', name: 'attack' }),
          image: 'vegeta:1.0.0',
          target,
          method: 'POST',
          path: '/echo',
          body: 'foo',
          rate: 50,
        }),
    );
    const container = only(only(deployments).spec.template.spec.containers);
    // A command would take the place of the image's entrypoint, which reports.
    expect(container).not.toHaveProperty('command');
    expect(container).toMatchObject({
      args: ['attack', '-targets=/etc/vegeta/targets', '-rate=50/s', '-keepalive=false', '-duration=0'],
      volumeMounts: [{ mountPath: '/etc/vegeta', readOnly: true }],
    });
    expect(only(configMaps).data).toEqual({
      targets: 'POST http://cart.shop.svc:8080/echo\n@/etc/vegeta/body\n',
      body: 'foo',
    });
  });
});
