import { z } from 'zod';
import { Inventory } from '../../core/kube/inventory';
import { refOf, refText, type KubeObject } from '../../core/kube/object';
import { readyConditions } from '../../synth/readiness';
import { withStages, add, shop } from './fixture';
import {
  appliedBy,
  applyFolder,
  ECR,
  fleetFrom,
  fleetOf,
  kustomizationsOf,
  objectsIn,
  VARIANTS,
  type Fleet,
} from './gitops-support';

/** Paths, and what the root applies with what each Kustomization brings. */
function indexOf(fleet: Fleet): string {
  const lines = [...kustomizationsOf(fleet)].map(([name, kustomization]) => {
    const { dependsOn, healthChecks, suspend } = kustomization.spec;
    return [
      `${name}${suspend ? ' (suspended)' : ''}: ${appliedBy(fleet, kustomization).length} objects`,
      ...dependsOn.map((dependency) => `  after ${dependency.name}`),
      ...healthChecks.map((check) => `  ready with ${refText(check)}`),
    ].join('\n');
  });
  const others = applyFolder(fleet.files, fleet.options.path)
    .filter(({ kind }) => kind !== 'Kustomization')
    .map((object) => refText(refOf(object)));
  return [...fleet.files.keys(), '', ...others, ...lines].join('\n');
}

/** The annotations of an object of a stage. */
function annotationsOf(fleet: Fleet, name: string): Readonly<Record<string, string>> | undefined {
  return everything(fleet).find((object) => refText(refOf(object)) === name)?.metadata.annotations;
}

function everything(fleet: Fleet): KubeObject[] {
  return [...kustomizationsOf(fleet).values()].flatMap((kustomization) => appliedBy(fleet, kustomization));
}

