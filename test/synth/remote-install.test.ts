import { shop } from './fixture';
import { remoteShop } from './remote-fixture';
import { kubectlWhere, REMOTE_STUBS, type Answer } from './remote-stubs';
import { changes, Sandbox } from './sandbox';

const SYNC_10S = { ...shop.cluster.autoscaling, syncPeriod: '10s' };

let sandbox: Sandbox;
const open = (...given: Parameters<typeof remoteShop>): void => {
  sandbox = new Sandbox(remoteShop(...given), REMOTE_STUBS);
};
afterEach(() => {
  sandbox.destroy();
});

const install = (env: Readonly<Record<string, string>> = {}) =>
  sandbox.run('install.sh', { args: ['--yes'], env });

/** Runs against a cluster with other answers, and expects that nothing was changed. */
function refusal(...answers: readonly Answer[]): string {
  sandbox.stub('kubectl', kubectlWhere(...answers));
  const { status, stderr, calls } = install();
  expect(status).toBe(1);
  expect(changes(calls)).toEqual([]);
  return stderr;
}

describe('install.sh for a cluster that exists', () => {
  it('looks at everything, then builds, pushes and applies in the order of the stack', () => {
    open();
    const { status, stdout, calls } = install();
    expect(status).toBe(0);
    expect(calls).toMatchSnapshot();
    expect(stdout.split('\n==> image web')[0]).toMatchSnapshot();
    const asked = calls.findIndex((call) => call.includes('component=kube-controller-manager'));
    expect(changes(calls.slice(0, asked))).toEqual([]);
    expect(changes(calls.slice(asked)).length).toBeGreaterThan(5);
  });

  it('asks nobody where there is no terminal', () => {
    open();
    const { status, stderr, calls } = sandbox.run('install.sh');
    expect(status).toBe(1);
    expect(stderr).toContain('there is no terminal to ask at: pass --yes or set PLIMSOLL_YES=1');
    expect(calls).toEqual([]);
  });

  it('takes PLIMSOLL_YES for an answer, and no argument that it does not know', () => {
    open();
    expect(sandbox.run('install.sh', { env: { PLIMSOLL_YES: '1' } }).status).toBe(0);
    const { status, stderr } = sandbox.run('install.sh', { args: ['--force'] });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'usage: install.sh [--yes]\n' });
  });

  it.each([
    ['', 1],
    ['n', 1],
    ['y', 0],
  ])('asks at a terminal: the answer "%s" ends with %d', (answer, expected) => {
    open();
    const { status, stdout, calls } = sandbox.runAtTerminal('install.sh', answer);
    expect(stdout).toContain('Apply stack shop to context lab? [y/N]');
    expect(status).toBe(expected);
    expect(stdout.includes('not agreed to. Nothing was changed.')).toBe(expected === 1);
    expect(stdout).not.toContain('failed at');
    expect(changes(calls).length > 0).toBe(expected === 0);
  });

  it('needs a context, and a cluster that answers', () => {
    open();
    expect(refusal(['"config current-context"', 'exit 1'])).toContain(
      'kubectl has no current context; choose the cluster with "kubectl config use-context NAME"',
    );
    expect(refusal(['*" version"', 'echo "dial tcp: no route to host" >&2; exit 1'])).toContain(
      'the cluster of context lab does not answer: dial tcp: no route to host',
    );
  });

  it('applies nothing where API aggregation is off', () => {
    open();
    const stderr = refusal(['*"{.data.requestheader-client-ca-file}"', ':']);
    expect(stderr).toContain('has no requestheader-client-ca-file');
    expect(stderr).toContain('the problems above (1) stand in the way. Nothing was applied.');
  });

  it.each([
    ['INT', 130],
    ['TERM', 143],
  ])('says where it was stopped by SIG%s', (signal, expected) => {
    open();
    sandbox.stub('docker', `case "$*" in version*) echo 28.0.1;; build*) kill -${signal} $$;; esac`);
    const { status, stderr, calls } = install();
    expect(status).toBe(expected);
    expect(stderr).toMatch(/\n\ninstall.sh: failed at: image web\n$/);
    expect(calls.at(-1)).toContain('docker build');
  });

  it('finds every problem at once', () => {
    open();
    const stderr = refusal(
      ['*"{.data.client-ca-file}"', ':'],
      ['*"get namespace shop"*', 'echo "shop kubectl "'],
      ['*"get apiservice v1beta2.custom.metrics.k8s.io"*', 'echo monitoring/prometheus-adapter'],
      ['*"get customresourcedefinition/scaledobjects.keda.sh"*', 'echo crd'],
      ['*"auth can-i create namespaces"', 'echo no; exit 1'],
    );
    expect(stderr.match(/^PROBLEM {2}.{20}/gm)).toEqual([
      'PROBLEM  ConfigMap kube-syste',
      'PROBLEM  namespace shop exist',
      'PROBLEM  APIService v1beta2.c',
      'PROBLEM  release keda: somebo',
      'PROBLEM  you may not create n',
    ]);
  });

  it('tells everything that somebody without rights may not', () => {
    open();
    const stderr = refusal([
      '*" get "*|*" create "*',
      'case "$*" in *"get service"*) ;; *) echo Forbidden >&2; exit 1;; esac',
    ]);
    expect(stderr.match(/^PROBLEM {2}.{27}/gm)).toEqual([
      'PROBLEM  whether the API server hand',
      'PROBLEM  namespace shop cannot be re',
      'PROBLEM  whether Pod Security admiss',
      'PROBLEM  APIService v1beta1.external',
      'PROBLEM  APIService v1beta2.custom.m',
      'PROBLEM  release crds: the Secrets o',
      'PROBLEM  release keda: the Secrets o',
      'PROBLEM  you may not create namespac',
      'PROBLEM  you may not create apiservi',
      'PROBLEM  the nodes cannot be listed:',
      'PROBLEM  the nodes cannot be listed:',
    ]);
  });

  it('says what to do about a field that somebody changed by hand', () => {
    open();
    sandbox.stub('kubectl', kubectlWhere(['*" apply "*', 'echo "Apply failed with 1 conflict" >&2; exit 1']));
    const { status, stderr } = install();
    expect(status).toBe(1);
    expect(stderr).toContain(
      'not all of 00-namespaces.yaml was applied. Where there is a conflict, somebody',
    );
    expect(stderr).toContain(
      `take it back with: kubectl --context lab apply --server-side --field-manager=plimsoll --force-conflicts --filename ${sandbox.root}/dist/shop/../manifests/shop/00-namespaces.yaml\n`,
    );
    expect(stderr).toContain('failed at: stage 1 of 3, namespaces');
  });

  it("uses a release of somebody else's, and waits for it all the same", () => {
    open();
    const crds: Answer = ['*"get customresourcedefinition/prometheuses.monitoring.coreos.com"*', 'echo crd'];
    sandbox.stub('kubectl', kubectlWhere(crds));
    const { status, calls } = install();
    expect(status).toBe(0);
    expect(calls.filter((call) => call.startsWith('helm upgrade'))).toEqual([
      expect.stringContaining(' keda keda '),
    ]);
    expect(calls).toContainEqual(
      expect.stringContaining('wait --for=condition=Established customresourcedefinition/prometheuses'),
    );
  });

  it('says what the cluster is described with and nobody can ask for', () => {
    open({ networkPolicyEnforced: false, daemonSets: false, featureGates: { HPAScaleToZero: true } });
    const { status, stdout, stderr } = install();
    expect(status).toBe(0);
    expect(stderr).toContain('those of the stack are applied and stop nothing');
    expect(stderr).toContain('need --feature-gates=HPAScaleToZero=true');
    expect(stdout).toContain('capacity is not checked');
  });

  it('names the place of arguments on Canonical Kubernetes', () => {
    open({ autoscaling: SYNC_10S });
    const { stdout } = install();
    expect(stdout).toContain('         --horizontal-pod-autoscaler-sync-period=10s\n');
    expect(stdout).toContain('/var/snap/k8s/common/args/kube-controller-manager');
  });

  it('names the one setting of the Elastic Kubernetes Service', () => {
    open({ provider: 'eks', autoscaling: SYNC_10S });
    expect(install().stderr).toContain(
      'set kubeControllerManagerConfig.horizontalPodAutoscalerControllerConfig.horizontalPodAutoscalerSyncPeriod',
    );
  });
});

