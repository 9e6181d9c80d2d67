import { Inventory, namespaceOf } from '../core/kube/inventory';
import type { ReadyCondition, StageObjects } from '../core/model';

const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/**
 * What has to be ready before the next stage: the stage's own CRDs, APIServices and workloads, in this order because
 * the later need the earlier, and what it names besides.
 */
export function readyConditions(
  stage: StageObjects,
  named: readonly ReadyCondition[] = [],
): ReadyCondition[] {
  const inventory = new Inventory(stage.objects.map(({ object }) => object));
  const definitions = inventory.customResourceDefinitions.map(({ metadata }): ReadyCondition => ({
    kind: 'CustomResourceDefinition',
    name: metadata.name,
  }));
  const workloads = inventory.workloads.flatMap((workload): ReadyCondition[] => {
    const kind = ROLLED_OUT.find((candidate) => candidate === workload.kind);
    return kind ? [{ kind, namespace: namespaceOf(workload), name: workload.metadata.name }] : [];
  });
  const services = inventory.apiServices
    .filter(({ spec }) => spec.service)
    .map(({ metadata }): ReadyCondition => ({ kind: 'APIService', name: metadata.name }));
  return unique([...definitions, ...named.filter(isDefinition), ...workloads, ...named, ...services]);
}

function isDefinition(condition: ReadyCondition): boolean {
  return condition.kind === 'CustomResourceDefinition';
}

function unique(conditions: readonly ReadyCondition[]): ReadyCondition[] {
  return [...new Map(conditions.map((condition) => [JSON.stringify(condition), condition])).values()];
}
