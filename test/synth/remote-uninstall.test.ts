import { remoteShop } from './remote-fixture';
import { kubectlWhere, REMOTE_STUBS, type Answer } from './remote-stubs';
import { changes, Sandbox } from './sandbox';

const OURS: Answer = ['*"get secrets"*"plimsoll.dev/stack=shop"*', 'echo secret/sh.helm.release.v1'];
const KEDA_CRD: Answer = ['*"get customresourcedefinition scaledobjects.keda.sh"*', 'echo crd'];

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox(remoteShop(), REMOTE_STUBS);
});
afterEach(() => {
  sandbox.destroy();
});

function uninstall(...answers: readonly Answer[]) {
  sandbox.stub('kubectl', kubectlWhere(...answers));
  return sandbox.run('uninstall.sh', { args: ['--yes'] });
}

describe('uninstall.sh for a cluster that exists', () => {
  it('deletes what the stack applied, in the reverse order, and keeps CRDs', () => {
    const { status, stdout, calls } = uninstall(OURS, KEDA_CRD, [
      '*"get customresourcedefinitions "*',
      "printf '%s\\n' 'a.b monitoring/crds' 'c.d monitoring/crds-2' 'e.f other/crds' 'g.h /' 'i.j monitoring/crds'",
    ]);
    expect(status).toBe(0);
    expect(changes(calls)).toEqual([
      'kubectl --context lab delete --ignore-not-found --timeout 10m --filename ../manifests/shop/02-autoscaling.yaml',
      'helm uninstall keda --kube-context lab --namespace keda --wait --timeout 10m',
      'kubectl --context lab delete --ignore-not-found --timeout 10m --filename ../manifests/shop/01-workload.yaml',
      'kubectl --context lab delete --ignore-not-found --timeout 10m --filename ../manifests/shop/00-namespaces.yaml',
    ]);
    expect(stdout).toContain(
      'release crds stays: it is CRDs, which others may use by now. install.sh takes them up again. If nobody uses them:\n  kubectl --context lab delete customresourcedefinitions a.b i.j\n',
    );
    expect(stdout).toContain('The stack shop is removed.');
  });

  it("leaves releases that are not the stack's", () => {
    const { status, stdout, calls } = uninstall();
    expect(status).toBe(0);
    expect(calls.filter((call) => call.startsWith('helm'))).toEqual([]);
    expect(stdout).toContain('release keda stays: another installed it');
    expect(stdout).not.toContain('release crds');
  });

  it('leaves a release whose CRDs others use', () => {
    const { status, stdout, calls } = uninstall(OURS, KEDA_CRD, [
      '*"get scaledobjects.keda.sh --all-namespaces"*',
      'echo scaledobject.keda.sh/theirs',
    ]);
    expect(status).toBe(0);
    expect(calls.filter((call) => call.startsWith('helm'))).toEqual([]);
    expect(stdout).toContain(
      'release keda stays, for its CRD scaledobjects.keda.sh has objects of others:\nscaledobject.keda.sh/theirs\n',
    );
  });

  it('can be run again when kinds are gone', () => {
    const gone =
      'error: resource mapping not found for name: "a" namespace: "b" from "f.yaml": no matches for kind "Prometheus" in version "monitoring.coreos.com/v1"';
    const { status } = uninstall([
      '*delete*',
      `printf '%s\\n' '${gone}' 'ensure CRDs are installed first' >&2; exit 1`,
    ]);
    expect(status).toBe(0);
  });

  it('stops at what cannot be deleted, and says where', () => {
    const { status, stderr, calls } = uninstall([
      '*delete*01-workload.yaml',
      `echo 'deployment.apps "web" deleted'; echo 'Error from server (Forbidden): no' >&2; exit 1`,
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('Error from server (Forbidden): no');
    expect(stderr).toContain('not all of 01-workload.yaml could be deleted');
    expect(stderr).toContain('failed at: stage workload');
    expect(calls).not.toContainEqual(expect.stringContaining('00-namespaces.yaml'));
  });

  it('needs a cluster that answers', () => {
    const { status, stderr, calls } = uninstall([
      '*" version"',
      'echo "dial tcp: no route to host" >&2; exit 1',
    ]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      'uninstall.sh: the cluster of context lab does not answer: dial tcp: no route to host\n',
    );
    expect(changes(calls)).toEqual([]);
  });

  it('asks first', () => {
    expect(sandbox.run('uninstall.sh')).toMatchObject({ status: 1, calls: [] });
    const { status, stdout, calls } = sandbox.runAtTerminal('uninstall.sh', 'n');
    expect(status).toBe(1);
    expect(stdout).toContain('Delete stack shop from context lab, with everything in its namespaces? [y/N]');
    expect(changes(calls)).toEqual([]);
  });
});

describe('watch.sh and forward.sh for a cluster that exists', () => {
  it('talk to the cluster that kubectl talks to', () => {
    expect(sandbox.run('watch.sh').calls.at(-1)).toBe(
      'kubectl --context lab get horizontalpodautoscalers --all-namespaces --watch',
    );
    expect(sandbox.run('forward.sh').calls.at(-1)).toBe(
      'kubectl --context lab port-forward --namespace shop service/grafana 3000:3000',
    );
  });
});
