import type { ImageOptions } from '../../synth/gitops/options';
import { applyFolder, ECR, fleetOf, objectsIn, type Fleet } from './gitops-support';

const REGISTRY = [`registry=${ECR}`];
const ADAPTER = 'clusters/eks-fargate/plimsoll/stages/adapter/objects.yaml';
const IMAGE = `${ECR}/plimsoll/adapter`;

function following(
  ranges: Readonly<Record<string, string>> = {},
  set: readonly string[] = REGISTRY,
  current?: ReadonlyMap<string, string>,
): Fleet {
  const images: ImageOptions = { ranges: new Map(Object.entries(ranges)) };
  return fleetOf('eks-fargate', set, { images }, current);
}

/** The line of the image, without what stands before it. */
function imageLine({ files }: Fleet): string | undefined {
  return /image: \S*adapter:.*/.exec(files.get(ADAPTER) ?? '')?.[0];
}

/** A repository in which somebody changed the manifests of the adapter. */
function after(change: (text: string) => string): ReadonlyMap<string, string> {
  return new Map([['stages/adapter/objects.yaml', change(following().files.get(ADAPTER) ?? '')]]);
}

describe('policies of images', () => {
  it('look into the registry with the credentials of the cloud, and take patches', () => {
    expect(objectsIn(following().files.get('clusters/eks-fargate/plimsoll/images.yaml') ?? '')).toMatchObject(
      [
        { kind: 'ImageRepository', spec: { image: IMAGE, provider: 'aws' } },
        {
          kind: 'ImagePolicy',
          spec: {
            imageRepositoryRef: { name: 'eks-fargate-adapter' },
            policy: { semver: { range: '~0.1.0' } },
          },
        },
        {
          kind: 'ImageUpdateAutomation',
          spec: {
            sourceRef: { kind: 'GitRepository', name: 'flux-system' },
            update: { path: './clusters/eks-fargate/plimsoll/stages', strategy: 'Setters' },
          },
        },
      ],
    );
  });

  it('are applied by the root', () => {
    const kinds = applyFolder(following().files, 'clusters/eks-fargate').map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation']),
    );
  });

  it('mark where the image stands, and nothing else', () => {
    const fleet = following();
    expect(imageLine(fleet)).toBe(
      `image: ${IMAGE}:0.1.0 # {"$imagepolicy": "flux-system:eks-fargate-adapter"}`,
    );
    const marked = [...fleet.files.values()].flatMap((text) => text.match(/\$imagepolicy/g) ?? []);
    expect(marked).toHaveLength(1);
  });

  it('change nothing that Kubernetes sees', () => {
    const without = fleetOf('eks-fargate', REGISTRY).files.get(ADAPTER) ?? '';
    expect(objectsIn(following().files.get(ADAPTER) ?? '')).toEqual(objectsIn(without));
  });

  it('take other versions where a range says so', () => {
    expect(
      following({ adapter: '>=0.1.0 <2.0.0' }).files.get('clusters/eks-fargate/plimsoll/images.yaml'),
    ).toContain('range: ">=0.1.0 <2.0.0"');
  });

  it('follow every image of a stack that builds several', () => {
    const { files } = fleetOf('aks', ['registry=team.azurecr.io'], { images: { ranges: new Map() } });
    const objects = objectsIn(files.get('clusters/aks/plimsoll/images.yaml') ?? '');
    const policies = objects
      .filter(({ kind }) => kind === 'ImagePolicy')
      .map(({ metadata }) => metadata.name);
    expect(policies).toEqual(['aks-adapter', 'aks-prom-fake', 'aks-load-test']);
    expect(objects[0]).toMatchObject({ spec: { provider: 'azure' } });
    const text = [...files.values()].join('\n');
    for (const policy of policies) expect(text).toContain(`# {"$imagepolicy": "flux-system:${policy}"}`);
  });

  it('need a registry to look into', () => {
    expect(() => following({}, [])).toThrow(
      '--image-policies: image plimsoll/adapter:0.1.0 of stack eks-fargate is in no registry that Flux could look into; ' +
        'where the stack has an option registry, name one: --set registry=HOST[:PORT][/PATH]',
    );
  });

  it('need a registry whatever the range', () => {
    expect(() => following({ adapter: '1.x' }, [])).toThrow('is in no registry that Flux could look into');
  });

  it('name an image that may have been meant', () => {
    expect(() => following({ adaptor: '1.x' })).toThrow(
      '--image-range adaptor: stack eks-fargate builds no such image: there is adapter; did you mean "adapter"?',
    );
  });

  it('need a repository that Flux can commit to', () => {
    const sync = { kind: 'OCIRepository', url: `oci://${ECR}/fleet`, tag: 'latest' } as const;
    expect(() => fleetOf('eks-fargate', REGISTRY, { sync, images: { ranges: new Map() } })).toThrow(
      '--image-policies: Flux commits newer images to Git, not to an OCI registry; leave out --oci-url',
    );
  });
});

describe('a version that Flux committed', () => {
  it('is kept, also where Flux wrote the file its own way', () => {
    const current = after((text) => text.replace(':0.1.0 #', ':0.1.12 #').replace(/^#.*\n/, ''));
    expect(imageLine(following({}, REGISTRY, current))).toContain(`${IMAGE}:0.1.12 # {`);
  });

  it('is kept only while it is newer than what the stack names', () => {
    const current = after((text) => text.replace(':0.1.0 #', ':0.0.99 #'));
    expect(imageLine(following({}, REGISTRY, current))).toContain(`${IMAGE}:0.1.0 # {`);
  });

  it('is not kept when the image comes from elsewhere now', () => {
    const current = after((text) => text.replace(`${IMAGE}:0.1.0 #`, 'other.example.com/adapter:0.1.5 #'));
    expect(imageLine(following({}, REGISTRY, current))).toContain(`${IMAGE}:0.1.0 # {`);
  });
});
