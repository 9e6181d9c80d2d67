import { spawnSync } from 'node:child_process';
import type { ClusterDescriptor } from '../../core/model';
import { stackFiles, synthesize } from '../../synth';
import { shop } from './fixture';
import { remoteShop } from './remote-fixture';

const filesOf = (cluster: Partial<ClusterDescriptor>) => {
  const stack = remoteShop(cluster);
  return stackFiles(stack, synthesize(stack), { source: '../..' });
};
const withAutoscaling = (change: Partial<ClusterDescriptor['autoscaling']>) => ({
  autoscaling: { ...shop.cluster.autoscaling, ...change },
});

const PROVIDERS = ['kind', 'minikube', 'existing', 'aks', 'eks'] as const;

describe.each(PROVIDERS)('files for a cluster of provider %s', (provider) => {
  const files = filesOf({ provider });
  const scripts = [...files].filter(([path]) => path.endsWith('.sh'));

  it('have kind.yaml only where kind makes the cluster', () => {
    expect(files.has('shop/kind.yaml')).toBe(provider === 'kind');
    expect(scripts.map(([path]) => path)).toEqual([
      'shop/install.sh',
      'shop/uninstall.sh',
      'shop/watch.sh',
      'shop/load.sh',
      'shop/forward.sh',
    ]);
  });

  it.each(scripts)('%s is valid bash and calls no function that it lacks', (_path, { content }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { encoding: 'utf8', input: content });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const defined = [...content.matchAll(/^(\w+)\(\) \{$/gm)].map(([, name]) => name);
    const called = [...content.matchAll(/^ *([a-z]+_[a-z_]+)( |$)/gm)].map(([, name]) => name);
    expect(defined).toEqual(expect.arrayContaining(called));
  });
});

it.each(['install.sh', 'uninstall.sh', 'watch.sh', 'load.sh'])(
  '%s for a cluster that exists stays as it is',
  (script) => {
    expect(filesOf({ provider: 'existing' }).get(`shop/${script}`)?.content).toMatchSnapshot();
  },
);

describe('a control plane that nobody can have is refused', () => {
  it.each([
    [
      { provider: 'aks', ...withAutoscaling({ syncPeriod: '10s' }) },
      'cluster: autoscaling.syncPeriod is 10s, but AKS offers no setting of kube-controller-manager; describe it with 15s',
    ],
    [
      { provider: 'aks', ...withAutoscaling({ tolerance: 0.2 }) },
      'cluster: autoscaling.tolerance is 0.2, but AKS offers no setting of kube-controller-manager; describe it with 0.1',
    ],
    [
      { provider: 'aks', featureGates: { HPAScaleToZero: true } },
      'cluster: featureGates.HPAScaleToZero is set, but AKS does not let anybody choose feature gates; leave it out',
    ],
    [
      { provider: 'eks', ...withAutoscaling({ downscaleStabilization: '1m' }) },
      'cluster: autoscaling.downscaleStabilization is 1m, but EKS offers the sync period alone; describe it with 5m',
    ],
    [
      { provider: 'eks', ...withAutoscaling({ syncPeriod: '5s' }) },
      'cluster: autoscaling.syncPeriod is 5s, but EKS takes whole seconds from 10s to 15s; write such as 10s',
    ],
    [
      { provider: 'eks', ...withAutoscaling({ syncPeriod: '10s500ms' }) },
      'cluster: autoscaling.syncPeriod is 10s500ms, but EKS takes whole seconds from 10s to 15s',
    ],
    [
      { provider: 'eks', featureGates: { HPAConfigurableTolerance: true } },
      'cluster: featureGates.HPAConfigurableTolerance is set, but EKS',
    ],
  ] as const)('%j', (cluster, message) => {
    expect(() => filesOf(cluster)).toThrow(message);
  });

  it.each([
    { provider: 'eks', ...withAutoscaling({ syncPeriod: '12s' }) },
    { provider: 'existing', ...withAutoscaling({ syncPeriod: '1s', tolerance: 0.2 }) },
    { provider: 'existing', featureGates: { HPAScaleToZero: true } },
  ] as const)('but not %j', (cluster) => {
    expect(filesOf(cluster).has('shop/install.sh')).toBe(true);
  });
});