describe.each(VARIANTS)('the tree of %s', (_title, name, ...set) => {
  const fleet = fleetOf(name, set);

  it('has these files and Kustomizations', () => {
    expect(indexOf(fleet)).toMatchSnapshot();
  });

  it('is the same byte for byte when it is made again', () => {
    expect([...fleetOf(name, set).files]).toEqual([...fleet.files]);
  });

  it('gives the root nothing but objects of Flux', () => {
    const groups = applyFolder(fleet.files, fleet.options.path).map(({ apiVersion }) => apiVersion);
    expect(new Set(groups)).toEqual(new Set(['kustomize.toolkit.fluxcd.io/v1']));
  });

  it('applies every object of the stack once, as the stage has it', () => {
    const applied = everything(fleet).filter(({ apiVersion }) => !apiVersion.includes('toolkit.fluxcd.io'));
    const ofStages = fleet.objects.stages.flatMap(({ objects }) => objects.map(({ object }) => object));
    expect(applied.map(withoutApplyPolicy)).toEqual(plain(ofStages));
  });

  it('waits for all that `install.sh` waits for after a stage', () => {
    const kustomizations = kustomizationsOf(fleet);
    fleet.objects.stages.forEach((stage, index) => {
      const wanted = readyConditions(stage, fleet.stack.stages[index]?.readyWhen);
      const checks = kustomizations.get(`${name}-${stage.stage}`)?.spec.healthChecks ?? [];
      const names = wanted.map((condition) => refText({ apiVersion: '', ...condition }));
      expect(checks.map(refText)).toEqual(expect.arrayContaining(names));
    });
  });

  it('tells with expressions when those are ready that kstatus calls ready at once', () => {
    for (const { spec } of kustomizationsOf(fleet).values()) {
      const checked = spec.healthChecks.map(({ kind }) => kind);
      const special = ['APIService', 'Prometheus', 'ScaledObject'].filter((kind) => checked.includes(kind));
      expect(spec.healthCheckExprs.map(({ kind }) => kind)).toEqual(special);
    }
  });

  it('leaves the sizes of autoscaled workloads to their autoscalers', () => {
    const objects = everything(fleet);
    const targets = objects.flatMap(({ kind, metadata, spec }) =>
      kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject'
        ? [`${metadata.namespace} ${String(nameIn(spec))}`]
        : [],
    );
    expect(targets.length).toBeGreaterThan(0);
    const workloads = new Inventory(objects).deployments.filter(({ metadata }) =>
      targets.includes(`${metadata.namespace} ${metadata.name}`),
    );
    expect(workloads).toHaveLength(targets.length);
    for (const { metadata } of workloads) {
      const written = objects.find(
        ({ kind, metadata: { name } }) => kind === 'Deployment' && name === metadata.name,
      );
      expect(written?.['spec']).not.toHaveProperty('replicas');
    }
  });

  it('lets a program keep what it writes into a Secret', () => {
    const secrets = everything(fleet).filter(({ kind }) => kind === 'Secret');
    for (const secret of secrets) {
      expect(secret).not.toHaveProperty('data');
      expect(secret.metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' });
    }
    expect(secrets.length).toBe(name === 'minikube' && set.length === 0 ? 0 : 1);
  });

  it('reads everything from the repository that `flux bootstrap` set up', () => {
    for (const { spec } of kustomizationsOf(fleet).values()) {
      expect(spec.sourceRef).toEqual({ kind: 'GitRepository', name: 'flux-system' });
      expect(spec.path).toMatch(new RegExp(`^\\./clusters/${name}/plimsoll/(stages|charts)/`));
    }
  });
});

function nameIn(spec: unknown): unknown {
  const target: unknown =
    typeof spec === 'object' && spec !== null && 'scaleTargetRef' in spec && spec.scaleTargetRef;
  return typeof target === 'object' && target !== null && 'name' in target ? target.name : undefined;
}

function plain(objects: readonly KubeObject[]): unknown {
  return JSON.parse(JSON.stringify(objects));
}

function withoutApplyPolicy(object: KubeObject): KubeObject {
  const { annotations = {}, ...metadata } = object.metadata;
  const rest = Object.entries(annotations).filter(([key]) => !key.startsWith('kustomize.toolkit.fluxcd.io/'));
  return {
    ...object,
    metadata: rest.length > 0 ? { ...metadata, annotations: Object.fromEntries(rest) } : metadata,
  };
}

describe('suspending', () => {
  const fleet = fleetOf('eks-fargate', [], { suspend: ['workload'] });

  it('holds up one stage, and those after it by their dependencies', () => {
    const suspended = [...kustomizationsOf(fleet)]
      .filter(([, { spec }]) => spec.suspend)
      .map(([name]) => name);
    expect(suspended).toEqual(['eks-fargate-workload']);
  });

  it('holds up the releases that a stage needs as well', () => {
    const { files } = fleetOf('minikube', [], { suspend: ['autoscaling'] });
    const text = files.get('clusters/minikube/plimsoll/stages.yaml') ?? '';
    expect(
      objectsIn(text).filter(({ spec }) => JSON.stringify(spec).includes('"suspend":true')),
    ).toHaveLength(2);
  });

  it('names a stage that may have been meant', () => {
    expect(() => fleetOf('eks-fargate', [], { suspend: ['worklod'] })).toThrow(
      '--suspend worklod: no stage of stack eks-fargate: there is namespaces, operators, monitoring, ' +
        'resource-metrics, adapter, workload, autoscaling, load; did you mean "workload"?',
    );
  });
});

describe('ignoring', () => {
  it('marks the object alone, and keeps its other annotations', () => {
    const before = fleetOf('eks-fargate');
    const fleet = fleetOf('eks-fargate', [], { ignore: ['Namespace/demo'] });
    expect(annotationsOf(fleet, 'Namespace demo')).toEqual({
      ...annotationsOf(before, 'Namespace demo'),
      'kustomize.toolkit.fluxcd.io/reconcile': 'disabled',
    });
    expect(annotationsOf(fleet, 'Namespace monitoring-system')).toEqual(
      annotationsOf(before, 'Namespace monitoring-system'),
    );
  });

  it('waits neither for the object nor for what somebody makes of it', () => {
    const fleet = fleetOf('eks-fargate', [], { ignore: ['Prometheus/monitoring-system/demo'] });
    const { healthChecks, healthCheckExprs } =
      kustomizationsOf(fleet).get('eks-fargate-monitoring')?.spec ?? {};
    expect([healthChecks, healthCheckExprs]).toEqual([[], []]);
  });

  it('waits for the other objects of the stage', () => {
    const fleet = fleetOf('kind', [], { ignore: ['Deployment/backend/backend-1'] });
    const { healthChecks = [] } = kustomizationsOf(fleet).get('kind-workload')?.spec ?? {};
    expect(healthChecks.map(refText)).toEqual(['Deployment backend/backend-2']);
  });

  it('names an object that may have been meant', () => {
    expect(() => fleetOf('eks-fargate', [], { ignore: ['Deployment/demo/podinf'] })).toThrow(
      '--ignore Deployment/demo/podinf: no object of stack eks-fargate: write KIND/NAMESPACE/NAME, or KIND/NAME of a ' +
        'kind without namespaces; did you mean "Deployment/demo/podinfo"?',
    );
  });
});

describe('Helm releases', () => {
  const shopFleet = fleetFrom(shop);
  const charts = (fleet: Fleet): KubeObject[] =>
    everything(fleet).filter(({ kind }) => kind.startsWith('Helm'));

  it('pin their version, and retry without uninstalling', () => {
    const [repository, release] = charts(fleetOf('kind'));
    expect(repository).toMatchObject({ spec: { type: 'default', url: 'https://helm.cilium.io' } });
    expect(release).toMatchObject({
      metadata: { name: 'kind-cilium', namespace: 'flux-system' },
      spec: {
        releaseName: 'cilium',
        targetNamespace: 'kube-system',
        storageNamespace: 'kube-system',
        chart: { spec: { chart: 'cilium', version: '1.20.5' } },
        install: { crds: 'CreateReplace', strategy: { name: 'RetryOnFailure' } },
        upgrade: { crds: 'CreateReplace', strategy: { name: 'RetryOnFailure' } },
        values: { kubeProxyReplacement: true },
      },
    });
    expect(release?.['spec']).not.toHaveProperty('install.createNamespace');
  });

  it('come from OCI registries too, and make a namespace that no stage made', () => {
    expect(charts(shopFleet).slice(2)).toMatchObject([
      { kind: 'HelmRepository', spec: { type: 'oci', url: 'oci://ghcr.io/prometheus-community/charts' } },
      { kind: 'HelmRelease', spec: { targetNamespace: 'monitoring', install: { createNamespace: true } } },
    ]);
  });

  it('of definitions alone leave them in the cluster when they go', () => {
    const [, cilium, , definitions] = charts(shopFleet);
    expect(cilium?.['spec']).not.toHaveProperty('postRenderers');
    const [patch] = patchesOf(definitions);
    expect(patch).toMatchObject({ target: { kind: 'CustomResourceDefinition' } });
    expect(objectsIn(patch?.patch ?? '')).toMatchObject([
      {
        kind: 'CustomResourceDefinition',
        metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } },
      },
    ]);
  });

  it('of one stage follow each other', () => {
    const releases = shop.releases.map((release) => ({ ...release, before: 'workload' }));
    const [, first, , second] = charts(fleetFrom({ ...shop, releases }));
    expect(first?.['spec']).not.toHaveProperty('dependsOn');
    expect(second).toMatchObject({ spec: { dependsOn: [{ name: 'shop-cilium' }] } });
  });

  it('that somebody else installed are left out', () => {
    const fleet = fleetOf('kind', [], { existingReleases: ['cilium'] });
    expect([...kustomizationsOf(fleet).keys()].slice(0, 2)).toEqual([
      'kind-namespaces',
      'kind-operators-charts',
    ]);
    expect(() => fleetOf('kind', [], { existingReleases: ['cilum'] })).toThrow(
      '--existing-release cilum: no Helm release of stack kind: there is cilium, prometheus-operator-crds; did you mean "cilium"?',
    );
  });
});

