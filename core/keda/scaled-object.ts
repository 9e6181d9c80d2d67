import { NotSupportedError } from '../errors';
import { namespaceOf } from '../kube/inventory';
import type { ScaledObjectManifest } from '../kube/kinds/keda';
import { refOf, refText, type ObjectRef } from '../kube/object';
import type { Labels } from '../kube/selector';
import { ownValue } from '../own-value';

/** Label and selector by which a metric finds its ScaledObject again. */
export const OWNER_LABEL = 'scaledobject.keda.sh/name';
const PAUSING = ['autoscaling.keda.sh/paused', 'autoscaling.keda.sh/paused-replicas'];

/** `Deployment` of `apps/v1` unless the ScaledObject says otherwise (`ParseGVKR` of apis/keda/v1alpha1/gvkr.go). */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** A ScaledObject with KEDA's defaults (apis/keda/v1alpha1/scaledobject_types.go, pkg/scaling/executor). */
export interface ScaledObject {
  readonly ref: ObjectRef;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly target: ScaleTarget;
  /** Name of the HorizontalPodAutoscaler that KEDA makes. */
  readonly autoscaler: string;
  readonly pollingIntervalMs: number;
  readonly initialCooldownMs: number;
  readonly cooldownMs: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Size while nothing is active, if it differs from the least while something is. */
  readonly idleReplicas: number | undefined;
  readonly behavior: Readonly<Record<string, unknown>> | undefined;
  readonly scaleInPaused: boolean;
  readonly scaleOutPaused: boolean;
  readonly activationForced: boolean;
  readonly triggers: ScaledObjectManifest['spec']['triggers'];
}

/** Fills in what a ScaledObject leaves out. */
export function readScaledObject(manifest: ScaledObjectManifest): ScaledObject {
  const { metadata, spec } = manifest;
  const { annotations } = metadata;
  const { advanced, scaleTargetRef } = spec;
  const { name, kind, apiVersion } = scaleTargetRef;
  return {
    ref: refOf(manifest),
    namespace: namespaceOf(manifest),
    name: metadata.name,
    labels: metadata.labels ?? {},
    annotations,
    target: { apiVersion: orDefault(apiVersion, 'apps/v1'), kind: orDefault(kind, 'Deployment'), name },
    autoscaler: autoscalerName(manifest),
    pollingIntervalMs: (spec.pollingInterval ?? 30) * 1000,
    initialCooldownMs: (spec.initialCooldownPeriod ?? 0) * 1000,
    cooldownMs: (spec.cooldownPeriod ?? 300) * 1000,
    minReplicas: spec.minReplicaCount ?? 0,
    maxReplicas: spec.maxReplicaCount ?? 100,
    idleReplicas: spec.idleReplicaCount,
    behavior: advanced?.horizontalPodAutoscalerConfig?.behavior,
    scaleInPaused: isSet(annotations, 'autoscaling.keda.sh/paused-scale-in'),
    scaleOutPaused: isSet(annotations, 'autoscaling.keda.sh/paused-scale-out'),
    activationForced: isSet(annotations, 'autoscaling.keda.sh/force-activation'),
    triggers: spec.triggers,
  };
}

/** The name that KEDA gives the autoscaler of a ScaledObject, unless told another. */
export function autoscalerName({ metadata, spec }: ScaledObjectManifest): string {
  const { name = '' } = spec.advanced?.horizontalPodAutoscalerConfig ?? {};
  return name === '' ? `keda-hpa-${metadata.name}` : name;
}

/** @throws NotSupportedError naming what a ScaledObject uses and is not modelled; its triggers are not looked into */
export function refuseUnmodelled(manifest: ScaledObjectManifest): void {
  const { metadata, spec } = manifest;
  const where = refText(refOf(manifest));
  const paused = PAUSING.find((annotation) => isSet(metadata.annotations, annotation));
  if (paused !== undefined) throw new NotSupportedError(`${where} with annotation ${paused}`);
  if (spec.fallback) throw new NotSupportedError(`${where} with spec.fallback`);
  if (Object.keys(spec.advanced?.scalingModifiers ?? {}).length > 0)
    throw new NotSupportedError(`${where} with spec.advanced.scalingModifiers`);
  for (const [index, { useCachedMetrics, authenticationRef }] of spec.triggers.entries()) {
    const used = useCachedMetrics ? 'useCachedMetrics' : authenticationRef ? 'authenticationRef' : undefined;
    if (used !== undefined) throw new NotSupportedError(`${where} with ${used} of spec.triggers[${index}]`);
  }
}

/** What is no boolean counts as true (`getBoolAnnotation`). */
function isSet(annotations: Readonly<Record<string, string>> | undefined, name: string): boolean {
  const value = annotations && ownValue(annotations, name);
  if (name === 'autoscaling.keda.sh/paused-replicas') return value !== undefined;
  return value !== undefined && !['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value);
}

function orDefault(value: string | undefined, fallback: string): string {
  return value === undefined || value === '' ? fallback : value;
}
