import { existingSettings, useExisting } from '../../constructs/clusters/existing';
import { readOutput, recordingMocks } from './support/recording-mocks';
import { ADAPTER, describedCluster } from './support/inputs';

const cluster = describedCluster({ provider: 'existing' });
const FILE = { kubeconfigPath: '~/.kube/config', context: 'lab' };

function using(given: Readonly<Record<string, unknown>>, registry = 'registry.example.com:5000/team') {
  return useExisting({
    cluster,
    settings: existingSettings.parse(given),
    images: [ADAPTER],
    registry,
    tags: {},
  });
}

describe('a cluster that is there', () => {
  it('is reached through a file and a context that are named', async () => {
    recordingMocks();
    const running = using(FILE);
    expect(running).toMatchObject({ context: 'lab', ready: [], outputs: {} });
    expect(await readOutput(running.kubeconfig)).toMatchObject({ value: '~/.kube/config', secret: true });
    expect(running.connect).toBe('kubectl config use-context lab --kubeconfig ~/.kube/config');
    expect(running.goesWith).toBeUndefined();
  });

  it('gets images through its registry, by digest', async () => {
    const recording = recordingMocks({ newResource: () => ({ state: { ref: 'registry/x@sha256:1' } }) });
    const running = using({ ...FILE, platform: 'linux/arm64' });
    const { reference } = running.images.deliver(ADAPTER);
    await recording.settled();
    expect(recording.one('images/adapter').inputs).toMatchObject({
      tags: ['registry.example.com:5000/team/plimsoll/adapter:0.1.0'],
      platforms: ['linux/arm64'],
      push: true,
    });
    expect(recording.one('images/adapter').inputs).not.toHaveProperty('registries');
    expect(recording.one('images/adapter').retainOnDelete).toBe(true);
    expect(await readOutput(reference)).toMatchObject({ value: 'registry/x@sha256:1' });
  });

  it('pushes with credentials that stay secret, to the host of the registry', async () => {
    const recording = recordingMocks();
    using({ ...FILE, registryUsername: 'me', registryPassword: 'hidden' }).images.deliver(ADAPTER);
    await recording.settled();
    const image = recording.one('images/adapter');
    expect(image.inputs['registries']).toEqual([
      { address: 'registry.example.com:5000', username: 'me', password: 'hidden' },
    ]);
    expect(image.secrets.join()).toContain('registries');
  });

  it('without a registry is refused: its nodes could not pull what is built', () => {
    recordingMocks();
    expect(() => using(FILE, '')).toThrow(
      'plimsoll:registry is missing: name a registry that the nodes can pull',
    );
  });

  it.each([
    [{ kubeconfigPath: 'x' }, 'context', 'is missing: name the context'],
    [{ context: 'x' }, 'kubeconfigPath', 'set it, or kubeconfig, and not both'],
    [{ ...FILE, kubeconfig: 'y' }, 'kubeconfigPath', 'set it, or kubeconfig, and not both'],
    [{ ...FILE, registryUsername: 'x' }, 'registryPassword', 'set it together with registryUsername'],
    [{ ...FILE, platform: 'windows/amd64' }, 'platform', 'Invalid option'],
  ])('is refused with %j, naming %s', (given, key, message) => {
    const issue = existingSettings.safeParse(given).error?.issues[0];
    expect(issue?.path).toEqual([key]);
    expect(issue?.message).toContain(message);
  });
});
