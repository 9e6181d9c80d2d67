import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { groupOf } from '../../core/kube/object';

/** The class of the SDK for a kind of Kubernetes object. */
export type KubernetesClass = new (
  name: string,
  args: object,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/**
 * The SDK's own class for a kind: it brings the type that the engine knows the kind by (`kubernetes:core/v1:ConfigMap`),
 * the names it had in older API versions, and which of its fields are secret.
 * @returns undefined for a kind that the SDK has no class for, as all that a CustomResourceDefinition brings
 */
export function kubernetesClass(apiVersion: string, kind: string): KubernetesClass | undefined {
  const group = groupOf(apiVersion);
  // `rbac.authorization.k8s.io` is `rbac` in the SDK; groups of other projects have dots and other ends.
  if (group.includes('.') && !group.endsWith('.k8s.io')) return undefined;
  const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
  const found = [group === '' ? 'core' : (group.split('.')[0] ?? ''), version, kind].reduce<unknown>(
    memberOf,
    k8s,
  );
  return isKubernetesClass(found) ? found : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function isKubernetesClass(value: unknown): value is KubernetesClass {
  return typeof value === 'function' && '__pulumiType' in value;
}
