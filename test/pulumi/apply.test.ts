import { deletionOrder, needsOf, type Provider, type Resource, type World } from '../clusters/engine';
import { configOf, engineOf } from '../clusters/graphs/stacks';
import { WORLD } from '../clusters/graphs/world';
import { ControlPlane } from '../control-plane/control-plane';
import { kubernetesProvider, type Applied } from './kubernetes-provider';
import { RealCluster } from './real-cluster';

const FLUX = { flux: 'true', gitUrl: 'ssh://git@github.com/team/fleet' };
const VARIANTS: readonly (readonly [
  title: string,
  stack: string,
  values: Readonly<Record<string, string>>,
])[] = [
  ['kind', 'kind', {}],
  ['minikube', 'minikube', {}],
  ['minikube without KEDA', 'minikube', { path: 'adapter' }],
  ['bare-metal', 'bare-metal', {}],
  ['aks', 'aks', {}],
  ['eks-fargate', 'eks-fargate', {}],
  ['eks-fargate on what Envoy counts', 'eks-fargate', { metric: 'envoy' }],
  ['eks-fargate with Flux', 'eks-fargate', FLUX],
];

describe('objects of a stack, in the order of its graph, in a real kube-apiserver', () => {
  let plane: ControlPlane;
  let cluster: RealCluster;

  beforeAll(async () => {
    plane = await ControlPlane.start({
      controllerManager: {
        // Nothing shall run, and nothing but the test shall change an object.
        controllers:
          'namespace-controller,serviceaccount-controller,garbage-collector-controller,root-ca-certificate-publisher-controller',
      },
    });
    cluster = new RealCluster(plane);
  });

  afterAll(async () => {
    await plane.stop();
  });

  it.each(VARIANTS)(
    '%s: accepted, unchanged the second time, and gone in the reverse order',
    async (_, stack, values) => {
      const before = await cluster.everything();
      const first = await up(stack, values);
      expect(changed(first.applied)).toHaveLength(first.applied.size);

      const second = await up(stack, values);
      expect(changed(second.applied)).toEqual([]);
      expect(second.applied.size).toBe(first.applied.size);

      const made = deletionOrder(first.resources).filter(({ type }) => type.startsWith('kubernetes:'));
      await deleteAll(made, first.provider);
      expect(await cluster.everything()).toEqual(before);
      expect(await cluster.apiServices()).toEqual([]);
      process.stdout.write(
        `${stack}: ${first.applied.size} objects applied twice, ${made.length} resources deleted\n`,
      );
    },
  );

  /** A run of the program that begins with an empty state, as if it had made nothing before. */
  async function up(stack: string, values: Readonly<Record<string, string>>) {
    const applied: Applied = new Map();
    const provider = kubernetesProvider(cluster, applied);
    const world: World = { ...WORLD, providers: [provider, ...(WORLD.providers ?? [])] };
    const run = await engineOf(stack, world).up(configOf(stack, values));
    expect(run.errors).toEqual([]);
    const resources: readonly Resource[] = run.resources;
    return { applied, provider, resources };
  }
});

/** Each when all that need it are gone, at once where nothing forbids it, as the engine does it. */
async function deleteAll(resources: readonly Resource[], provider: Provider): Promise<void> {
  const gone = new Map<string, Promise<void>>();
  for (const resource of resources) {
    const before = resources.filter((other) => needsOf(other).includes(resource.urn));
    gone.set(
      resource.urn,
      Promise.all(before.flatMap(({ urn }) => gone.get(urn) ?? [])).then(() => provider.delete?.(resource)),
    );
  }
  await Promise.all(gone.values());
}

function changed(applied: Applied): string[] {
  return [...applied].filter(([, change]) => change).map(([object]) => object);
}
