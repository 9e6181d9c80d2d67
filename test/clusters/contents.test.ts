import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { putIntoCluster } from '../../constructs/clusters/contents';
import type { ClusterContents } from '../../constructs/clusters/graph/nodes';
import { kubernetesClass } from '../../constructs/clusters/kubernetes-class';
import { OutputPlaceholders } from '../../constructs/clusters/output-placeholders';
import type { HelmRelease } from '../../core/model';
import { recordingMocks } from './support/recording-mocks';

const RELEASE: HelmRelease = {
  name: 'keda',
  namespace: 'keda',
  chart: 'keda',
  repository: 'https://kedacore.github.io/charts',
  version: '2.20.2',
  values: { watchNamespace: 'a' },
  provides: [],
  before: 'workload',
};

function contents(releases: readonly HelmRelease[] = [], image = 'app:1'): ClusterContents {
  const at = (constructPath: string) => ({ origin: { constructPath } });
  return {
    stages: [
      {
        stage: 'namespaces',
        objects: [
          { object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }, ...at('namespaces/a') },
        ],
      },
      {
        stage: 'workload',
        objects: [
          {
            object: {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              metadata: { name: 'app', namespace: 'a', annotations: { note: 'x' } },
              spec: {
                replicas: 3,
                selector: {},
                template: { spec: { containers: [{ name: 'main', image }] } },
              },
            },
            ...at('workload/app/Deployment'),
          },
          {
            object: {
              apiVersion: 'v1',
              kind: 'Service',
              metadata: { name: 'app', namespace: 'a' },
              spec: { ports: [] },
            },
            ...at('workload/app/Service'),
          },
          {
            object: {
              apiVersion: 'keda.sh/v1alpha1',
              kind: 'ScaledObject',
              metadata: { name: 'app', namespace: 'a' },
              spec: { scaleTargetRef: { name: 'app' }, triggers: [{ type: 'cron', metadata: {} }] },
            },
            ...at('workload/app/ScaledObject'),
          },
        ],
      },
    ],
    releases: releases.map((release) => ({ release, definitions: ['scaledobjects.keda.sh'] })),
  };
}

/** Puts contents into a cluster, with an Output for the image. */
async function put(releases: readonly HelmRelease[] = []) {
  const recording = recordingMocks();
  const provider = new k8s.Provider('cluster');
  const node = new k8s.core.v1.Node('node');
  const placeholders = new OutputPlaceholders();
  const image = placeholders.standFor(pulumi.output('app@sha256:1'));
  const resources = putIntoCluster(contents(releases, image), { provider, ready: [node], placeholders });
  await recording.settled();
  return { recording, resources };
}

describe('contents of a cluster', () => {
  it('are resources of the SDK’s own types, by the names of their constructs', async () => {
    const { recording, resources } = await put();
    expect([...resources.keys()]).toEqual([
      'namespaces/a',
      'workload/app/Deployment',
      'workload/app/Service',
      'workload/app/ScaledObject',
    ]);
    expect(recording.one('workload/app/Deployment')).toMatchObject({
      type: 'kubernetes:apps/v1:Deployment',
      provider: { name: 'cluster' },
      dependencies: [{ name: 'namespaces/a' }],
      inputs: { spec: { template: { spec: { containers: [{ image: 'app@sha256:1' }] } } } },
    });
    expect(recording.one('workload/app/ScaledObject').type).toBe('kubernetes:keda.sh/v1alpha1:ScaledObject');
  });

  it('wait for the cluster where they wait for nothing else', async () => {
    const { recording } = await put();
    expect(recording.one('namespaces/a').dependencies).toMatchObject([{ name: 'node' }]);
  });

  it('leave the size of what is autoscaled to the autoscaler', async () => {
    const { recording } = await put();
    expect(recording.one('workload/app/Deployment').ignoreChanges).toEqual(['spec.replicas']);
    expect(recording.one('workload/app/Service').ignoreChanges).toEqual([]);
  });

  it('are waited for until they are ready, and Services not at all', async () => {
    const { recording } = await put();
    const annotations = (name: string) => recording.one(name).inputs['metadata'];
    expect(annotations('workload/app/ScaledObject')).toHaveProperty('annotations', {
      'pulumi.com/waitFor': 'condition=Ready',
    });
    expect(annotations('workload/app/Service')).toHaveProperty('annotations', {
      'pulumi.com/skipAwait': 'true',
    });
    expect(annotations('workload/app/Deployment')).toHaveProperty('annotations', { note: 'x' });
  });

  it('include releases of Helm, made by Helm, before what they precede', async () => {
    const oci = { ...RELEASE, name: 'oci', namespace: 'a', repository: 'oci://ghcr.io/charts' };
    const { recording } = await put([RELEASE, oci]);
    expect(recording.one('releases/keda')).toMatchObject({
      type: 'kubernetes:helm.sh/v3:Release',
      inputs: {
        ...{ name: 'keda', namespace: 'keda', createNamespace: true, chart: 'keda', version: '2.20.2' },
        repositoryOpts: { repo: 'https://kedacore.github.io/charts' },
        values: { watchNamespace: 'a' },
        waitForJobs: true,
      },
      dependencies: [{ name: 'namespaces/a' }],
    });
    expect(recording.one('releases/oci').inputs).toMatchObject({
      chart: 'oci://ghcr.io/charts/keda',
      createNamespace: false,
    });
    const needed = recording.one('workload/app/ScaledObject').dependencies.map(({ name }) => name);
    expect(needed.sort()).toEqual(['workload/app/Deployment']);
    expect(recording.one('releases/oci').dependencies.map(({ name }) => name)).toEqual(['releases/keda']);
    expect(recording.one('workload/app/Service').dependencies.map(({ name }) => name)).toEqual([
      'releases/oci',
    ]);
  });

  it('go with a cluster that goes', async () => {
    const cluster = () => new k8s.core.v1.ConfigMap('it');
    const recording = recordingMocks();
    const goesWith = cluster();
    putIntoCluster(contents(), {
      provider: new k8s.Provider('cluster'),
      ready: [],
      placeholders: new OutputPlaceholders(),
      goesWith,
    });
    await recording.settled();
    expect(recording.one('workload/app/Service').deletedWith).toMatchObject({ name: 'it' });
  });
});

describe('the SDK’s class of a kind', () => {
  it.each([
    ['v1', 'ConfigMap', k8s.core.v1.ConfigMap],
    ['apps/v1', 'Deployment', k8s.apps.v1.Deployment],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', k8s.rbac.v1.ClusterRole],
    ['apiregistration.k8s.io/v1', 'APIService', k8s.apiregistration.v1.APIService],
    ['networking.k8s.io/v1', 'NetworkPolicy', k8s.networking.v1.NetworkPolicy],
  ])('is found for %s %s', (apiVersion, kind, Class) => {
    expect(kubernetesClass(apiVersion, kind)).toBe(Class);
  });

  it.each([
    ['monitoring.coreos.com/v1', 'Prometheus'],
    ['apps.example.com/v1', 'Deployment'],
    ['apps/v9', 'Deployment'],
    ['v1', 'constructor'],
    ['types/v1', 'input'],
  ])('is not there for %s %s', (apiVersion, kind) => {
    expect(kubernetesClass(apiVersion, kind)).toBeUndefined();
  });
});
