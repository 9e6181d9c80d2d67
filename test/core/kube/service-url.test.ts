import { Inventory } from '../../../core/kube/inventory';
import { resolveServiceUrl } from '../../../core/kube/service-url';

const inventory = new Inventory([
  service('prometheus', 'monitoring'),
  service('prometheus', 'io'),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
]);

function service(name: string, namespace: string) {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: {} };
}

function resolve(url: string, from = 'own') {
  return resolveServiceUrl(url, from, inventory);
}

describe('a URL that a pod uses', () => {
  it.each([
    ['http://prometheus', { service: 'prometheus', namespace: 'own', port: 80, path: '/' }],
    [
      'http://prometheus.monitoring.svc:9090/',
      { service: 'prometheus', namespace: 'monitoring', port: 9090, path: '/' },
    ],
    [
      'https://p.m.svc.cluster.local',
      { scheme: 'https', service: 'p', namespace: 'm', port: 443, path: '/' },
    ],
    ['http://p.m.svc.cluster.local.:9090/prom', { service: 'p', namespace: 'm', port: 9090, path: '/prom' }],
    ['HTTP://P.M.svc', { service: 'p', namespace: 'm', port: 80, path: '/' }],
  ])('%s', (url, expected) => {
    expect(resolve(url)).toEqual({ scheme: 'http', ...expected });
  });

  it.each([
    ['there is such a Service', 'http://prometheus.io', { service: 'prometheus', namespace: 'io' }],
    ['there is such a namespace', 'http://api.shop', { service: 'api', namespace: 'shop' }],
    ['objects are in such a namespace', 'http://api.monitoring', { service: 'api', namespace: 'monitoring' }],
    [
      'every cluster has it',
      'http://kube-dns.kube-system',
      { service: 'kube-dns', namespace: 'kube-system' },
    ],
    [
      'there is such a Service, in a cluster of another domain',
      'http://prometheus.monitoring.svc.example.org',
      { service: 'prometheus', namespace: 'monitoring' },
    ],
  ])('is of the cluster where %s', (_, url, place) => {
    expect(resolve(url)).toMatchObject(place);
  });

  it.each([
    ['https://example.com/', 'leads out of the cluster: it has no Service example in a namespace com'],
    ['http://prometheus.example.org:9090', 'leads out of the cluster'],
    ['http://p.m.svc.example.org', 'leads out of the cluster'],
    // A final dot: no search domain is tried.
    ['http://prometheus.monitoring.:9090', /^leads out of the cluster/],
    ['http://prometheus.', 'leads out of the cluster'],
    ['http://p.m.svc.', /names something of the cluster|leads out/],
    ['http://localhost:9090', 'leads to the pod itself'],
    ['http://10.0.0.1:9090', 'leads to an address, not to a Service by its name'],
    [
      'http://prometheus-0.operated.monitoring.svc.cluster.local',
      'names something of the cluster that is no Service',
    ],
  ])('%s is no Service', (url, reason) => {
    const found = resolve(url);
    expect(found).toMatchObject({ outside: true });
    expect('reason' in found && found.reason).toMatch(reason);
  });

  it.each(['prometheus:9090', 'ftp://a', 'http://', 'http://[::1]:9090', ''])('"%s" is no URL', (url) => {
    expect(resolve(url)).toEqual({ reason: 'is no URL of the form http://HOST:PORT/PATH', outside: false });
  });
});
