import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { UsageError } from '../core/errors';
import type { App } from './app';
import type { AutoscalerMetric, MetricSpec } from './metric';

/** `autoscaling/v2` HPAScalingRules, with the fields that the raw class of the API level does not know. */
interface ScalingRules {
  /** 0 to 3600. */
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
  readonly policies?: readonly {
    readonly type: 'Pods' | 'Percent';
    readonly value: number;
    /** 1 to 1800. */
    readonly periodSeconds: number;
  }[];
  /** Deviation from the target that is left alone, a quantity such as `0.05` (KEP-4951). */
  readonly tolerance?: string;
}

/** `autoscaling/v2` HorizontalPodAutoscalerBehavior; an absent direction keeps Kubernetes' defaults. */
export interface ScalingBehavior {
  readonly scaleUp?: ScalingRules;
  readonly scaleDown?: ScalingRules;
}

/** What an autoscaler is told. */
export interface AutoscalerProps {
  /** An app that declares no size of its own. */
  readonly target: App<string, 'autoscaled'>;
  readonly min: number;
  readonly max: number;
  /** At least one, from metric handles; the autoscaler follows the one that wants most pods. */
  readonly metrics: readonly [AutoscalerMetric, ...AutoscalerMetric[]];
  readonly behavior?: ScalingBehavior;
}

/** `autoscaling/v2` HorizontalPodAutoscalerSpec. */
interface AutoscalerSpec {
  readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly MetricSpec[];
  readonly behavior?: ScalingBehavior;
}

/** A HorizontalPodAutoscaler for the Deployment of an app, with the app's name. */
export class Autoscaler extends Construct {
  constructor(scope: Construct, id: string, { target, min, max, metrics, behavior }: AutoscalerProps) {
    super(scope, id);
    if (min > max) {
      throw new UsageError(`${this.node.path}, autoscaler of ${target.name}: min ${min} is above max ${max}`);
    }
    const spec: AutoscalerSpec = {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target.name },
      minReplicas: min,
      maxReplicas: max,
      metrics: metrics.map((metric) => metric.spec),
      ...(behavior ? { behavior } : {}),
    };
    new ApiObject(this, 'HorizontalPodAutoscaler', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: target.name, namespace: target.namespace },
      spec,
    });
  }
}
