import { messageOf } from '../errors';
import { narrowMetric, parseHpaSpec, type HpaSpec, type MetricSpec } from '../hpa';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import { groupOf, refOf, refText, type KubeObject, type ObjectRef } from '../kube/object';

/** The one version whose `spec` is read; older ones have other fields. */
export const AUTOSCALER_VERSION = 'autoscaling/v2';

/** A HorizontalPodAutoscaler, read as far as it can be. */
export interface Autoscaler {
  /** The object to change: the autoscaler, or the ScaledObject that KEDA makes it of. */
  readonly ref: ObjectRef;
  readonly name: string;
  /** Whether KEDA makes it. */
  readonly made: boolean;
  readonly namespace: string;
  readonly spec?: HpaSpec | undefined;
  /** Those of the spec that are valid. */
  readonly metrics: readonly MetricSpec[];
  /** Why there is no `spec`. */
  readonly problem?: string | undefined;
  /** The workload that it scales, if it is among the objects. */
  readonly target?: Workload | undefined;
}

/** An autoscaler that is not among the objects, and what it is made of. */
export interface MadeAutoscaler {
  readonly object: KubeObject;
  readonly by: ObjectRef;
}

/** Every HorizontalPodAutoscaler, in the order of the objects, and those that will be made. */
export function autoscalersOf(inventory: Inventory, made: readonly MadeAutoscaler[]): readonly Autoscaler[] {
  const workloads = new Map(inventory.workloads.map((workload) => [keyOf(refOf(workload)), workload]));
  const applied = inventory.horizontalPodAutoscalers.map((object) => ({ object, by: undefined }));
  return [...applied, ...made].map(({ object, by }) => {
    const ref = by ?? refOf(object);
    const namespace = namespaceOf(object);
    const read = readSpec(object, refText(ref));
    const wanted = read.spec?.scaleTargetRef;
    const target =
      wanted && workloads.get(keyOf({ ...wanted, apiVersion: wanted.apiVersion ?? '', namespace }));
    const metrics = (read.spec?.metrics ?? []).flatMap((metric) => narrowMetric(metric) ?? []);
    return { ref, name: object.metadata.name, made: by !== undefined, namespace, ...read, metrics, target };
  });
}

function readSpec(object: KubeObject, where: string): Pick<Autoscaler, 'spec' | 'problem'> {
  if (object.apiVersion !== AUTOSCALER_VERSION) return {};
  try {
    return { spec: parseHpaSpec(object['spec'], where) };
  } catch (error) {
    return { problem: messageOf(error).replace(`${where}: `, '') };
  }
}

/** The version does not matter: the API server converts. */
function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [groupOf(apiVersion), kind, namespace ?? 'default', name].join('/');
}
