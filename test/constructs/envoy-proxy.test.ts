import { App, AppDeployment, EnvoyProxy } from '../../constructs';
import { programFor } from '../../core/workloads';
import { inventory, only } from './render';

const resources = { cpu: { request: '10m', limit: '20m' }, memory: '32Mi' };

function proxied() {
  const app = new App({ namespace: 'shop', name: 'cart', ports: { http: 8080, proxy: 8000, stats: 9902 } });
  return inventory((chart) => {
    const { sidecar } = new EnvoyProxy(chart, 'proxy', {
      app,
      image: 'docker.io/envoyproxy/envoy:v1.39.0',
      listener: 'proxy',
      to: 'http',
      stats: 'stats',
    });
    new AppDeployment(chart, 'd', { app, image: 'cart:1.0.0', user: 10001, resources, sidecars: [sidecar] });
  });
}

describe('Envoy as an explicit proxy', () => {
  const all = proxied();
  const workload = only(all.deployments);
  const [own, sidecar] = workload.spec.template.spec.containers;

  it('listens beside the app, which keeps its own port', () => {
    expect(own?.ports?.map(({ name }) => name)).toEqual(['http']);
    expect(sidecar?.ports?.map(({ name }) => name)).toEqual(['proxy', 'stats']);
  });

  it('has a configuration that is mounted, and rolls the pods when it changes', () => {
    expect(only(all.configMaps).data?.['envoy.yaml']).toMatchSnapshot();
    expect(Object.keys(workload.spec.template.metadata?.annotations ?? {})).toEqual(['checksum/envoy']);
  });

  it('does what the model of Envoy understands: requests go to the app, statistics come out, nothing else', () => {
    if (!sidecar) throw new Error('there is no sidecar');
    const program = programFor({ workload, container: sidecar, inventory: all }, []);
    const get = (port: number, path: string) => ({ from: 'client', port, method: 'GET', path }) as const;
    expect(program.forward?.(8000, get(8000, '/any/thing'))?.port).toBe(8080);
    expect(program.exposes(9902, '/stats/prometheus')).toBe(true);
    expect(program.status(9902, get(9902, '/ready'))).toBe(200);
    expect(program.status(9902, get(9902, '/quitquitquit'))).toBe(404);
  });
});
