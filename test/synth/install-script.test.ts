import { spawnSync } from 'node:child_process';
import { defineScenario } from '../../core/model';
import { stackFiles, synthesize } from '../../synth';
import { shop } from './fixture';
import { changes, Sandbox } from './sandbox';

/** What a stub answers. */
const KIND =
  'case "$*" in version) echo "kind v0.32.0 go1.26 linux/amd64";; "get clusters") cat "$STATE/clusters";; esac';
const KUBECTL = `case "$*" in
  "version --client") echo "Client Version: v1.36.4";;
  *"get --raw"*) echo '{"kind":"MetricValueList","items":[{"value":"25"}]}';;
esac`;
const HELM = 'case "$*" in "version --short") echo "v3.18.4+gd80839c";; esac';
const DOCKER = 'case "$*" in version*) echo "28.0.1";; esac';

const files = stackFiles(shop, synthesize(shop), { source: '../../source' });
const scripts = [...files.keys()].filter((path) => path.startsWith('shop/') && path.endsWith('.sh'));

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox(shop, { kind: KIND, kubectl: KUBECTL, helm: HELM, docker: DOCKER });
  sandbox.write('clusters', 'No kind clusters found.\n');
});
afterEach(() => {
  sandbox.destroy();
});

const install = (script = 'install.sh') => sandbox.run(script);

