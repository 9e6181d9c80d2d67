import { groupOf, type KubeObject } from '../../../core/kube/object';
import type { ObjectNode } from './nodes';

/**
 * Conditions that are waited for, in the form of Pulumi's annotation `pulumi.com/waitFor`, by group and kind: those for
 * which the Kubernetes provider has no waiting of its own. Rollouts of Deployments, StatefulSets and DaemonSets, and the
 * deletion of Namespaces, are waited for by the provider (`provider/pkg/await` of pulumi-kubernetes).
 */
const CONDITIONS: Readonly<Record<string, string>> = {
  'apiregistration.k8s.io/APIService': 'condition=Available',
  'apiextensions.k8s.io/CustomResourceDefinition': 'condition=Established',
  'monitoring.coreos.com/Prometheus': 'condition=Available',
  'keda.sh/ScaledObject': 'condition=Ready',
};
const ROLLED_OUT = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'];

/** Annotations that tell Pulumi's Kubernetes provider what to wait for; they stay on the object, which nobody minds. */
export function waitingAnnotations(object: KubeObject): Readonly<Record<string, string>> {
  const condition = CONDITIONS[kindKey(object)];
  if (condition !== undefined) return { 'pulumi.com/waitFor': condition };
  // The provider waits for a Service until pods are behind it; they are waited for themselves, and may come later.
  return kindKey(object) === '/Service' ? { 'pulumi.com/skipAwait': 'true' } : {};
}

/** Whether the next stage waits until the object is ready, and not only until it exists. */
export function isGate({ sourced: { object } }: ObjectNode): boolean {
  const key = kindKey(object);
  return CONDITIONS[key] !== undefined || ROLLED_OUT.includes(key);
}

function kindKey({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}
