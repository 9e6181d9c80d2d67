import { posix } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { parseObject, type KubeObject } from '../../core/kube/object';
import type { Stack, StackObjects } from '../../core/model';
import { findStack, parseOptions } from '../../stacks';
import { synthesize } from '../../synth';
import { gitOpsTree, ownFolder, type GitOpsOptions } from '../../synth/gitops';

export const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team';

/** Every stack as it is, and those whose options change what is applied. */
export const VARIANTS: readonly (readonly [title: string, stack: string, ...set: readonly string[]])[] = [
  ['kind', 'kind'],
  ['bare-metal', 'bare-metal'],
  ['bare-metal without metrics-server', 'bare-metal', 'metricsServer=cluster'],
  ['aks', 'aks'],
  ['minikube', 'minikube'],
  ['minikube with the adapter', 'minikube', 'path=adapter'],
  ['eks-fargate', 'eks-fargate'],
  ['eks-fargate with Envoy', 'eks-fargate', 'metric=envoy'],
];

const NOTHING_SPECIAL: Omit<GitOpsOptions, 'path'> = { suspend: [], ignore: [], existingReleases: [] };

/** A stack in a repository, with all that was used to put it there. */
export interface Fleet {
  readonly stack: Stack;
  readonly objects: StackObjects;
  readonly options: GitOpsOptions;
  /** Contents by their path below the root of the repository. */
  readonly files: ReadonlyMap<string, string>;
}

/** The tree of a stack of this project. */
export function fleetOf(
  name: string,
  set: readonly string[] = [],
  options: Partial<GitOpsOptions> = {},
  current?: ReadonlyMap<string, string>,
): Fleet {
  const definition = findStack(name);
  return fleetFrom(definition.define(parseOptions(definition, set)), options, current);
}

/** The tree of any stack. */
export function fleetFrom(
  stack: Stack,
  options: Partial<GitOpsOptions> = {},
  current?: ReadonlyMap<string, string>,
): Fleet {
  const objects = synthesize(stack);
  const all = { path: `clusters/${stack.name}`, ...NOTHING_SPECIAL, ...options };
  const tree = gitOpsTree(stack, objects, { options: all, ...(current === undefined ? {} : { current }) });
  const folder = ownFolder(all);
  return {
    stack,
    objects,
    options: all,
    files: new Map([...tree].map(([path, { content }]) => [`${folder}/${path}`, content])),
  };
}

/** The objects of a file. */
export function objectsIn(text: string): KubeObject[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) =>
    parseObject(document.toJS() as unknown, 'a document'),
  );
}

const list = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()).min(1),
});

/** What `kustomize build` gives of a folder with a `kustomization.yaml`. */
function build(files: ReadonlyMap<string, string>, folder: string): KubeObject[] {
  const [document] = parseAllDocuments(contentOf(files, `${folder}/kustomization.yaml`));
  return list
    .parse(document?.toJS())
    .resources.flatMap((resource) => objectsIn(contentOf(files, `${folder}/${resource}`)));
}

function contentOf(files: ReadonlyMap<string, string>, path: string): string {
  const content = files.get(posix.normalize(path));
  if (content === undefined) throw new Error(`no file ${path}`);
  return content;
}

/**
 * What Flux applies of a folder without a `kustomization.yaml`: files, and folders that have one, into which it looks
 * no further (`scanManifests` of github.com/fluxcd/pkg/kustomize).
 */
export function applyFolder(files: ReadonlyMap<string, string>, folder: string): KubeObject[] {
  const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
  if (inside.includes(`${folder}/kustomization.yaml`)) return build(files, folder);
  const names = [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))];
  return names.flatMap((name) => {
    const path = `${folder}/${name}`;
    if (!files.has(path)) return applyFolder(files, path);
    return path.endsWith('.yaml') ? objectsIn(contentOf(files, path)) : [];
  });
}

const reference = z.looseObject({ name: z.string() });
const healthCheck = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
});
const kustomization = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    path: z.string(),
    sourceRef: z.looseObject({ kind: z.string(), name: z.string() }),
    suspend: z.boolean().default(false),
    dependsOn: z.array(reference).default([]),
    healthChecks: z.array(healthCheck).default([]),
    healthCheckExprs: z.array(z.looseObject({ kind: z.string(), current: z.string() })).default([]),
  }),
});

/** A Kustomization of Flux, as far as tests look at it. */
export type Kustomization = z.infer<typeof kustomization>;

/** The Kustomizations that the root applies, by their names in the order of the file. */
export function kustomizationsOf({ files, options }: Fleet): ReadonlyMap<string, Kustomization> {
  const applied = applyFolder(files, options.path).filter(({ kind }) => kind === 'Kustomization');
  return new Map(applied.map((object) => [object.metadata.name, kustomization.parse(object)]));
}

/** What a Kustomization applies. */
export function appliedBy({ files }: Fleet, { spec }: Kustomization): KubeObject[] {
  return applyFolder(files, posix.normalize(spec.path));
}
