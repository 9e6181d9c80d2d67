import { type HpaConfig } from '../../config/config';
import { type FilledHpaSpec } from '../defaults';
import { parsesAsGroupVersion, type ReferenceOptions } from './reference';

/** Kubernetes has the field `tolerance` since this minor version. */
const TOLERANCE_SINCE = 33;

/** What depends on the API server and on the object that is changed (`HorizontalPodAutoscalerSpecValidationOptions`). */
export interface ValidationOptions {
  /** Minor version of Kubernetes. */
  readonly minor: number;
  readonly lowestMinReplicas: 0 | 1;
  readonly scaleTarget: ReferenceOptions;
  readonly describedObject: ReferenceOptions;
  /** Whether `tolerance` is kept, and so validated. */
  readonly readsTolerance: boolean;
}

/** `validationOptionsForHorizontalPodAutoscaler` and `dropDisabledFields` of the registry's strategy. */
export function validationOptions(
  spec: FilledHpaSpec,
  old: FilledHpaSpec | undefined,
  { minor, featureGates }: HpaConfig,
): ValidationOptions {
  return {
    minor,
    lowestMinReplicas: featureGates.HPAScaleToZero || old?.minReplicas === 0 ? 0 : 1,
    scaleTarget: scaleTargetOptions(spec, old),
    describedObject: {
      allowEmptyGroup: true,
      allowInvalidApiVersion: old?.metrics.some(describesWrongly) ?? false,
    },
    readsTolerance: minor >= TOLERANCE_SINCE && (featureGates.HPAConfigurableTolerance || usesTolerance(old)),
  };
}

function scaleTargetOptions(
  { scaleTargetRef: target }: FilledHpaSpec,
  old: FilledHpaSpec | undefined,
): ReferenceOptions {
  const before = old?.scaleTargetRef;
  const same = before?.kind === target.kind && (before.apiVersion ?? '') === (target.apiVersion ?? '');
  return {
    allowInvalidApiVersion: same,
    allowEmptyGroup: !same && target.kind === 'ReplicationController',
  };
}

function describesWrongly({ type, object }: FilledHpaSpec['metrics'][number]): boolean {
  return (
    type === 'Object' && object !== undefined && !parsesAsGroupVersion(object.describedObject.apiVersion)
  );
}

function usesTolerance(spec: FilledHpaSpec | undefined): boolean {
  const { scaleUp, scaleDown } = spec?.behavior ?? {};
  return [scaleUp, scaleDown].some((rules) => rules?.tolerance !== undefined);
}
