import { narrowMetric, narrowRules } from './narrow';
import {
  type HpaSpec,
  type MetricSpec,
  type ScalingPolicy,
  type ScalingRules,
  type WrittenMetric,
  type WrittenPolicy,
  type WrittenRules,
} from './spec';

/** Scaling rules with every field set, as the API server stores them. */
export interface DefaultedRules extends ScalingRules {
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: ScalingPolicy[];
}

/** `spec.behavior` as stored. Only the scale-down window may stay open: the controller's flag fills it. */
export interface DefaultedBehavior {
  readonly scaleUp: DefaultedRules & { readonly stabilizationWindowSeconds: number };
  readonly scaleDown: DefaultedRules;
}

/** An HPA spec as the API server stores it. */
export interface DefaultedHpaSpec extends HpaSpec {
  readonly minReplicas: number;
  readonly metrics: MetricSpec[];
  readonly behavior?: DefaultedBehavior | undefined;
}

/** A spec with the API server's defaults, valid or not. */
export interface FilledHpaSpec extends HpaSpec {
  readonly minReplicas: number;
  readonly metrics: readonly WrittenMetric[];
  readonly behavior?:
    | {
        readonly scaleUp: FilledRules & { readonly stabilizationWindowSeconds: number };
        readonly scaleDown: FilledRules;
      }
    | undefined;
}

interface FilledRules extends WrittenRules {
  readonly selectPolicy: string;
  readonly policies: readonly WrittenPolicy[];
}

const DEFAULT_METRIC: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

const SCALE_UP_POLICIES: readonly ScalingPolicy[] = [
  { type: 'Pods', value: 4, periodSeconds: 15 },
  { type: 'Percent', value: 100, periodSeconds: 15 },
];

const SCALE_DOWN_POLICIES: readonly ScalingPolicy[] = [{ type: 'Percent', value: 100, periodSeconds: 15 }];

/**
 * A valid spec as the API server stores it.
 * @throws Error if the spec is not valid: validate it first
 */
export function defaultHpa(spec: HpaSpec): DefaultedHpaSpec {
  const { behavior, metrics, ...filled } = fillDefaults(spec);
  return {
    ...filled,
    metrics: metrics.map((metric) => validated(narrowMetric(metric))),
    behavior: behavior && {
      scaleUp: {
        ...validated(narrowRules(behavior.scaleUp)),
        stabilizationWindowSeconds: behavior.scaleUp.stabilizationWindowSeconds,
      },
      scaleDown: validated(narrowRules(behavior.scaleDown)),
    },
  };
}

function validated<T>(narrowed: T | undefined): T {
  if (narrowed === undefined) throw new Error('the spec of a HorizontalPodAutoscaler was not validated');
  return narrowed;
}

/**
 * Applies the API server's defaults (`pkg/apis/autoscaling/v2/defaults.go`): one replica at least, 80 % of the CPU
 * request without metrics, and, only where `behavior` is present (even as `{}`), every rule of both directions.
 */
export function fillDefaults(spec: HpaSpec): FilledHpaSpec {
  return {
    ...spec,
    minReplicas: spec.minReplicas ?? 1,
    metrics: spec.metrics?.length ? spec.metrics : [DEFAULT_METRIC],
    behavior: spec.behavior && fillBehavior(spec.behavior),
  };
}

function fillBehavior({
  scaleUp,
  scaleDown,
}: NonNullable<HpaSpec['behavior']>): NonNullable<FilledHpaSpec['behavior']> {
  return {
    scaleUp: {
      ...fillRules(scaleUp, SCALE_UP_POLICIES),
      stabilizationWindowSeconds: scaleUp?.stabilizationWindowSeconds ?? 0,
    },
    scaleDown: fillRules(scaleDown, SCALE_DOWN_POLICIES),
  };
}

/** A list of policies, even an empty one, replaces the default list as a whole. */
function fillRules(rules: WrittenRules | undefined, policies: readonly ScalingPolicy[]): FilledRules {
  return {
    ...rules,
    selectPolicy: rules?.selectPolicy ?? 'Max',
    policies: rules?.policies ?? policies,
  };
}
