import { Inventory } from '../core/kube/inventory';
import type { HelmRelease, ReadyCondition } from '../core/model';

/** Names of the CRDs that a release is known to bring. */
export function definitionsOf({ readyWhen = [], provides }: HelmRelease): string[] {
  const waitedFor = readyWhen.filter(({ kind }) => kind === 'CustomResourceDefinition');
  const declared = new Inventory(provides).customResourceDefinitions.map(({ metadata }) => metadata);
  return [...new Set([...waitedFor, ...declared].map(({ name }) => name))];
}

/** Whether a release is known to bring CRDs and nothing else, as other stacks and tools may need them too. */
export function bringsOnlyDefinitions(release: HelmRelease): boolean {
  const { readyWhen = [], provides } = release;
  const kinds = [...readyWhen, ...provides].map(({ kind }) => kind);
  return kinds.length > 0 && kinds.every((kind) => kind === 'CustomResourceDefinition');
}

/** The objects by which a release is recognised when somebody else installed it: CRDs, APIServices, workloads. */
export function marksOf(release: HelmRelease): ReadyCondition[] {
  const { readyWhen = [], provides } = release;
  const marks: ReadyCondition[] = [
    ...definitionsOf(release).map((name) => ({ kind: 'CustomResourceDefinition' as const, name })),
    ...new Inventory(provides).apiServices.map(({ metadata }) => ({
      kind: 'APIService' as const,
      name: metadata.name,
    })),
    ...readyWhen.filter(({ kind }) => kind !== 'CustomResourceDefinition'),
  ];
  return [...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values()];
}
