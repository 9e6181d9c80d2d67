import * as k8s from '@pulumi/kubernetes';
import type { Resource } from '@pulumi/pulumi';
import { fluxSettings, installFlux } from '../../constructs/clusters/flux';
import { dependenciesOf, listing } from './support/eks';
import { readOutput, recordingMocks } from './support/recording-mocks';

const PUBLIC_KEY = 'ssh-ed25519 AAAApublic';
const PRIVATE_KEY = '-----BEGIN OPENSSH PRIVATE KEY-----';
const SETTINGS = { flux: true, gitUrl: 'ssh://git@github.com/owner/fleet' };

/** Flux after a namespace that stands for the nodes, which are gone with another. */
async function installed(settings: Readonly<Record<string, unknown>> = SETTINGS, preview = false) {
  const recording = recordingMocks({
    preview,
    newResource: ({ type }) =>
      type === 'tls:index/privateKey:PrivateKey' && !preview
        ? { state: { publicKeyOpenssh: PUBLIC_KEY, privateKeyOpenssh: PRIVATE_KEY } }
        : undefined,
  });
  const provider = new k8s.Provider('cluster', { kubeconfig: '{}' });
  const nodes: Resource = new k8s.core.v1.Namespace('nodes', {}, { provider });
  const outputs = installFlux(fluxSettings.parse(settings), {
    stack: 'eks-fargate',
    provider,
    dependsOn: [nodes],
    deletedWith: nodes,
  });
  await recording.settled();
  return { recording, outputs };
}

describe('Flux', () => {
  it('is made of these resources, which are gone with the cluster', async () => {
    const { recording } = await installed();
    expect(listing(recording)).toEqual([
      'Flux flux-system',
      'GitRepository flux-system-source',
      'Kustomization flux-system-kustomization',
      'Namespace flux-system',
      'Namespace nodes',
      'PrivateKey flux-system-deploy-key',
      'Release flux-system',
      'Secret flux-system',
      'kubernetes cluster',
    ]);
    const inCluster = recording.registrations.filter(
      ({ type, name }) => type.startsWith('kubernetes:') && name !== 'nodes',
    );
    for (const { parent, provider, deletedWith } of inCluster) {
      expect(parent?.type).toBe('plimsoll:clusters:Flux');
      expect(provider?.name).toBe('cluster');
      expect(deletedWith?.name).toBe('nodes');
    }
  });

  it('is installed by its chart once there are nodes', async () => {
    const { recording } = await installed();
    const release = recording.one('flux-system', 'kubernetes:helm.sh/v3:Release');
    expect(release.inputs).toMatchObject({
      name: 'flux',
      namespace: 'flux-system',
      chart: 'oci://ghcr.io/fluxcd-community/charts/flux2',
      version: '2.18.3',
    });
    expect(dependenciesOf(release)).toEqual(['Namespace flux-system']);
    expect(dependenciesOf(recording.one('flux-system', 'kubernetes:core/v1:Namespace'))).toEqual([
      'Namespace nodes',
    ]);
  });

  it('follows the repository and applies the folder of the stack', async () => {
    const { recording } = await installed();
    const source = recording.one('flux-system-source');
    const metadata = {
      name: 'flux-system',
      namespace: 'flux-system',
      annotations: { 'pulumi.com/skipAwait': 'true' },
    };
    expect(source.inputs).toEqual({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata,
      spec: {
        interval: '5m',
        url: 'ssh://git@github.com/owner/fleet',
        ref: { branch: 'main' },
        secretRef: { name: 'flux-system' },
      },
    });
    expect(dependenciesOf(source)).toEqual(['Release flux-system', 'Secret flux-system']);
    const root = recording.one('flux-system-kustomization');
    expect(root.inputs).toEqual({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata,
      spec: {
        interval: '5m',
        path: './clusters/eks-fargate',
        prune: true,
        sourceRef: { kind: 'GitRepository', name: 'flux-system' },
      },
    });
    expect(dependenciesOf(root)).toEqual(['GitRepository flux-system-source']);
  });

  it('follows another branch and folder, as often as is wanted', async () => {
    const { recording } = await installed({
      ...SETTINGS,
      gitBranch: 'release/1',
      gitPath: 'fleet/demo',
      gitInterval: '1m',
    });
    expect(recording.one('flux-system-source').inputs).toMatchObject({
      spec: { interval: '1m', ref: { branch: 'release/1' } },
    });
    expect(recording.one('flux-system-kustomization').inputs).toMatchObject({
      spec: { interval: '1m', path: './fleet/demo' },
    });
  });

  it('gets a deploy key whose private half is never in the open', async () => {
    const { recording, outputs } = await installed();
    expect(recording.one('flux-system-deploy-key').inputs).toMatchObject({ algorithm: 'ED25519' });
    const secret = recording.one('flux-system', 'kubernetes:core/v1:Secret');
    expect(secret.inputs).toMatchObject({
      metadata: { name: 'flux-system', namespace: 'flux-system' },
      stringData: { identity: PRIVATE_KEY, 'identity.pub': PUBLIC_KEY },
    });
    expect(JSON.stringify(secret.inputs)).toContain('github.com ssh-ed25519 ');
    expect(secret.secrets.some((path) => 'stringData.identity'.startsWith(path))).toBe(true);

    expect(await readOutput(outputs.fluxDeployKey)).toMatchObject({ value: PUBLIC_KEY, secret: false });
    expect(outputs.fluxNextStep).toContain(
      'as a deploy key with write access for ssh://git@github.com/owner/fleet',
    );
    expect(JSON.stringify((await readOutput(outputs)).value)).not.toContain(PRIVATE_KEY);
  });

  it('recognizes a host by keys that were given', async () => {
    const gitKnownHosts = 'git.example.com ssh-ed25519 AAAA';
    const { recording } = await installed({
      flux: true,
      gitUrl: 'ssh://git@git.example.com/owner/fleet',
      gitKnownHosts,
    });
    expect(recording.one('flux-system', 'kubernetes:core/v1:Secret').inputs).toMatchObject({
      stringData: { known_hosts: gitKnownHosts },
    });
  });

  it('previews before there is a key', async () => {
    const { recording, outputs } = await installed(SETTINGS, true);
    expect(listing(recording)).toHaveLength(9);
    expect(await readOutput(outputs.fluxDeployKey)).toMatchObject({ known: false });
  });

  it('is not installed without a repository, whatever was checked before', async () => {
    const recording = recordingMocks();
    const provider = new k8s.Provider('cluster', { kubeconfig: '{}' });
    const settings = { ...fluxSettings.parse(SETTINGS), gitUrl: undefined };
    expect(() => installFlux(settings, { stack: 'eks-fargate', provider, dependsOn: [] })).toThrow(
      'gitUrl is missing',
    );
    await recording.settled();
  });
});
