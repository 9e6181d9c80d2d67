import { z } from 'zod';
import type { ScaledObjectManifest } from '../kube/kinds/keda';
import { namespaceOf } from '../kube/inventory';
import type { Container, Workload } from '../kube/kinds/pod';
import type { KubeObject } from '../kube/object';
import { Quantity } from '../kube/quantity';
import { autoscalerName, OWNER_LABEL } from './scaled-object';

const LONGEST_NAME = 63;
const DEFAULT_MAX = 100;
/** Annotations of an autoscaler, and of a ScaledObject, that let the two be about one workload. */
const HPA_OWNERSHIP = 'validations.keda.sh/hpa-ownership';
const TRANSFER_OWNERSHIP = 'scaledobject.keda.sh/transfer-hpa-ownership';

const scaler = z.looseObject({
  scaleTargetRef: z.looseObject({
    apiVersion: z.string().optional(),
    kind: z.string().optional(),
    name: z.string(),
  }),
});

/**
 * Why a ScaledObject is refused whatever else there is, in the words of the API server and of KEDA's webhook
 * (apis/keda/v1alpha1/scaledobject_webhook.go); empty if it is not.
 */
export function specProblems({ metadata, spec, ...rest }: ScaledObjectManifest): readonly string[] {
  const { name } = metadata;
  const hpa = autoscalerName({ metadata, spec, ...rest });
  return [
    ...replicaProblems(spec),
    ...triggerProblems(spec.triggers),
    ...(name.length > LONGEST_NAME
      ? [
          `scaledobject name "${name}" is ${name.length} characters long; must be no more than ${LONGEST_NAME} characters because it is used as the "${OWNER_LABEL}" label value`,
        ]
      : hpa.length > LONGEST_NAME
        ? [
            `HPA name "${hpa}" derived from scaledobject is ${hpa.length} characters long; must be no more than ${LONGEST_NAME} characters; set spec.advanced.horizontalPodAutoscalerConfig.name to a shorter name or shorten the scaledobject name`,
          ]
        : []),
  ];
}

function replicaProblems(spec: ScaledObjectManifest['spec']): string[] {
  const { minReplicaCount, maxReplicaCount = DEFAULT_MAX, idleReplicaCount } = spec;
  // As the check of the webhook has it, which takes the autoscaler's least for a 0 that is written.
  const min = minReplicaCount === undefined ? 0 : Math.max(1, minReplicaCount);
  if (min > maxReplicaCount)
    return [`MinReplicaCount=${min} must be less than MaxReplicaCount=${maxReplicaCount}`];
  if (idleReplicaCount !== undefined && idleReplicaCount >= min)
    return [`IdleReplicaCount=${idleReplicaCount} must be less than MinReplicaCount=${min}`];
  return [];
}

function triggerProblems(triggers: ScaledObjectManifest['spec']['triggers']): string[] {
  const names = triggers.flatMap(({ name }) => (name === undefined || name === '' ? [] : [name]));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  const cached = triggers.find(
    ({ type, useCachedMetrics }) => useCachedMetrics && ['cpu', 'memory', 'cron'].includes(type),
  );
  return [
    ...(cached ? [`property "useCachedMetrics" is not supported for "${cached.type}" scaler`] : []),
    ...(twice === undefined
      ? []
      : [
          `triggerName "${twice}" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique`,
        ]),
  ];
}

/** Why the webhook refuses a ScaledObject beside others that were there first. */
export function scaledObjectConflicts(
  scaledObject: ScaledObjectManifest,
  others: readonly ScaledObjectManifest[],
): readonly string[] {
  const target = targetText(scaledObject.spec.scaleTargetRef);
  return others
    .filter((other) => namespaceOf(other) === namespaceOf(scaledObject))
    .flatMap((other) => {
      const { name } = other.metadata;
      const { scaleTargetRef } = other.spec;
      if (
        targetText(scaleTargetRef) === target &&
        scaleTargetRef.name === scaledObject.spec.scaleTargetRef.name
      )
        return [
          `the workload '${scaleTargetRef.name}' of type '${target}' is already managed by the ScaledObject '${name}'`,
        ];
      const hpa = autoscalerName(other);
      return hpa === autoscalerName(scaledObject)
        ? [`the HPA '${hpa}' is already managed by the ScaledObject '${name}'`]
        : [];
    });
}

/** Why the webhook refuses a ScaledObject beside a HorizontalPodAutoscaler of the same workload. */
export function autoscalerConflict(
  { metadata, spec }: ScaledObjectManifest,
  hpa: KubeObject,
): string | undefined {
  const { scaleTargetRef } = scaler.safeParse(hpa['spec']).data ?? {};
  const { namespace = 'default', name, annotations } = hpa.metadata;
  const target = targetText(spec.scaleTargetRef);
  if (
    annotations?.[HPA_OWNERSHIP] === 'false' ||
    namespace !== (metadata.namespace ?? 'default') ||
    scaleTargetRef?.name !== spec.scaleTargetRef.name ||
    targetText(scaleTargetRef) !== target
  )
    return undefined;
  if (metadata.annotations?.[TRANSFER_OWNERSHIP] !== 'true')
    return `the workload '${scaleTargetRef.name}' of type '${target}' is already managed by the hpa '${name}'`;
  return spec.advanced?.horizontalPodAutoscalerConfig?.name === name
    ? undefined
    : `the existing hpa '${name}' for workload '${scaleTargetRef.name}' of type '${target}' must be specified by name in advanced settings to enable ownership transfer`;
}

/**
 * Why the webhook refuses CPU and memory triggers for a workload: its containers have to request what is measured, and
 * they alone never lead to zero. LimitRanges, which may give requests, are not looked at.
 */
export function resourceProblems(
  { spec }: ScaledObjectManifest,
  workload: Workload | undefined,
): readonly string[] {
  const measured = spec.triggers.filter(({ type }) => type === 'cpu' || type === 'memory');
  if (!workload || measured.length === 0 || !['Deployment', 'StatefulSet'].includes(workload.kind)) return [];
  const { containers } = workload.spec.template.spec;
  const missing = measured.flatMap(({ type, metadata }) => {
    const only = metadata['containerName'] ?? '';
    const lacking = containers.find(
      (container) => (only === '' || container.name === only) && !isSized(container, type),
    );
    return lacking
      ? [
          `the scaledobject has a ${type} trigger but the container ${lacking.name} doesn't have the ${type} request defined`,
        ]
      : [];
  });
  const toZero = measured.length === spec.triggers.length && (spec.minReplicaCount ?? 0) === 0;
  return [
    ...missing,
    ...(toZero
      ? [
          "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)",
        ]
      : []),
  ];
}

function isSized({ resources }: Container, resource: string): boolean {
  return [resources?.requests?.[resource], resources?.limits?.[resource]].some(
    (amount) => amount !== undefined && Quantity.parse(amount).nanos > 0n,
  );
}

/** `apps/v1.Deployment`, with KEDA's defaults. */
function targetText({
  apiVersion,
  kind,
}: {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
}): string {
  return `${apiVersion || 'apps/v1'}.${kind || 'Deployment'}`;
}
