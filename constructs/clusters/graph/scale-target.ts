import { z } from 'zod';
import { METRICS_API_GROUPS, RESOURCE_METRICS_GROUP } from '../../../core/chain';
import { groupOf, type KubeObject } from '../../../core/kube/object';

const metricType = z.looseObject({ type: z.string() });
const reference = z.looseObject({
  apiVersion: z.string().default('apps/v1'),
  kind: z.string().default('Deployment'),
  name: z.string(),
});
const scaling = z.looseObject({
  spec: z.looseObject({ scaleTargetRef: reference, metrics: z.array(metricType).nullish() }),
});

/** What an object scales. */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Where an autoscaler's metrics of each type come from (KEP-117, autoscaling/v2 MetricSourceType). */
const GROUPS: Readonly<Record<string, string>> = {
  Pods: METRICS_API_GROUPS.custom,
  Object: METRICS_API_GROUPS.custom,
  External: METRICS_API_GROUPS.external,
  Resource: RESOURCE_METRICS_GROUP,
  ContainerResource: RESOURCE_METRICS_GROUP,
};

/** The workload that a HorizontalPodAutoscaler or a ScaledObject scales; undefined for any other object. */
export function scaleTargetOf(object: KubeObject): ScaleTarget | undefined {
  const spec = scalingSpec(object);
  if (!spec) return undefined;
  const { apiVersion, kind, name } = spec.scaleTargetRef;
  return { apiVersion, kind, name, namespace: object.metadata.namespace };
}

/** The API groups that serve the metrics of a HorizontalPodAutoscaler. */
export function metricGroupsOf(object: KubeObject): string[] {
  const types = (scalingSpec(object)?.metrics ?? []).map(({ type }) => type);
  return [...new Set(types.flatMap((type) => GROUPS[type] ?? []))];
}

function scalingSpec(object: KubeObject) {
  const group = groupOf(object.apiVersion);
  const scales =
    (group === 'autoscaling' && object.kind === 'HorizontalPodAutoscaler') ||
    (group === 'keda.sh' && object.kind === 'ScaledObject');
  return scales ? scaling.safeParse(object).data?.spec : undefined;
}
