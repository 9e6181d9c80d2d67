import type { KubeObject } from '../kube/object';
import { ownValue } from '../own-value';
import { OWNER_LABEL, type ScaledObject } from './scaled-object';
import { servedQuantity } from './served-quantity';
import { triggersOf, type Trigger } from './trigger';

/** Annotation with the labels, separated by commas, that are not handed on. */
const EXCLUDED_LABELS = 'scaledobject.keda.sh/hpa-excluded-labels';
const LONGEST_LABEL = 63;

/**
 * The HorizontalPodAutoscaler that KEDA makes of a ScaledObject (`newHPAForScaledObject` of controllers/keda/hpa.go).
 * The owner's `uid`, which the cluster gives, is left out.
 * @param version of KEDA
 * @throws UsageError, NotSupportedError as `triggersOf`
 */
export function generatedHpa(
  scaledObject: ScaledObject,
  version: string,
  triggers: readonly Trigger[] = triggersOf(scaledObject),
): KubeObject {
  const { ref, namespace, name, annotations, target, minReplicas, maxReplicas } = scaledObject;
  const behavior = behaviorOf(scaledObject);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: scaledObject.autoscaler,
      namespace,
      labels: labelsOf(scaledObject, version),
      ...(annotations ? { annotations } : {}),
      ownerReferences: [
        { apiVersion: ref.apiVersion, kind: ref.kind, name, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      scaleTargetRef: { apiVersion: target.apiVersion, kind: target.kind, name: target.name },
      // An autoscaler does not go below 1; KEDA itself goes to 0.
      minReplicas: Math.max(1, minReplicas),
      maxReplicas,
      metrics: metricSpecs(scaledObject, triggers),
      ...(behavior ? { behavior } : {}),
    },
  };
}

function labelsOf({ name, labels, annotations, autoscaler }: ScaledObject, version: string) {
  const excluded = annotations && ownValue(annotations, EXCLUDED_LABELS)?.split(',');
  const own = Object.entries({ ...labels, [OWNER_LABEL]: name }).filter(([key]) => !excluded?.includes(key));
  return {
    'app.kubernetes.io/name': labelValue(autoscaler),
    'app.kubernetes.io/version': version,
    'app.kubernetes.io/part-of': name,
    'app.kubernetes.io/managed-by': 'keda-operator',
    ...Object.fromEntries(own),
  };
}

function labelValue(name: string): string {
  return name.length <= LONGEST_LABEL ? name : name.slice(0, LONGEST_LABEL).replace(/[^\p{L}\p{N}]+$/u, '');
}

/** Metrics by their type, those of one type in the order of the triggers. */
function metricSpecs(scaledObject: ScaledObject, triggers: readonly Trigger[]) {
  return triggers
    .map((trigger) => metricSpec(trigger, scaledObject.name))
    .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
}

function metricSpec(trigger: Trigger, scaledObject: string) {
  if (trigger.type === 'prometheus') {
    const { metric, metricType, threshold } = trigger;
    const target = servedQuantity(threshold).toString();
    return {
      type: 'External',
      external: {
        metric: { name: metric, selector: { matchLabels: { [OWNER_LABEL]: scaledObject } } },
        target: {
          type: metricType,
          ...(metricType === 'AverageValue' ? { averageValue: target } : { value: target }),
        },
      },
    };
  }
  const { type: name, container } = trigger;
  const target =
    trigger.target.type === 'Utilization'
      ? trigger.target
      : { type: 'AverageValue', averageValue: trigger.target.averageValue.toString() };
  return container === undefined
    ? { type: 'Resource', resource: { name, target } }
    : { type: 'ContainerResource', containerResource: { name, container, target } };
}

/** A pause in one direction disables that direction. */
function behaviorOf({ behavior, scaleInPaused, scaleOutPaused }: ScaledObject) {
  if (!scaleInPaused && !scaleOutPaused) return behavior;
  const disabled = (direction: string) => ({ ...rulesOf(behavior?.[direction]), selectPolicy: 'Disabled' });
  return {
    ...behavior,
    ...(scaleInPaused ? { scaleDown: disabled('scaleDown') } : {}),
    ...(scaleOutPaused ? { scaleUp: disabled('scaleUp') } : {}),
  };
}

function rulesOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
