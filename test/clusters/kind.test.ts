import { makeKind } from '../../constructs/clusters/kind';
import { readOutput, recordingMocks } from './support/recording-mocks';
import { ADAPTER, describedCluster } from './support/inputs';
import { ScriptBench } from './support/scripts';

const COMMAND = 'command:local:Command';
const CONFIG = 'kind: Cluster\nname: plimsoll\n';

async function made({ existingCluster = false, config = CONFIG } = {}) {
  const recording = recordingMocks({
    newResource: ({ type, name }) => {
      if (type !== COMMAND) return { state: { contextHash: 'hash', digest: 'sha256:1', ref: 'ref' } };
      return { state: { stdout: name === 'cluster' ? 'apiVersion: v1' : 'plimsoll/adapter:0.1.0-abc' } };
    },
  });
  const cluster = makeKind({
    cluster: describedCluster({ provider: 'kind' }),
    settings: { existingCluster },
    images: [ADAPTER],
    registry: '',
    tags: {},
    config,
  });
  const delivered = cluster.images.deliver(ADAPTER);
  await recording.settled();
  return { recording, cluster, delivered };
}

const bench = (stubs: Readonly<Record<string, string>> = {}) =>
  new ScriptBench({
    docker: 'exit 0',
    kind: `case "$*" in
      "get clusters") echo "$THERE" ;;
      "create cluster"*) cat >"\${CAT_TO:-/dev/null}" ;;
      "get kubeconfig"*) echo 'apiVersion: v1' ;;
    esac`,
    ...stubs,
  });

describe('a kind cluster', () => {
  it('is made by kind from its configuration, and its kubeconfig is a secret', async () => {
    const { recording, cluster } = await made();
    expect(recording.one('cluster', COMMAND)).toMatchObject({
      parent: { type: 'plimsoll:clusters:Kind', name: 'plimsoll' },
      inputs: {
        environment: { CLUSTER: 'plimsoll', CONFIG },
        triggers: ['plimsoll', CONFIG],
        logging: 'stderr',
      },
      additionalSecretOutputs: ['stdout'],
      deleteBeforeReplace: true,
    });
    expect(await readOutput(cluster.kubeconfig)).toMatchObject({ value: 'apiVersion: v1', secret: true });
    expect(cluster.goesWith).toBeDefined();
  });

  it('prints the kubeconfig and nothing else, and shows people what kind says', async () => {
    const { recording } = await made();
    const tools = bench();
    const run = tools.run(recording.one('cluster', COMMAND), 'create', { THERE: 'other' });
    expect(run).toMatchObject({ status: 0, stdout: 'apiVersion: v1\n' });
    expect(run.calls).toEqual([
      'kind get clusters',
      'kind create cluster --name plimsoll --config -',
      'kind get kubeconfig --name plimsoll',
    ]);
    tools.destroy();
  });

  it('is refused where one of its name is there, which is left alone', async () => {
    const { recording } = await made();
    const tools = bench();
    const run = tools.run(recording.one('cluster', COMMAND), 'create', { THERE: 'other\nplimsoll' });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('a kind cluster "plimsoll" is there already: set plimsoll:existingCluster');
    expect(run.calls).toEqual(['kind get clusters']);
    tools.destroy();
  });

  it.each(['kind', 'docker'])('says so where %s is missing', async (tool) => {
    const { recording } = await made();
    const stubs = { docker: 'exit 0', kind: 'exit 0' };
    const tools = new ScriptBench(
      Object.fromEntries(Object.entries(stubs).filter(([name]) => name !== tool)),
    );
    const run = tools.run(recording.one('cluster', COMMAND), 'create');
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(new RegExp(`^${tool} is not installed, or not in PATH: https://`));
    tools.destroy();
  });

  it('is deleted with the stack', async () => {
    const { recording } = await made();
    const tools = bench();
    const run = tools.run(recording.one('cluster', COMMAND), 'delete', { THERE: 'plimsoll' });
    expect(run.calls).toContain('kind delete cluster --name plimsoll');
    tools.destroy();
  });

  it('that somebody deleted is missed by name when its kubeconfig is read again', async () => {
    const { recording } = await made();
    const tools = bench();
    const run = tools.run(recording.one('cluster', COMMAND), 'update', { THERE: 'other' });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('there is no kind cluster "plimsoll" any more: "pulumi up --replace"');
    tools.destroy();
  });

  it('that is there is used as it is, and stays', async () => {
    const { recording, cluster } = await made({ existingCluster: true });
    const command = recording.one('cluster', COMMAND);
    expect(command.inputs).toMatchObject({ triggers: ['plimsoll'], environment: { CLUSTER: 'plimsoll' } });
    expect(command.inputs).not.toHaveProperty('delete');
    expect(cluster.goesWith).toBeUndefined();
    const tools = bench();
    expect(tools.run(command, 'create', { THERE: 'plimsoll' }).calls).toEqual([
      'kind get clusters',
      'kind get kubeconfig --name plimsoll',
    ]);
    const missing = tools.run(command, 'create', { THERE: 'a\nb' });
    expect(missing.stderr).toBe(
      'there is no kind cluster "plimsoll": set plimsoll:existingCluster to false to have one made; there is: a, b\n',
    );
    tools.destroy();
  });

  it('gets an image under a tag that names its content, anew when either changes', async () => {
    const { recording, delivered } = await made();
    expect(recording.one('images/adapter').inputs).toMatchObject({
      tags: ['plimsoll/adapter:0.1.0'],
      context: { location: '/src' },
      dockerfile: { location: '/src/apps/adapter/Dockerfile' },
      buildArgs: { BASE: 'node@sha256:1' },
      ...{ push: false, load: true, buildOnPreview: false },
    });
    const load = recording.one('images/adapter/load');
    expect(load.inputs['triggers']).toEqual(['hash', 'sha256:1', 'cluster-id']);
    expect(load.dependencies.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['images/adapter', 'cluster']),
    );
    expect(await readOutput(delivered.reference)).toMatchObject({ value: 'plimsoll/adapter:0.1.0-abc' });
    const tools = bench({
      docker: '[ "$1" != image ] || echo sha256:0123456789abcdef',
      kind: 'echo loading',
    });
    const run = tools.run(load, 'create');
    expect(run).toMatchObject({
      status: 0,
      stdout: 'plimsoll/adapter:0.1.0-0123456789ab',
      stderr: 'loading\n',
    });
    expect(run.calls.slice(1)).toEqual([
      'docker tag plimsoll/adapter:0.1.0 plimsoll/adapter:0.1.0-0123456789ab',
      'kind load docker-image plimsoll/adapter:0.1.0-0123456789ab --name plimsoll',
    ]);
    const untagged = tools.run(load, 'delete', {
      PULUMI_COMMAND_STDOUT: 'plimsoll/adapter:0.1.0-0123456789ab',
    });
    expect(untagged.calls).toEqual(['docker image rm plimsoll/adapter:0.1.0-0123456789ab']);
    const elsewhere = bench({ docker: '[ "$1" != image ] || { echo "No such image"; exit 1; }' });
    expect(elsewhere.run(load, 'create').stderr).toMatch(
      /^plimsoll\/adapter:0.1.0 is not among the images of docker/,
    );
    elsewhere.destroy();
    tools.destroy();
  });
});
