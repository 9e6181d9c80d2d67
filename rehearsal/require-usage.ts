import { UsageError } from '../core/errors';
import type { MetricSpec } from '../core/hpa';
import type { Workload } from '../core/kube/kinds/pod';
import { refOf, refText } from '../core/kube/object';
import { usageOf, usageYaml, type ContainerUsage } from '../core/workloads';
import type { Autoscaler } from './autoscaler';
import type { Kubelet } from './kubelet';
import type { World } from './world';

/** Use of a resource that an autoscaler wants to know. */
interface Wanted {
  readonly resource: keyof ContainerUsage;
  /** The container that alone counts. */
  readonly container?: string | undefined;
}

/**
 * What containers use is a fact of the hardware that no object tells. For the pods of autoscalers it has to be known.
 * @param workloads those whose pods the autoscaler's target selects
 * @throws UsageError with the YAML to add to the scenario where it is not
 */
export function requireUsage(
  { ref, spec }: Autoscaler,
  workloads: readonly Workload[],
  kubelet: Kubelet,
  { scenario }: World,
): void {
  for (const { resource, container: only } of spec.metrics.flatMap(wantedBy)) {
    for (const workload of workloads) {
      for (const { container, program } of kubelet.partsOf(workload)) {
        if (only !== undefined && container.name !== only) continue;
        const usage = usageOf(workload, container, program, scenario.usage);
        if (usage[resource] !== undefined) continue;
        throw new UsageError(
          `${refText(ref)} scales by ${resource}, and what container ${container.name} of ${refText(refOf(workload))} ` +
            `uses of it is not known. Say it in the scenario:\n\n${usageYaml(workload, container)}`,
        );
      }
    }
  }
}

function wantedBy(metric: MetricSpec): Wanted[] {
  if (metric.type === 'Resource') return wanted(metric.resource.name, undefined);
  if (metric.type !== 'ContainerResource') return [];
  return wanted(metric.containerResource.name, metric.containerResource.container);
}

/** metrics-server measures no other resource. */
function wanted(resource: string, container: string | undefined): Wanted[] {
  return resource === 'cpu' || resource === 'memory' ? [{ resource, container }] : [];
}
