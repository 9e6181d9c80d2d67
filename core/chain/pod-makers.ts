import type { Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';

/**
 * Everything that brings pods about, in the order of the kinds and objects: workloads, and bare Pods in the form of a
 * workload (of kind Pod) with themselves as template.
 */
export function podMakers(inventory: Inventory): readonly Workload[] {
  const bare = inventory.pods.map(({ apiVersion, kind, metadata, spec }): Workload => {
    const { labels, annotations } = metadata;
    return {
      apiVersion,
      kind,
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations }, spec },
      },
    };
  });
  return [...inventory.workloads, ...bare];
}
