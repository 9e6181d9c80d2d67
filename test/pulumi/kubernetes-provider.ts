import { z } from 'zod';
import { parseObject, type KubeObject } from '../../core/kube/object';
import type { Properties, Provider, Resource } from '../clusters/engine';
import { definitionsOfRelease } from './definitions';
import type { RealCluster } from './real-cluster';

const RELEASE = 'kubernetes:helm.sh/v3:Release';

const release = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  createNamespace: z.boolean().optional(),
});

/** What was applied, the definitions of releases too, and whether that changed anything. */
export type Applied = Map<string, boolean>;

/**
 * Makes the Kubernetes resources of a program in a real cluster. A release is its namespace and its
 * CustomResourceDefinitions; nothing runs there.
 */
export function kubernetesProvider(cluster: RealCluster, applied: Applied): Provider {
  const apply = async (object: KubeObject): Promise<void> => {
    applied.set(
      `${object.apiVersion} ${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`,
      await cluster.apply(object),
    );
  };
  return {
    owns: (type) => type.startsWith('kubernetes:'),
    async create(goal, inputs) {
      for (const object of objectsOf(goal.type, inputs)) await apply(object);
      for (const object of objectsOf(goal.type, inputs).filter(isDefinition)) {
        await cluster.has(object, 'Established');
      }
      return { id: goal.name };
    },
    async delete(resource: Resource) {
      const objects = objectsOf(resource.type, resource.inputs);
      for (const object of objects.reverse()) await cluster.delete(object);
    },
  };
}

function objectsOf(type: string, inputs: Properties): KubeObject[] {
  if (type !== RELEASE) return [parseObject(inputs, type)];
  const { name, namespace, createNamespace } = release.parse(inputs);
  const made =
    createNamespace === true ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }] : [];
  return [...made, ...definitionsOfRelease(name)];
}

function isDefinition({ kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition';
}
