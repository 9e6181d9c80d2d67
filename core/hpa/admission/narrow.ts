import {
  type MetricSpec,
  type MetricTarget,
  type ScalingPolicy,
  type WrittenMetric,
  type WrittenPolicy,
  type WrittenRules,
  type WrittenTarget,
} from './spec';

const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'] as const;
const SELECT_POLICIES = ['Max', 'Min', 'Disabled'] as const;
const POLICY_TYPES = ['Pods', 'Percent'] as const;

/** A metric by its type; undefined if the source of that type is missing or not valid. */
export function narrowMetric(metric: WrittenMetric): MetricSpec | undefined {
  const { resource, containerResource, pods, object, external } = metric;
  switch (metric.type) {
    case 'Resource': {
      const source = resource && withTarget(resource, resourceTarget);
      return source && { type: metric.type, resource: source };
    }
    case 'ContainerResource': {
      const source = containerResource && withTarget(containerResource, resourceTarget);
      return source && { type: metric.type, containerResource: source };
    }
    case 'Pods': {
      const source = pods && withTarget(pods, podsTarget);
      return source && { type: metric.type, pods: source };
    }
    case 'Object': {
      const source = object && withTarget(object, (target) => target);
      return source && { type: metric.type, object: source };
    }
    case 'External': {
      const source = external && withTarget(external, externalTarget);
      return source && { type: metric.type, external: source };
    }
    default:
      return undefined;
  }
}

/** The source with its target narrowed, first to a known type and then as its kind of metric asks. */
function withTarget<Source extends { readonly target: WrittenTarget }, Target>(
  source: Source,
  narrow: (target: MetricTarget) => Target | undefined,
): (Omit<Source, 'target'> & { readonly target: Target }) | undefined {
  const { target: written, ...others } = source;
  const type = known(TARGET_TYPES, written.type);
  const target = type && narrow({ ...written, type });
  return target && { ...others, target };
}

function podsTarget({ averageValue, ...target }: MetricTarget) {
  return averageValue && { ...target, averageValue };
}

function resourceTarget({ averageValue, averageUtilization, ...target }: MetricTarget) {
  if (averageValue) return { ...target, averageValue };
  return averageUtilization === undefined ? undefined : { ...target, averageUtilization };
}

function externalTarget({ averageValue, value, ...target }: MetricTarget) {
  if (averageValue) return { ...target, averageValue };
  return value && { ...target, value };
}

/** Scaling rules with all their fields set; undefined if one is not valid. */
export function narrowRules(
  rules: WrittenRules,
): (Omit<WrittenRules, 'selectPolicy' | 'policies'> & NarrowedFields) | undefined {
  const selectPolicy = known(SELECT_POLICIES, rules.selectPolicy);
  const policies = (rules.policies ?? []).flatMap((policy) => narrowPolicy(policy) ?? []);
  return selectPolicy && policies.length === rules.policies?.length
    ? { ...rules, selectPolicy, policies }
    : undefined;
}

interface NarrowedFields {
  readonly selectPolicy: (typeof SELECT_POLICIES)[number];
  readonly policies: ScalingPolicy[];
}

function narrowPolicy(policy: WrittenPolicy): ScalingPolicy | undefined {
  const type = known(POLICY_TYPES, policy.type);
  return type && { ...policy, type };
}

function known<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((candidate) => candidate === value);
}
