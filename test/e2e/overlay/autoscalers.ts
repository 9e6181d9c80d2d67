import { defaultHpa, parseHpaSpec } from '../../../core/hpa';
import { isRecord, type ObjectEdit } from './object-edit';
import type { Times } from './times';

/** What KEDA takes for the time between two looks at a trigger. */
const DEFAULT_POLLING_SECONDS = 30;

/**
 * Policies and windows of a HorizontalPodAutoscaler. Without `behavior` there is nothing to change: the limits of the
 * controller are then per sync, and its window is a flag. With it, what the API server would fill in is written out.
 */
export function scaleAutoscaler(edit: ObjectEdit, times: Times): void {
  if (edit.object.kind !== 'HorizontalPodAutoscaler') return;
  const behavior = defaultHpa(parseHpaSpec(edit.object['spec'], edit.name)).behavior;
  if (!behavior) return;
  scaleBehavior(edit, 'spec.behavior', behavior, times);
}

/** Periods of a ScaledObject, of the autoscaler that KEDA makes of it, and of its queries. */
export function scaleScaledObject(edit: ObjectEdit, times: Times): void {
  if (edit.object.kind !== 'ScaledObject') return;
  const seconds = (value: unknown, path: string) => times.seconds(Number(value), `${edit.name}, ${path}`);
  edit.change('spec.pollingInterval', seconds, DEFAULT_POLLING_SECONDS);
  // Cooling down leads to no pods at all, so a second more or less never matters to one that keeps some.
  edit.change('spec.cooldownPeriod', (value) => Math.ceil(Number(value) / times.factor), cooldownOf(edit));
  edit.change('spec.initialCooldownPeriod', (value) => Math.ceil(Number(value) / times.factor));
  edit.change('spec.triggers.*.metadata.query', (value) => times.query(String(value), edit.name));
  const hpa = 'spec.advanced.horizontalPodAutoscalerConfig';
  const path = `${hpa}.behavior`;
  edit.change(path, (behavior) => {
    const spec = { scaleTargetRef: { kind: '', name: '' }, maxReplicas: 1, behavior };
    const filled = defaultHpa(parseHpaSpec({ ...spec, metrics: [] }, edit.name)).behavior;
    return filled ? scaledBehavior(edit, path, behavior, filled, times) : behavior;
  });
}

/** The default is written out where it counts. */
function cooldownOf({ object: { spec } }: ObjectEdit): number | undefined {
  const least = isRecord(spec) ? Number(spec['minReplicaCount'] ?? 0) : 0;
  const idle = isRecord(spec) && spec['idleReplicaCount'] !== undefined;
  return least === 0 || idle ? 300 : undefined;
}

type FilledBehavior = NonNullable<ReturnType<typeof defaultHpa>['behavior']>;

function scaleBehavior(edit: ObjectEdit, path: string, filled: FilledBehavior, times: Times): void {
  edit.change(path, (behavior) => scaledBehavior(edit, path, behavior, filled, times));
}

function scaledBehavior(
  edit: ObjectEdit,
  path: string,
  behavior: unknown,
  filled: FilledBehavior,
  times: Times,
): unknown {
  const written = isRecord(behavior) ? behavior : {};
  return {
    ...written,
    scaleUp: scaledRules(edit, `${path}.scaleUp`, written['scaleUp'], filled.scaleUp, times),
    scaleDown: scaledRules(edit, `${path}.scaleDown`, written['scaleDown'], filled.scaleDown, times),
  };
}

function scaledRules(
  edit: ObjectEdit,
  path: string,
  rules: unknown,
  { policies, stabilizationWindowSeconds: window }: FilledBehavior['scaleDown'],
  times: Times,
): unknown {
  const written = isRecord(rules) ? rules : {};
  const given = written['policies'] === undefined ? ' (default)' : '';
  const scaled = (field: string, value: number, note: string): number => {
    const to = times.seconds(value, `${edit.name}, ${path}.${field}`);
    if (to !== value) edit.record(`${path}.${field}`, `${value}${note}`, String(to));
    return to;
  };
  return {
    ...written,
    policies: policies.map((policy, index) => ({
      ...policy,
      periodSeconds: scaled(`policies[${index}].periodSeconds`, policy.periodSeconds, given),
    })),
    ...(window === undefined
      ? {}
      : { stabilizationWindowSeconds: scaled('stabilizationWindowSeconds', window, '') }),
  };
}
