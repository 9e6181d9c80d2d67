import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { BUILT_IN_NAMESPACES } from '../../core/kube/inventory';
import type { KubeObject } from '../../core/kube/object';
import type { HelmRelease } from '../../core/model';
import type { ClusterContents, GraphNode, ObjectNode } from './graph/nodes';
import { planOf } from './graph/plan';
import { waitingAnnotations } from './graph/readiness';
import { scaleTargetOf } from './graph/scale-target';
import { kubernetesClass } from './kubernetes-class';
import type { OutputPlaceholders } from './output-placeholders';

/** How long Helm waits until what a release made is ready, in seconds. */
const RELEASE_TIMEOUT = 600;

/** Where the contents go. */
export interface Destination {
  readonly provider: k8s.Provider;
  /** What must be there before the first of them. */
  readonly ready: readonly pulumi.Resource[];
  readonly placeholders: OutputPlaceholders;
  /** The resource with which everything goes; see `RunningCluster.goesWith`. */
  readonly goesWith?: pulumi.Resource | undefined;
}

/**
 * Registers each object and each release of a stack as a resource of its own, by the name of its construct, with the
 * dependencies of {@link planOf}.
 * @returns the resources by logical name
 * @throws UsageError as `planOf` does
 */
export function putIntoCluster(
  contents: ClusterContents,
  destination: Destination,
): ReadonlyMap<string, pulumi.Resource> {
  const registered = new Map<GraphNode, pulumi.Resource>();
  const scaled = new Set(scaledWorkloads(contents));
  const namespaces = namespacesOf(contents);
  for (const { node, needs } of planOf(contents)) {
    const dependsOn = needs.flatMap((need) => registered.get(need) ?? []);
    const options: pulumi.CustomResourceOptions = {
      provider: destination.provider,
      // What needs nothing else waits for the cluster; all others do with it.
      dependsOn: dependsOn.length > 0 ? dependsOn : [...destination.ready],
      ...(destination.goesWith === undefined ? {} : { deletedWith: destination.goesWith }),
    };
    registered.set(
      node,
      node.kind === 'release'
        ? registerRelease(node.name, node.source.release, namespaces, destination.placeholders, options)
        : registerObject(node, scaled, destination.placeholders, options),
    );
  }
  return new Map([...registered].map(([node, resource]) => [node.name, resource]));
}

function registerObject(
  { name, sourced: { object } }: ObjectNode,
  scaled: ReadonlySet<string>,
  placeholders: OutputPlaceholders,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const args: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(withAnnotations(object))) args[key] = placeholders.resolve(value);
  const isScaled = scaled.has(workloadKey(object.kind, object.metadata));
  const all: pulumi.CustomResourceOptions = {
    ...options,
    // An initial size is the autoscaler's from then on.
    ...(isScaled ? { ignoreChanges: ['spec.replicas'] } : {}),
  };
  const Class = kubernetesClass(object.apiVersion, object.kind);
  if (Class) return new Class(name, args, all);
  const { apiVersion, kind } = object;
  return new k8s.apiextensions.CustomResource(name, { ...args, apiVersion, kind }, all);
}

function withAnnotations(object: KubeObject): object {
  const { annotations, ...metadata } = object.metadata;
  const all = { ...annotations, ...waitingAnnotations(object) };
  return {
    ...object,
    metadata: { ...metadata, ...(Object.keys(all).length > 0 ? { annotations: all } : {}) },
  };
}

/** A release as Helm itself makes it, with its hooks and its history, once what it made is ready. */
function registerRelease(
  logicalName: string,
  { name, namespace, chart, repository, version, values }: HelmRelease,
  namespaces: ReadonlySet<string>,
  placeholders: OutputPlaceholders,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const oci = repository.startsWith('oci://');
  return new k8s.helm.v3.Release(
    logicalName,
    {
      name,
      namespace,
      createNamespace: !namespaces.has(namespace),
      chart: oci ? `${repository}/${chart}` : chart,
      ...(oci ? {} : { repositoryOpts: { repo: repository } }),
      version,
      values: Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, placeholders.resolve(value)]),
      ),
      timeout: RELEASE_TIMEOUT,
      waitForJobs: true,
    },
    options,
  );
}

/** Namespaces that are there before a release: those of the stack and every cluster's. */
function namespacesOf({ stages }: ClusterContents): ReadonlySet<string> {
  const own = stages
    .flatMap(({ objects }) => objects)
    .filter(({ object }) => object.kind === 'Namespace')
    .map(({ object }) => object.metadata.name);
  return new Set([...BUILT_IN_NAMESPACES, ...own]);
}

function scaledWorkloads({ stages }: ClusterContents): string[] {
  return stages
    .flatMap(({ objects }) => objects)
    .flatMap(({ object }) => scaleTargetOf(object) ?? [])
    .map(({ kind, ...target }) => workloadKey(kind, target));
}

function workloadKey(
  kind: string,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}