describe('images for a cluster that exists', () => {
  it('are refused without a registry, before anything is asked of the cluster', () => {
    sandbox = new Sandbox({ ...remoteShop(), images: shop.images }, REMOTE_STUBS);
    const { status, stderr, calls } = install();
    expect(status).toBe(1);
    expect(stderr).toContain('image web (shop/web:1.0.0) names no registry, so no node could pull it');
    expect(stderr).toContain('--set registry=HOST[:PORT][/PATH]');
    expect(calls.filter((call) => call.includes('--context'))).toEqual([]);
  });

  it('are built by what there is', () => {
    open();
    sandbox.stub('podman', 'case "$*" in --version) echo "podman version 5.4.0";; esac');
    const { status, calls } = install({ PLIMSOLL_BUILDER: 'podman' });
    expect(status).toBe(0);
    expect(calls.filter((call) => /^(podman|docker)/.test(call))).toEqual([
      'podman --version',
      'podman build --platform linux/arm64 --tag registry.example.com:5000/team/plimsoll/web:1.0.0 --file ../../source/apps/web/Dockerfile ../../source',
      'podman push registry.example.com:5000/team/plimsoll/web:1.0.0',
    ]);
    expect(install({ PLIMSOLL_BUILDER: 'kaniko' }).stderr).toContain(
      'PLIMSOLL_BUILDER is "kaniko"; it must be docker, podman or buildah',
    );
  });

  it('that somebody else pushed are left to them', () => {
    open();
    sandbox.remove('source/apps');
    expect(install()).toMatchObject({ status: 1 });
    sandbox.forget();
    const { status, stdout, calls } = install({ PLIMSOLL_SKIP_IMAGES: '1' });
    expect(status).toBe(0);
    expect(stdout).toContain('web:1.0.0 is not built\n');
    expect(calls.filter((call) => call.startsWith('docker'))).toEqual([]);
  });
});
