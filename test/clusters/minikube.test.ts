import { makeMinikube, minikubeSettings } from '../../constructs/clusters/minikube';
import { readOutput, recordingMocks } from './support/recording-mocks';
import { ADAPTER, describedCluster } from './support/inputs';
import { ScriptBench } from './support/scripts';

const COMMAND = 'command:local:Command';
const THERE = '{"invalid":[],"valid":[{"Name":"plimsoll","Config":{"ClusterName":"plimsoll"}}]}';
const NONE = '{"invalid":[],"valid":[]}';

async function made(settings: Readonly<Record<string, unknown>> = {}) {
  const recording = recordingMocks({
    newResource: ({ type }) => (type === COMMAND ? { state: { stdout: 'apiVersion: v1' } } : undefined),
  });
  const cluster = makeMinikube({
    cluster: describedCluster({ provider: 'minikube' }),
    settings: minikubeSettings.parse(settings),
    images: [],
    registry: '',
    tags: {},
    startOptions: ['--kubernetes-version=v1.36.1', '--extra-config=a.b=c d'],
  });
  cluster.images.deliver(ADAPTER);
  await recording.settled();
  return { recording, cluster, command: recording.one('cluster', COMMAND) };
}

const STUBS = {
  docker: '[ "$1" != image ] || echo sha256:0123456789abcdef',
  minikube: 'case "$1" in profile) echo "$PROFILES" ;; start) echo starting ;; esac',
  kubectl: 'echo apiVersion: v1',
};

describe('a minikube profile', () => {
  const tools = new ScriptBench(STUBS);
  afterAll(() => {
    tools.destroy();
  });

  it('is started with what the descriptor says, word by word', async () => {
    const { command } = await made();
    const run = tools.run(command, 'create', { PROFILES: NONE });
    expect(run).toMatchObject({ status: 0, stdout: 'apiVersion: v1\n', stderr: 'starting\n' });
    expect(run.calls[1]).toBe(
      'minikube start --profile plimsoll --kubernetes-version=v1.36.1 --extra-config=a.b=c d',
    );
    expect(run.calls[2]).toBe('kubectl config view --raw --minify --flatten --context plimsoll');
  });

  it('is started with a driver if one is chosen, and replaced when that changes', async () => {
    const { command } = await made({ driver: 'kvm2' });
    expect(command.inputs['triggers']).toEqual([
      'plimsoll',
      '--kubernetes-version=v1.36.1\n--extra-config=a.b=c d\n--driver=kvm2',
    ]);
  });

  it('is refused where one of its name is there', async () => {
    const { command } = await made();
    const run = tools.run(command, 'create', { PROFILES: THERE });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(
      'a minikube profile "plimsoll" is there already: set plimsoll:existingCluster',
    );
    expect(run.calls).toHaveLength(1);
  });

  it('that is there is started, used as it is, and stays', async () => {
    const { command, cluster } = await made({ existingCluster: true });
    expect(command.inputs).not.toHaveProperty('delete');
    expect(cluster.goesWith).toBeUndefined();
    expect(tools.run(command, 'create', { PROFILES: THERE }).calls[1]).toBe(
      'minikube start --profile plimsoll',
    );
    expect(tools.run(command, 'create', { PROFILES: NONE })).toMatchObject({
      status: 1,
      stderr:
        'there is no minikube profile "plimsoll": set plimsoll:existingCluster to false to have one made\n',
    });
  });

  it('is deleted with the stack, and its kubeconfig is a secret', async () => {
    const { command, cluster } = await made();
    expect(tools.run(command, 'delete').calls).toContain('minikube delete --profile plimsoll');
    expect(command.additionalSecretOutputs).toEqual(['stdout']);
    expect(await readOutput(cluster.kubeconfig)).toMatchObject({ secret: true });
  });

  it('gets images by a command of minikube', async () => {
    const { recording } = await made();
    const run = tools.run(recording.one('images/adapter/load'), 'create');
    expect(run.calls.at(-1)).toBe(
      'minikube image load plimsoll/adapter:0.1.0-0123456789ab --profile plimsoll',
    );
  });
});