const rendered = z.looseObject({
  spec: z.looseObject({
    postRenderers: z.array(
      z.strictObject({
        kustomize: z.strictObject({
          patches: z.array(z.strictObject({ target: z.looseObject({}), patch: z.string() })),
        }),
      }),
    ),
  }),
});

/** What is changed of everything that a chart renders. */
function patchesOf(release: KubeObject | undefined) {
  return rendered.parse(release).spec.postRenderers.flatMap(({ kustomize }) => kustomize.patches);
}

describe('a stage without objects', () => {
  it('has no Kustomization, and those after it follow its releases', () => {
    const stack = withStages({
      first: (chart) => void add(chart, 'a', 'v1', 'Namespace', { name: 'a' }),
      empty: () => undefined,
      last: (chart) => void add(chart, 'b', 'v1', 'ConfigMap', { name: 'b', namespace: 'a' }),
    });
    const releases = shop.releases.slice(0, 1).map((release) => ({ ...release, before: 'empty' }));
    const found = [...kustomizationsOf(fleetFrom({ ...stack, releases })).values()];
    expect(
      found.map(({ metadata, spec }) => [metadata.name, spec.dependsOn.map(({ name }) => name)]),
    ).toEqual([
      ['shop-first', []],
      ['shop-empty-charts', ['shop-first']],
      ['shop-last', ['shop-first', 'shop-empty-charts']],
    ]);
  });
});

