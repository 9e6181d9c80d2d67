import { parse } from 'yaml';
import { z } from 'zod';
import { hasUnknown, reveal } from './marks';
import { touches } from './property-path';
import type { Goal } from './resource';
import type { Properties, Value } from './values';

/**
 * Fields that cannot be changed in place, by the end of a Kubernetes type. The API server refuses to change them;
 * of ConfigMap and Secret it is the provider, which replaces them so that pods get a new one.
 */
const OF_KINDS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec.selector'],
  DaemonSet: ['spec.selector'],
  StatefulSet: ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy', 'spec.volumeClaimTemplates'],
  Job: ['spec.selector', 'spec.template', 'spec.completionMode'],
  Secret: ['type', 'data', 'stringData'],
  ConfigMap: ['data', 'binaryData'],
  RoleBinding: ['roleRef'],
  ClusterRoleBinding: ['roleRef'],
  StorageClass: ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'],
  PersistentVolumeClaim: ['spec.storageClassName', 'spec.accessModes', 'spec.selector', 'spec.volumeName'],
  PriorityClass: ['value', 'preemptionPolicy'],
};
const OF_EVERY_OBJECT = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'];
const OF_TYPES: Readonly<Record<string, readonly string[]>> = {
  'command:local:Command': ['triggers'],
  'kubernetes:helm.sh/v3:Release': ['name', 'namespace'],
};

/** A resource that changes. */
export interface Change {
  readonly goal: Goal;
  readonly changed: readonly string[];
  /** Inputs without marks of secrets, before and after. */
  readonly olds: Properties;
  readonly news: Properties;
  /** Inputs of the provider resource. */
  readonly settings: Properties;
}

/** Those of the changed properties that make a new resource necessary, of what providers are known to do. */
export function immutableChanges({ goal, changed, olds, news, settings }: Change): string[] {
  if (goal.type === 'pulumi:providers:kubernetes') {
    // With an identity, nothing else makes it another cluster (`clusterIdentifier` of the provider).
    if (news['clusterIdentifier'] !== undefined) {
      return changed.includes('clusterIdentifier') || hasUnknown(news['clusterIdentifier'])
        ? ['clusterIdentifier']
        : [];
    }
    return reachesOther(olds['kubeconfig'], news['kubeconfig']) ? ['kubeconfig'] : [];
  }
  const fields = OF_TYPES[goal.type] ?? kubernetesFields(goal.type, settings);
  return fields.length === 0 ? [] : changed.filter((path) => touches(fields, path));
}

function kubernetesFields(type: string, settings: Properties): readonly string[] {
  if (!type.startsWith('kubernetes:')) return [];
  const kind = type.split(':').at(-1) ?? '';
  if (settings[`enable${kind}Mutable`] === true || settings[`enable${kind}Mutable`] === 'true')
    return OF_EVERY_OBJECT;
  return [...OF_EVERY_OBJECT, ...(OF_KINDS[kind] ?? [])];
}

/** The provider counts as another one where its cluster is, or where it cannot tell. */
function reachesOther(olds: Value | undefined, news: Value | undefined): boolean {
  if (news !== undefined && hasUnknown(news)) return true;
  return JSON.stringify(clustersOf(olds)) !== JSON.stringify(clustersOf(news));
}

const kubeconfigFile = z.object({
  clusters: z.array(z.unknown()),
  'current-context': z.unknown().optional(),
});

function clustersOf(value: Value | undefined): unknown {
  const plain = value === undefined ? '' : reveal(value);
  const found = kubeconfigFile.safeParse(typeof plain === 'string' ? parseYaml(plain) : plain);
  return found.success ? found.data.clusters : plain;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
