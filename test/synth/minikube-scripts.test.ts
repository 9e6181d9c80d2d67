import { stackFiles, synthesize } from '../../synth';
import type { ClusterDescriptor, Stack } from '../../core/model';
import { shop } from './fixture';
import { remoteShop } from './remote-fixture';
import { REMOTE_STUBS } from './remote-stubs';
import { changes, Sandbox } from './sandbox';

const SHAPE = { cpu: '4', memory: '8Gi', pods: 110 };

/** The shop on minikube, with images that need no registry. */
function onMinikube(cluster: Partial<ClusterDescriptor> = {}, releases?: Stack['releases']): Stack {
  const stack = remoteShop({ provider: 'minikube', ...cluster });
  return { ...stack, images: shop.images, ...(releases ? { releases } : {}) };
}

const MINIKUBE = `case "$*" in
  "version --short") echo v1.39.0;;
  "profile list"*) cat "$STATE/profiles";;
esac`;

describe('scripts for minikube', () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox(onMinikube(), { ...REMOTE_STUBS, minikube: MINIKUBE });
    sandbox.write('profiles', '{"invalid":[],"valid":[]}\n');
  });
  afterEach(() => {
    sandbox.destroy();
  });

  it('start a profile, load what is built and apply in the order of the stack', () => {
    const { status, calls } = sandbox.run('install.sh');
    expect(status).toBe(0);
    expect(changes(calls).slice(0, 4)).toEqual([
      'minikube start --profile shop-cluster --kubernetes-version=v1.36.1 --nodes=3 --cpus=4 --memory=8192m --cni=cilium --extra-config=kubeadm.skip-phases=addon/kube-proxy',
      'docker build --tag shop/web:1.0.0 --file ../../source/apps/web/Dockerfile ../../source',
      'minikube image load shop/web:1.0.0 --profile shop-cluster',
      'kubectl --context shop-cluster apply --server-side --field-manager=plimsoll --filename ../manifests/shop/00-namespaces.yaml',
    ]);
    expect(changes(calls)).toContainEqual(
      expect.stringMatching(/^helm upgrade --install --kube-context shop-cluster .* keda/),
    );
  });

  it('start a profile that exists as it is', () => {
    const profile = { Name: 'shop-cluster', Config: { KubernetesConfig: { ClusterName: 'shop-cluster' } } };
    sandbox.write('profiles', JSON.stringify({ invalid: [], valid: [profile] }));
    expect(changes(sandbox.run('install.sh').calls)[0]).toBe('minikube start --profile shop-cluster');
  });

  it('do not take a profile with a longer name for their own', () => {
    const other = { Config: { KubernetesConfig: { ClusterName: 'shop-cluster-2' } } };
    sandbox.write('profiles', JSON.stringify({ invalid: [], valid: [other] }));
    expect(changes(sandbox.run('install.sh').calls)[0]).toContain('--kubernetes-version');
  });

  it('delete the profile, and watch it, by its name', () => {
    expect(sandbox.run('uninstall.sh').calls).toEqual(['minikube delete --profile shop-cluster']);
    expect(sandbox.run('watch.sh').calls.at(-1)).toBe(
      'kubectl --context shop-cluster get horizontalpodautoscalers --all-namespaces --watch',
    );
  });
});

/** The line that starts the profile. */
function startLine(...given: Parameters<typeof onMinikube>): string {
  const stack = onMinikube(...given);
  const script = stackFiles(stack, synthesize(stack), { source: '.' }).get('shop/install.sh')?.content ?? '';
  return script.split('\n').find((line) => line.startsWith('start_profile -')) ?? '';
}

describe('a profile is started', () => {
  it('with the controller settings, gates and limits that differ from the defaults', () => {
    const line = startLine({
      autoscaling: { ...shop.cluster.autoscaling, syncPeriod: '10s', tolerance: 0.05 },
      featureGates: { HPAScaleToZero: true, PodLevelResources: false },
      nodes: [{ role: 'control-plane', count: 1, cpu: '2', memory: '4096M', pods: 50 }],
    });
    expect(line).toContain('--nodes=1 --cpus=2 --memory=3906m');
    expect(line).toContain('--extra-config=kubelet.max-pods=50');
    expect(line).toContain('--extra-config=controller-manager.horizontal-pod-autoscaler-sync-period=10s');
    expect(line).toContain('--extra-config=controller-manager.horizontal-pod-autoscaler-tolerance=0.05');
    expect(line).toContain('--feature-gates=HPAScaleToZero=true,PodLevelResources=false');
  });

  it.each([
    [{ cni: 'cilium' }, shop.releases, '--cni=false'],
    [{ cni: 'cilium' }, [], '--cni=cilium'],
    [{ cni: 'kindnet' }, [], '--cni=kindnet'],
    [{ cni: 'other', networkPolicyEnforced: true }, [], '--cni=calico'],
  ] as const)('with a network: %j', (cluster, releases, option) => {
    expect(startLine(cluster, releases)).toContain(` ${option} `);
  });

  it("with minikube's own network where no policy needs to be enforced", () => {
    const line = startLine({ cni: 'other', networkPolicyEnforced: false, kubeProxy: true });
    expect(line).not.toContain('--cni');
    expect(line).not.toContain('kube-proxy');
  });

  it.each([
    [
      [
        { role: 'control-plane', count: 1, ...SHAPE },
        { role: 'worker', count: 1, ...SHAPE, memory: '4Gi' },
      ],
      'cluster: a worker has cpu 4, memory 4Gi and 110 pods, but minikube makes all nodes alike; give it cpu 4, memory 8Gi and 110 pods',
    ],
    [
      [{ role: 'control-plane', count: 3, ...SHAPE }],
      'cluster: there are 3 nodes of role control-plane; describe exactly one for minikube',
    ],
    [
      [{ role: 'control-plane', count: 1, ...SHAPE, cpu: '1500m' }],
      'cluster: a node has cpu 1500m, but minikube takes whole CPUs; write such as 2',
    ],
  ] as const)('not with nodes that it cannot have: %j', (nodes, message) => {
    expect(() => startLine({ nodes: [...nodes] })).toThrow(message);
  });
});
