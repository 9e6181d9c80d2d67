import { z } from 'zod';
import type { KubeObject } from '../../../core/kube/object';
import { isProvided, type Stack } from '../../../core/model';
import { OWN_IMAGES } from '../../../stacks/own-images';
import { definitionsOfRelease } from '../../pulumi/definitions';
import type { ImageStore } from '../contracts';
import { requireCondition } from './conditions';
import type { Scene } from './scene';

const podOwner = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(z.object({ image: z.string() })),
        initContainers: z.array(z.object({ image: z.string() })).optional(),
      }),
    }),
  }),
});
const ROLLED_OUT = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** What is installed. */
export interface Installation {
  readonly stack: Stack;
  readonly images: ImageStore;
  /** Stages that are left out. */
  readonly later: readonly string[];
  /** Namespaces with objects that the cluster would bring along. */
  readonly providedBy: readonly string[];
}

/**
 * Applies a stack as its `install.sh` does, stage by stage, each once the one before is ready. What charts of others bring
 * comes from the Go modules of those projects (definitions) and from what the stack says that the chart provides.
 */
export async function install(
  scene: Scene,
  { stack, images, later, providedBy }: Installation,
): Promise<void> {
  const { kubectl } = scene.cluster;
  const definitions = stack.releases.flatMap(({ name }) => definitionsOfRelease(name));
  await kubectl.apply('definitions', definitions);
  if (definitions.length > 0) await kubectl.established('definitions');
  const [first, ...rest] = scene.stack.stages.filter(({ stage }) => !later.includes(stage));
  if (!first) throw new Error(`stack ${stack.name} has no stages`);
  await kubectl.apply(
    first.stage,
    first.objects.map(({ object }) => object),
  );
  const provided = scene.stack.provided
    .filter(
      ({ origin, object: { kind, metadata } }) =>
        isProvided(origin) &&
        (origin.cluster !== true ||
          providedBy.includes(metadata.namespace ?? '') ||
          (kind === 'Namespace' && providedBy.includes(metadata.name))),
    )
    .map(({ object }) => object)
    .filter(({ kind }) => kind !== 'CustomResourceDefinition')
    .map((object) => withoutAgent(object, images));
  await kubectl.apply('provided', provided);
  for (const { stage, objects } of rest) {
    scene.say(`stage ${stage}`);
    const list = objects.map(({ object }) => object);
    await kubectl.apply(stage, list);
    for (const { kind, namespace, name } of waitedFor(stack, stage, list, images)) {
      await kubectl.rolledOut(kind.toLowerCase(), namespace, name);
    }
  }
  await Promise.all(
    [...scene.objects, ...provided].filter(isApiService).map((object) => available(scene, object)),
  );
}

const agents = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })) }),
    }),
  }),
});

/** Cilium's agents are there as pods, with all that finds them; what they would do the stand-in does. */
function withoutAgent(object: KubeObject, images: ImageStore): KubeObject {
  if (object.kind !== 'DaemonSet' || object.metadata.name !== 'cilium') return object;
  const image = OWN_IMAGES.backend.reference;
  const node = images.bundle(image)?.entrypoint[0] ?? 'node';
  const { spec } = agents.parse(object);
  const idle = { image, command: [node, '--eval', 'setInterval(() => {}, 60000)'], args: [] };
  const { template } = spec;
  const containers = template.spec.containers.map((container) => ({ ...container, ...idle }));
  const changed = {
    ...object,
    spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } },
  };
  return changed;
}

function waitedFor(stack: Stack, stage: string, objects: readonly KubeObject[], images: ImageStore) {
  const ready = stack.stages.find(({ name }) => name === stage)?.readyWhen ?? [];
  return [
    ...objects
      .filter((object) => ROLLED_OUT.has(object.kind) && hasImages(object, images))
      .map(({ kind, metadata }) => ({
        kind,
        namespace: metadata.namespace ?? 'default',
        name: metadata.name,
      })),
    ...ready.flatMap((condition) => ('namespace' in condition ? [condition] : [])),
  ];
}

/** Without its image a workload of others, such as Grafana, waits for ever; the chain does not need it. */
function hasImages(object: KubeObject, images: ImageStore): boolean {
  const { data } = podOwner.safeParse(object);
  if (!data) return false;
  const { containers, initContainers = [] } = data.spec.template.spec;
  return [...containers, ...initContainers].every(({ image }) => images.bundle(image) !== undefined);
}

function isApiService({ kind }: KubeObject): boolean {
  return kind === 'APIService';
}

async function available(scene: Scene, { metadata }: KubeObject): Promise<void> {
  const path = `/apis/apiregistration.k8s.io/v1/apiservices/${metadata.name}`;
  await scene.until(`APIService ${metadata.name}`, async () => {
    requireCondition(await scene.cluster.client.get(path), 'Available');
    return true;
  });
}
