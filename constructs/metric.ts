import { Quantity } from '../core/kube/quantity';

/** A metric with its target, ready for an autoscaler. Made by a metric handle only. */
export class AutoscalerMetric {
  /** Keeps plain objects out. */
  protected readonly checked = true;

  /** @param spec one entry of `spec.metrics` of a HorizontalPodAutoscaler */
  constructor(readonly spec: MetricSpec) {}
}

/** `autoscaling/v2` MetricSpec, as far as custom and external metrics need it. */
export type MetricSpec =
  | {
      readonly type: 'Pods';
      readonly pods: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
    }
  | {
      readonly type: 'Object';
      readonly object: {
        readonly describedObject: DescribedObject;
        readonly metric: MetricIdentifier;
        readonly target: MetricTarget;
      };
    }
  | {
      readonly type: 'External';
      readonly external: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
    };

interface MetricIdentifier {
  readonly name: string;
}

/** A quantity per pod, or for the whole. */
type MetricTarget =
  | { readonly type: 'AverageValue'; readonly averageValue: string }
  | { readonly type: 'Value'; readonly value: string };

/** The object that an Object metric is about. */
export interface DescribedObject<Kind extends string = string> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly name: string;
}

/** A metric of the pods of the scale target, from `custom.metrics.k8s.io`. */
export class PodsMetric {
  readonly kind = 'Pods';

  constructor(readonly name: string) {}

  /** @param quantity wanted per pod, e.g. `25` or `500m` */
  average(quantity: string): AutoscalerMetric {
    return new AutoscalerMetric({
      type: 'Pods',
      pods: { metric: { name: this.name }, target: averageValue(quantity) },
    });
  }
}

/** A metric of one object in the autoscaler's namespace, from `custom.metrics.k8s.io`. */
export class ObjectMetric<Kind extends string = string> {
  readonly kind = 'Object';

  constructor(
    readonly name: string,
    readonly objectKind: Kind,
  ) {}

  /** @param quantity wanted in all, whatever the number of pods */
  value(describedObject: DescribedObject<Kind>, quantity: string): AutoscalerMetric {
    return this.withTarget(describedObject, exactValue(quantity));
  }

  /** @param quantity wanted per pod */
  average(describedObject: DescribedObject<Kind>, quantity: string): AutoscalerMetric {
    return this.withTarget(describedObject, averageValue(quantity));
  }

  private withTarget(describedObject: DescribedObject<Kind>, target: MetricTarget): AutoscalerMetric {
    return new AutoscalerMetric({
      type: 'Object',
      object: { describedObject, metric: { name: this.name }, target },
    });
  }
}

/** A metric that belongs to no object, from `external.metrics.k8s.io`. */
export class ExternalMetric {
  readonly kind = 'External';

  constructor(readonly name: string) {}

  /** @param quantity wanted in all, whatever the number of pods */
  value(quantity: string): AutoscalerMetric {
    return this.withTarget(exactValue(quantity));
  }

  /** @param quantity wanted per pod */
  average(quantity: string): AutoscalerMetric {
    return this.withTarget(averageValue(quantity));
  }

  private withTarget(target: MetricTarget): AutoscalerMetric {
    return new AutoscalerMetric({ type: 'External', external: { metric: { name: this.name }, target } });
  }
}

/** @throws UsageError if the text is no quantity */
function averageValue(quantity: string): MetricTarget {
  Quantity.parse(quantity);
  return { type: 'AverageValue', averageValue: quantity };
}

/** @throws UsageError if the text is no quantity */
function exactValue(quantity: string): MetricTarget {
  Quantity.parse(quantity);
  return { type: 'Value', value: quantity };
}
