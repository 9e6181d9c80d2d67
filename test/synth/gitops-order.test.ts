import { BUILT_IN_NAMESPACES, Inventory } from '../../core/kube/inventory';
import { groupOf, refOf, refText, type KubeObject } from '../../core/kube/object';
import type { HelmRelease } from '../../core/model';
import { definitionsOf } from '../../synth/releases';
import {
  appliedBy,
  fleetOf,
  kustomizationsOf,
  VARIANTS,
  type Fleet,
  type Kustomization,
} from './gitops-support';

/** Groups that the API server, and Flux itself, bring. */
const SERVED = [
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'apiregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'helm.toolkit.fluxcd.io',
  'source.toolkit.fluxcd.io',
];

/** A cluster with Flux in it, as far as the order matters: which namespaces and kinds there are. */
class FluxCluster {
  readonly applied: string[] = [];
  private readonly ready = new Set<string>();
  private readonly groups = new Set(SERVED);
  private readonly namespaces = new Set([...BUILT_IN_NAMESPACES, 'flux-system']);
  private readonly resources;

  constructor(private readonly fleet: Fleet) {
    const { stages, provided } = fleet.objects;
    const all = [...provided, ...stages.flatMap(({ objects }) => objects)].map(({ object }) => object);
    this.resources = new Inventory(all).apiResources;
  }

  /** Applies what may be applied until nothing is left, or nothing may. */
  reconcile(): void {
    const waiting = new Map(kustomizationsOf(this.fleet));
    for (;;) {
      const next = [...waiting].filter(
        ([, { spec }]) => !spec.suspend && spec.dependsOn.every(({ name }) => this.ready.has(name)),
      );
      if (next.length === 0) return;
      for (const [name, kustomization] of next) {
        this.apply(kustomization);
        this.ready.add(name);
        this.applied.push(name);
        waiting.delete(name);
      }
    }
  }

  private apply(kustomization: Kustomization): void {
    const objects = appliedBy(this.fleet, kustomization);
    // kustomize-controller applies Namespaces of a Kustomization before the rest of it.
    objects
      .filter(({ kind }) => kind === 'Namespace')
      .forEach(({ metadata }) => this.namespaces.add(metadata.name));
    for (const object of objects) {
      expect([refText(refOf(object)), this.missingFor(object)]).toEqual([refText(refOf(object)), []]);
    }
    for (const object of objects) if (object.kind === 'HelmRelease') this.install(object);
  }

  private missingFor(object: KubeObject): string[] {
    const group = groupOf(object.apiVersion);
    const namespaced = this.resources.findKind(group, object.kind)?.namespaced ?? true;
    const { namespace = 'default' } = object.metadata;
    return [
      ...(this.groups.has(group) ? [] : [`kinds of ${group}`]),
      ...(namespaced && !this.namespaces.has(namespace) ? [`namespace ${namespace}`] : []),
    ];
  }

  private install(object: KubeObject): void {
    const release = this.releaseOf(object);
    if (!this.namespaces.has(release.namespace)) {
      expect(object).toMatchObject({ spec: { install: { createNamespace: true } } });
      this.namespaces.add(release.namespace);
    }
    for (const name of definitionsOf(release)) this.groups.add(name.slice(name.indexOf('.') + 1));
  }

  private releaseOf({ metadata }: KubeObject): HelmRelease {
    const { releases, name } = this.fleet.stack;
    const release = releases.find((candidate) => `${name}-${candidate.name}` === metadata.name);
    if (release === undefined) throw new Error(`no release ${metadata.name}`);
    return release;
  }
}

function reconciled(fleet: Fleet): string[] {
  const cluster = new FluxCluster(fleet);
  cluster.reconcile();
  return cluster.applied;
}

describe.each(VARIANTS)('Flux on %s', (_title, name, ...set) => {
  const fleet = fleetOf(name, set);
  const kustomizations = kustomizationsOf(fleet);

  it('finds namespaces and kinds there when it applies what needs them, and applies everything', () => {
    expect(reconciled(fleet)).toEqual([...kustomizations.keys()]);
  });

  it('follows the stages, each after the releases that it needs and the stage before', () => {
    const stages = fleet.objects.stages.map(({ stage }) => stage);
    stages.forEach((stage, index) => {
      const charts = `${name}-${stage}-charts`;
      const before = index > 0 ? [`${name}-${stages[index - 1] ?? ''}`] : [];
      const after = (of: string) =>
        kustomizations.get(of)?.spec.dependsOn.map((dependency) => dependency.name);
      if (kustomizations.has(charts)) expect(after(charts)).toEqual(before);
      expect(after(`${name}-${stage}`)).toEqual([...before, ...(kustomizations.has(charts) ? [charts] : [])]);
    });
  });

  it('never begins a stage after a suspended one', () => {
    const stages = fleet.objects.stages.map(({ stage }) => stage);
    stages.forEach((stage, index) => {
      const applied = reconciled(fleetOf(name, set, { suspend: [stage] }));
      const later = stages.slice(index).flatMap((other) => [`${name}-${other}`, `${name}-${other}-charts`]);
      expect(applied.filter((one) => later.includes(one))).toEqual([]);
    });
  });

  it('waits for nothing that the step, or something in it, does not make', () => {
    for (const kustomization of kustomizations.values()) {
      const applied = appliedBy(fleet, kustomization).map((object) => refText(refOf(object)));
      const made = [...fleet.stack.releases, ...fleet.stack.stages].flatMap(({ readyWhen = [] }) =>
        readyWhen.map((condition) => refText({ apiVersion: '', ...condition })),
      );
      expect([...applied, ...made]).toEqual(
        expect.arrayContaining(kustomization.spec.healthChecks.map(refText)),
      );
    }
  });
});
