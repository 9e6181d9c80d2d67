import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject' with {
  'resolution-mode': 'import',
};
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { UsageError } from '../core/errors';
import type { App } from './app';
import type { ScalingBehavior } from './autoscaler';
import type { ServicePort } from './port';
import { sumBy, type Reading } from './query';

/** A trigger of a ScaledObject. Made by `prometheusTrigger` only. */
export class Trigger {
  /** Keeps plain objects out. */
  protected readonly checked = true;

  /** @param spec one entry of `spec.triggers` */
  constructor(readonly spec: IScaledObject['spec']['triggers'][number]) {}
}

/** What a trigger asks Prometheus, and what is wanted of the answer. */
export interface PrometheusTriggerProps<Label extends string> {
  readonly prometheus: ServicePort;
  /** Summed over all series, so that the answer is one element. */
  readonly reading: Reading<Label>;
  /** What is wanted of the sum, per pod or for the whole. */
  readonly threshold: number;
  /** Default `pod`. */
  readonly per?: 'pod' | 'whole';
  /** The workload is active while the sum is above it; matters where `min` is 0. Default 0. */
  readonly activationThreshold?: number;
  /** Whether an empty answer counts as 0; an error else, which keeps the size. Default true. */
  readonly emptyIsZero?: boolean;
}

/**
 * A trigger on the sum of a reading.
 * @throws UsageError for a threshold that no autoscaler takes
 */
export function prometheusTrigger<Label extends string>({
  prometheus,
  reading,
  threshold,
  per = 'pod',
  activationThreshold,
  emptyIsZero = true,
}: PrometheusTriggerProps<Label>): Trigger {
  // KEDA rounds to thousandths.
  if (!Number.isFinite(threshold) || threshold < 0.001) {
    throw new UsageError(`trigger on ${reading.series}: threshold ${threshold} must be 0.001 or more`);
  }
  return new Trigger({
    type: 'prometheus',
    ...(per === 'whole' ? { metricType: 'Value' } : {}),
    metadata: {
      serverAddress: prometheus.url,
      query: sumBy(reading),
      threshold: String(threshold),
      ...(activationThreshold === undefined ? {} : { activationThreshold: String(activationThreshold) }),
      ...(emptyIsZero ? {} : { ignoreNullValues: 'false' }),
    },
  });
}

/** What a ScaledObject is told. */
export interface ScaledObjectProps {
  /** An app that declares no size of its own. */
  readonly target: App<string, 'autoscaled'>;
  /** 0 lets KEDA take all pods away while no trigger is active. */
  readonly min: number;
  readonly max: number;
  /** At least one; the autoscaler follows the one that wants most pods. */
  readonly triggers: readonly [Trigger, ...Trigger[]];
  /** Default: the app's name. The autoscaler is called `keda-hpa-` and this. */
  readonly name?: string;
  /** Seconds between two looks at the triggers, which matters where `min` is 0. Default 30. */
  readonly pollingInterval?: number;
  /** Seconds from the last activity until all pods are taken away. Default 300. */
  readonly cooldownPeriod?: number;
  readonly behavior?: ScalingBehavior;
}

/** Has KEDA scale the Deployment of an app, by an autoscaler that it makes. */
export class ScaledObject extends Construct {
  constructor(scope: Construct, id: string, props: ScaledObjectProps) {
    super(scope, id);
    const { target, min, max, triggers, name = target.name, behavior } = props;
    const { pollingInterval, cooldownPeriod } = props;
    if (min > max) {
      throw new UsageError(`${this.node.path}, ScaledObject ${name}: min ${min} is above max ${max}`);
    }
    const spec: Omit<IScaledObject['spec'], 'advanced'> & Advanced = {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target.name },
      minReplicaCount: min,
      maxReplicaCount: max,
      ...(pollingInterval === undefined ? {} : { pollingInterval }),
      ...(cooldownPeriod === undefined ? {} : { cooldownPeriod }),
      ...(behavior ? { advanced: { horizontalPodAutoscalerConfig: { behavior } } } : {}),
      triggers: triggers.map((trigger) => trigger.spec),
    };
    new ApiObject(this, 'ScaledObject', {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name, namespace: target.namespace },
      spec,
    });
  }
}

/** The behavior is that of the autoscaler, newer fields included. */
interface Advanced {
  readonly advanced?: {
    readonly horizontalPodAutoscalerConfig: { readonly behavior: ScalingBehavior };
  };
}