describe.each(scripts)('%s', (path) => {
  it('is valid bash', () => {
    const { status, stderr } = spawnSync('bash', ['-n', sandbox.path(path.replace('shop/', ''))], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('install.sh', () => {
  it('builds from bases by their digests, where the lock of images has them', () => {
    const digest = `sha256:${'0a'.repeat(32)}`;
    sandbox.write(
      'source/apps/web/Dockerfile',
      'ARG BASE=docker.io/library/node:22-bookworm-slim\nARG OTHER=docker.io/library/golang:1\nFROM ${BASE}\n',
    );
    sandbox.write(
      'source/images.lock.json',
      `{\n  "docker.io/library/node:22-bookworm-slim": "${digest}"\n}\n`,
    );
    const { status, calls } = install();
    expect(status).toBe(0);
    expect(calls.find((call) => call.startsWith('docker build'))).toMatch(
      new RegExp(`^docker build --build-arg BASE=docker\\.io/library/node@${digest} --tag `),
    );
  });

  it('does everything in the order of the stack, then asks for each metric', () => {
    const { status, stdout, stderr, calls } = install();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(calls).toMatchSnapshot();
    expect(stdout).toContain(
      'shop/web requests_per_second: {"kind":"MetricValueList","items":[{"value":"25"}]}',
    );
    expect(stdout).toContain('The stack shop is installed.');
  });

  it('can be run again: an existing cluster is used', () => {
    sandbox.write('clusters', 'other\nshop-cluster\n');
    const { status, calls } = install();
    expect(status).toBe(0);
    expect(calls).not.toContainEqual(expect.stringContaining('kind create'));
    expect(changes(calls)).toContainEqual(expect.stringContaining('apply'));
  });

  it('does not take a cluster with a longer name for its own', () => {
    sandbox.write('clusters', 'shop-cluster-2\n');
    expect(install().calls).toContain('kind create cluster --name shop-cluster --config kind.yaml');
  });

  it('names an image that cannot be built and changes nothing', () => {
    sandbox.remove('source/apps/web');
    const { status, stderr, calls } = install();
    expect(status).toBe(1);
    expect(stderr).toContain(
      'image web (shop/web:1.0.0) cannot be built: ../../source/apps/web/Dockerfile does not exist',
    );
    expect(changes(calls)).toEqual([]);
  });

  it('names a tool that is missing and changes nothing', () => {
    sandbox.unstub('kind');
    const { status, stderr, calls } = install();
    expect(status).toBe(1);
    expect(stderr).toContain('kind is not installed; version 0.32.0 or newer is needed');
    expect(changes(calls)).toEqual([]);
  });

  it.each([
    ['kind', KIND.replace('v0.32.0', 'v0.9.0'), 'kind is version "0.9.0"; version 0.32.0 or newer is needed'],
    [
      'kubectl',
      KUBECTL.replace('v1.36.4', 'v1.34.10'),
      'kubectl is version "1.34.10"; version 1.35 or newer is needed',
    ],
    ['helm', HELM.replace('v3.18.4', 'v3.9.1'), 'helm is version "3.9.1"; version 3.14 or newer is needed'],
    [
      'docker',
      'echo "Cannot connect to the Docker daemon" >&2; exit 1',
      'fails: Cannot connect to the Docker daemon',
    ],
  ])('refuses %s when it cannot do the work', (tool, body, message) => {
    sandbox.stub(tool, body);
    const { status, stderr, calls } = install();
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(changes(calls)).toEqual([]);
  });

  it('takes no warning for a version', () => {
    sandbox.stub(
      'helm',
      `echo "WARNING: configuration file /home/u/.kube/config is group-readable (0640)" >&2\n${HELM}`,
    );
    const { status, stdout } = install();
    expect(status).toBe(0);
    expect(stdout).toContain('helm 3.18.4');
  });

  it('stops at the first failure and says at which step', () => {
    sandbox.stub('helm', `${HELM}\ncase "$*" in *cilium*) echo "chart not found" >&2; exit 1;; esac`);
    const { status, stderr, calls } = install();
    expect(status).toBe(1);
    expect(stderr).toContain('chart not found');
    expect(stderr).toContain('install.sh: failed at: stage 1 of 3, namespaces: where everything lives');
    expect(calls).not.toContainEqual(expect.stringContaining('apply'));
  });

  it('shows pods and warnings of a workload that does not become ready', () => {
    sandbox.stub(
      'kubectl',
      `${KUBECTL}\ncase "$*" in *"rollout status deployment/web"*) exit 1;; *"get events"*) echo "Failed to pull image";; esac`,
    );
    const { status, stderr } = install();
    expect(status).toBe(1);
    expect(stderr).toContain('Failed to pull image');
    expect(stderr).toContain('deployment/web in namespace shop did not become ready');
  });

  it('does not wait for a metric that the scenario expects to be unknown at first', () => {
    const expectations = [{ autoscaler: 'shop/web', metricUnknownAt: ['1m'] }];
    const quiet = { ...shop, scenario: defineScenario({ duration: '2m', expect: expectations }, 'test') };
    const script = stackFiles(quiet, synthesize(quiet), { source: '..' }).get('shop/install.sh')?.content;
    expect(script).toContain(
      "printf '%s\\n' 'shop/web requests_per_second: not asked for, it has no value before there is load'",
    );
    expect(script).not.toMatch(/^has_metric /m);
  });

  it('fails when an autoscaler has no metric in the end, and says what the API answered', () => {
    sandbox.stub('kubectl', KUBECTL.replace('[{"value":"25"}]', '[]'));
    const { status, stderr } = install();
    expect(status).toBe(1);
    expect(stderr).toContain('autoscaler shop/web has no metric requests_per_second: no value yet');
    sandbox.stub(
      'kubectl',
      KUBECTL.replace(/echo '\{.*\}'/, 'echo "the server could not find the metric" >&2; exit 1'),
    );
    expect(install().stderr).toContain(
      'has no metric requests_per_second: the server could not find the metric',
    );
  });
});

describe('uninstall.sh', () => {
  it('deletes the cluster of the stack', () => {
    expect(install('uninstall.sh')).toMatchObject({
      status: 0,
      calls: ['kind delete cluster --name shop-cluster'],
    });
  });
});

describe('watch.sh and forward.sh', () => {
  it('talk to the cluster of the stack', () => {
    expect(install('watch.sh').calls).toEqual([
      'kubectl --context kind-shop-cluster get horizontalpodautoscalers --all-namespaces --watch',
    ]);
    sandbox.forget();
    const { status, stderr, calls, stdout } = install('forward.sh');
    // The stub ends at once, as kubectl does when a port is in use.
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'forward.sh: a connection ended, its reason is above\n',
    });
    expect(calls).toEqual([
      'kubectl --context kind-shop-cluster port-forward --namespace shop service/grafana 3000:3000',
    ]);
    expect(stdout).toContain('Grafana: http://127.0.0.1:3000/');
  });
});
