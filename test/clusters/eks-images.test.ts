import { ADAPTER, listing, madeCluster, NAME } from './support/eks';
import { readOutput } from './support/recording-mocks';

const REPOSITORY = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${NAME}/plimsoll/adapter`;

describe('images of an EKS cluster', () => {
  it('have repositories that go with the stack and keep no leftovers', async () => {
    const { recording } = await madeCluster();
    expect(recording.one(`${NAME}-adapter`, 'aws:ecr/repository:Repository').inputs).toEqual({
      name: `${NAME}/plimsoll/adapter`,
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: true,
    });
    const { policy } = recording.one(`${NAME}-adapter`, 'aws:ecr/lifecyclePolicy:LifecyclePolicy').inputs;
    expect(JSON.parse(String(policy))).toMatchObject({
      rules: [{ selection: { tagStatus: 'untagged' }, action: { type: 'expire' } }],
    });
  });

  it('are built for the nodes and pushed with a token that stays secret, and are named by digest', async () => {
    const { cluster, recording } = await madeCluster();
    const { reference, resource } = cluster.images.deliver(ADAPTER);
    await recording.settled();
    const image = recording.one('images/adapter');
    expect(image.inputs).toMatchObject({
      tags: [`${REPOSITORY}:0.1.0`],
      platforms: ['linux/amd64'],
      push: true,
      context: { location: '/project' },
      buildArgs: { BASE: 'node@sha256:00' },
      registries: [{ address: REPOSITORY, username: 'AWS', password: 'token-of-twelve-hours' }],
    });
    expect(image.secrets).toContain('registries[0].password');
    expect(image.parent).toMatchObject({ type: 'plimsoll:clusters:Eks' });
    expect(await readOutput(reference)).toMatchObject({
      value: `${REPOSITORY}:0.1.0@sha256:beef`,
      secret: false,
    });
    expect(await readOutput(resource.urn)).toMatchObject({ value: image.urn });
    const call = recording.calls.find(({ token }) => token.includes('getAuthorizationToken'));
    expect(call?.inputs).toEqual({ registryId: '111122223333' });
  });

  it('go to a registry that is there, of which nothing is made', async () => {
    const { cluster, recording } = await madeCluster({ registry: 'registry.example.com/team' });
    const { reference } = cluster.images.deliver(ADAPTER);
    await recording.settled();
    expect(listing(recording)).not.toContain(`Repository ${NAME}-adapter`);
    const { inputs } = recording.one('images/adapter');
    expect(inputs).toMatchObject({ tags: ['registry.example.com/team/plimsoll/adapter:0.1.0'], push: true });
    expect(inputs).not.toHaveProperty('registries');
    expect(await readOutput(reference)).toMatchObject({
      value: 'registry.example.com/team/plimsoll/adapter:0.1.0@sha256:beef',
    });
    expect(cluster.outputs).not.toHaveProperty('repositories');
  });

  it('are built for Arm and for Fargate where the nodes are of Graviton', async () => {
    const { cluster, recording } = await madeCluster({
      settings: { existingCluster: true, instanceType: 'm7g.large' },
    });
    cluster.images.deliver(ADAPTER);
    await recording.settled();
    expect(recording.one('images/adapter').inputs['platforms']).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('have no digest in a preview', async () => {
    const { cluster, recording } = await madeCluster({ preview: true });
    const { reference } = cluster.images.deliver(ADAPTER);
    await recording.settled();
    expect(await readOutput(reference)).toMatchObject({ known: false });
  });

  it('are those that the cluster was made for', async () => {
    const { cluster } = await madeCluster({ images: [] });
    expect(() => cluster.images.deliver(ADAPTER)).toThrow('no repository for image adapter was made');
    expect(cluster.outputs).not.toHaveProperty('repositories');
  });
});