describe('a cluster whose Flux does not read the repository', () => {
  const url = 'ssh://git@git.example.com/fleet';
  const fleet = fleetOf('aks', [], {
    path: 'fleet/blue',
    sync: { kind: 'GitRepository', url, branch: 'release', secret: 'fleet-key' },
  });

  it('gets the repository and the root, which removes neither', () => {
    const sync = objectsIn(fleet.files.get('fleet/blue/plimsoll/sync.yaml') ?? '');
    expect(sync).toMatchObject([
      { kind: 'GitRepository', spec: { url, ref: { branch: 'release' }, secretRef: { name: 'fleet-key' } } },
      { kind: 'Kustomization', metadata: { name: 'aks' }, spec: { path: './fleet/blue', prune: true } },
    ]);
    for (const { metadata } of sync) {
      expect(metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
    }
  });

  it('reads every stage from that repository', () => {
    for (const { spec } of kustomizationsOf(fleet).values()) {
      expect(spec.sourceRef).toEqual({ kind: 'GitRepository', name: 'aks' });
    }
  });

  it('reads an OCI artifact with credentials that somebody names', () => {
    const { files } = fleetOf('aks', [], {
      sync: { kind: 'OCIRepository', url: 'oci://team.azurecr.io/fleet', tag: 'latest', secret: 'pull' },
    });
    expect(objectsIn(files.get('clusters/aks/plimsoll/sync.yaml') ?? '')[0]).toMatchObject({
      spec: { provider: 'generic', secretRef: { name: 'pull' } },
    });
  });

  it('reads an OCI artifact instead, with the credentials of the cloud that has it', () => {
    const { files } = fleetOf('eks-fargate', [], {
      sync: { kind: 'OCIRepository', url: `oci://${ECR}/fleet`, tag: 'production' },
    });
    expect(objectsIn(files.get('clusters/eks-fargate/plimsoll/sync.yaml') ?? '')[0]).toMatchObject({
      kind: 'OCIRepository',
      spec: { url: `oci://${ECR}/fleet`, ref: { tag: 'production' }, provider: 'aws' },
    });
  });
});
