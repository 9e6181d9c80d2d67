import { parseObject, refOf, refText, type KubeObject } from '../../core/kube/object';
import type { GitOpsOptions } from '../../synth/gitops';
import { shop } from '../synth/fixture';
import { ECR, fleetFrom, fleetOf, objectsIn, VARIANTS, type Fleet } from '../synth/gitops-support';
import { SchemaStore } from './schema-store';

const store = SchemaStore.load();

/** Everything that can be chosen, with a registry of each cloud. */
const CHOSEN: readonly (readonly [
  title: string,
  stack: string,
  set: string,
  options: Partial<GitOpsOptions>,
])[] = [
  [
    'eks-fargate with everything',
    'eks-fargate',
    `registry=${ECR}`,
    {
      sync: { kind: 'GitRepository', url: 'ssh://git@example.com/fleet', branch: 'main', secret: 'key' },
      suspend: ['workload'],
      ignore: ['Namespace/demo'],
      images: { ranges: new Map([['adapter', '>=0.1.0 <1.0.0']]) },
    },
  ],
  [
    'aks with images of its registry',
    'aks',
    'registry=team.azurecr.io',
    { images: { ranges: new Map() }, existingReleases: ['prometheus-operator-crds'] },
  ],
  [
    'bare-metal with images of any registry',
    'bare-metal',
    'registry=registry.example.com:5000/team',
    { images: { ranges: new Map() } },
  ],
  [
    'aks from an OCI artifact',
    'aks',
    'registry=team.azurecr.io',
    { sync: { kind: 'OCIRepository', url: 'oci://team.azurecr.io/fleet', tag: 'latest', secret: 'pull' } },
  ],
];

const FLEETS: readonly (readonly [string, Fleet])[] = [
  ...VARIANTS.map(([title, name, ...set]) => [title, fleetOf(name, set)] as const),
  ...CHOSEN.map(([title, name, set, options]) => [title, fleetOf(name, [set], options)] as const),
  ['a chart of an OCI registry', fleetFrom(shop)],
];

/** Objects of Flux, wherever in the tree. */
function fluxObjects({ files }: Fleet): KubeObject[] {
  return [...files]
    .filter(([path]) => !path.endsWith('kustomization.yaml'))
    .flatMap(([, text]) => objectsIn(text))
    .filter(({ apiVersion }) => apiVersion.includes('.toolkit.fluxcd.io/'));
}

describe.each(FLEETS)('what Flux reads of %s', (_title, fleet) => {
  it('has objects', () => {
    expect(fluxObjects(fleet).length).toBeGreaterThan(4);
  });

  it.each(fluxObjects(fleet).map((object) => [refText(refOf(object)), object] as const))(
    '%s',
    (_name, object) => {
      expect(store.problems(object)).toEqual([]);
    },
  );
});

it('every kind is among them', () => {
  const kinds = new Set(FLEETS.flatMap(([, fleet]) => fluxObjects(fleet).map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual([
    'GitRepository',
    'HelmRelease',
    'HelmRepository',
    'ImagePolicy',
    'ImageRepository',
    'ImageUpdateAutomation',
    'Kustomization',
    'OCIRepository',
  ]);
});

describe('the schemas of Flux refuse', () => {
  const kustomization = (spec: object): KubeObject =>
    parseObject(
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'a' },
        spec: { interval: '5m', prune: true, sourceRef: { kind: 'GitRepository', name: 'a' }, ...spec },
      },
      'test',
    );

  it('nothing of a sound object', () => {
    expect(store.problems(kustomization({}))).toEqual([]);
  });

  it('a mistyped field', () => {
    expect(store.problems(kustomization({ healthCheck: [] })).join()).toContain('healthCheck');
  });

  it('an interval without a unit', () => {
    expect(store.problems(kustomization({ interval: '5' })).join()).toContain('/interval');
  });

  it('a source that is none', () => {
    expect(
      store.problems(kustomization({ sourceRef: { kind: 'HelmRepository', name: 'a' } })).join(),
    ).toContain('/sourceRef/kind');
  });
});
