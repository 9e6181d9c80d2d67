import { type HpaSpec, type MetricSpec, type ScalingPolicy, type ScalingRules } from './spec';

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
 * Applies the API server's defaults (`pkg/apis/autoscaling/v2/defaults.go`): one replica at least, 80 % of the CPU
 * request without metrics, and, only where `behavior` is present (even as `{}`), every rule of both directions.
 */
export function defaultHpa(spec: HpaSpec): DefaultedHpaSpec {
  return {
    ...spec,
    minReplicas: spec.minReplicas ?? 1,
    metrics: spec.metrics?.length ? spec.metrics : [DEFAULT_METRIC],
    behavior: spec.behavior && defaultBehavior(spec.behavior),
  };
}

function defaultBehavior({ scaleUp, scaleDown }: NonNullable<HpaSpec['behavior']>): DefaultedBehavior {
  return {
    scaleUp: {
      ...defaultRules(scaleUp, SCALE_UP_POLICIES),
      stabilizationWindowSeconds: scaleUp?.stabilizationWindowSeconds ?? 0,
    },
    scaleDown: defaultRules(scaleDown, SCALE_DOWN_POLICIES),
  };
}

/** A list of policies, even an empty one, replaces the default list as a whole. */
function defaultRules(rules: ScalingRules | undefined, policies: readonly ScalingPolicy[]): DefaultedRules {
  return {
    ...rules,
    selectPolicy: rules?.selectPolicy ?? 'Max',
    policies: rules?.policies ?? [...policies],
  };
}
