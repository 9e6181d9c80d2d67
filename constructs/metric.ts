import { UsageError } from '../core/errors';
import { Quantity } from '../core/kube/quantity';
import type { Conditions } from './query';

/** A metric with its target, ready for an autoscaler. Made by a metric handle only. */
export class AutoscalerMetric {
  /** Keeps plain objects out. */
  protected readonly checked = true;

  /** @param spec one entry of `spec.metrics` of a HorizontalPodAutoscaler */
  constructor(readonly spec: MetricSpec) {}
}

/** `autoscaling/v2` MetricSpec. */
export type MetricSpec =
  | {
      readonly type: 'Resource';
      readonly resource: { readonly name: ResourceName; readonly target: MetricTarget | Utilization };
    }
  | {
      readonly type: 'ContainerResource';
      readonly containerResource: {
        readonly name: ResourceName;
        readonly container: string;
        readonly target: MetricTarget | Utilization;
      };
    }
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
  /** Narrows the series that the adapter reads. */
  readonly selector?: { readonly matchLabels: Conditions<string> };
}

/** A quantity per pod, or for the whole. */
type MetricTarget =
  | { readonly type: 'AverageValue'; readonly averageValue: string }
  | { readonly type: 'Value'; readonly value: string };

interface Utilization {
  readonly type: 'Utilization';
  readonly averageUtilization: number;
}

type ResourceName = 'cpu' | 'memory';

/** The object that an Object metric is about. */
export interface DescribedObject<Kind extends string = string> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly name: string;
}

/** A metric of the pods of the scale target, from `custom.metrics.k8s.io`. */
export class PodsMetric<Label extends string = string> {
  readonly kind = 'Pods';
  private readonly metric: MetricIdentifier;

  /** @param selector labels that the series must have besides */
  constructor(
    readonly name: string,
    selector?: Conditions<Label>,
  ) {
    this.metric = identifier(name, selector);
  }

  /** The same metric, of the series with these labels only. */
  where(selector: Conditions<Label>): PodsMetric<Label> {
    return new PodsMetric(this.name, selector);
  }

  /** @param quantity wanted per pod, e.g. `25` or `500m` */
  average(quantity: string): AutoscalerMetric {
    return new AutoscalerMetric({
      type: 'Pods',
      pods: { metric: this.metric, target: averageValue(quantity) },
    });
  }
}

/** A metric of one object in the autoscaler's namespace, from `custom.metrics.k8s.io`. */
export class ObjectMetric<Kind extends string = string, Label extends string = string> {
  readonly kind = 'Object';
  private readonly metric: MetricIdentifier;

  /** @param selector labels that the series must have besides */
  constructor(
    readonly name: string,
    readonly objectKind: Kind,
    selector?: Conditions<Label>,
  ) {
    this.metric = identifier(name, selector);
  }

  /** The same metric, of the series with these labels only. */
  where(selector: Conditions<Label>): ObjectMetric<Kind, Label> {
    return new ObjectMetric(this.name, this.objectKind, selector);
  }

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
      object: { describedObject, metric: this.metric, target },
    });
  }
}

/** A metric that belongs to no object, from `external.metrics.k8s.io`. */
export class ExternalMetric<Label extends string = string> {
  readonly kind = 'External';
  private readonly metric: MetricIdentifier;

  /** @param selector labels that the series must have besides */
  constructor(
    readonly name: string,
    selector?: Conditions<Label>,
  ) {
    this.metric = identifier(name, selector);
  }

  /** The same metric, of the series with these labels only. */
  where(selector: Conditions<Label>): ExternalMetric<Label> {
    return new ExternalMetric(this.name, selector);
  }

  /** @param quantity wanted in all, whatever the number of pods */
  value(quantity: string): AutoscalerMetric {
    return this.withTarget(exactValue(quantity));
  }

  /** @param quantity wanted per pod */
  average(quantity: string): AutoscalerMetric {
    return this.withTarget(averageValue(quantity));
  }

  private withTarget(target: MetricTarget): AutoscalerMetric {
    return new AutoscalerMetric({ type: 'External', external: { metric: this.metric, target } });
  }
}

/** CPU or memory of the pods of the scale target, from `metrics.k8s.io`. */
export class ResourceMetric {
  static readonly cpu = new ResourceMetric('cpu');
  static readonly memory = new ResourceMetric('memory');

  private constructor(
    private readonly name: ResourceName,
    private readonly container?: string,
  ) {}

  /** The same metric, of one container of each pod. */
  of(container: string): ResourceMetric {
    return new ResourceMetric(this.name, container);
  }

  /** @param percent wanted on average, of what the containers request */
  utilization(percent: number): AutoscalerMetric {
    if (!Number.isInteger(percent) || percent < 1) {
      throw new UsageError(`${percent}% cannot be a utilization: write a whole number above 0`);
    }
    return this.withTarget({ type: 'Utilization', averageUtilization: percent });
  }

  /** @param quantity wanted per pod, e.g. `500m` or `200Mi` */
  average(quantity: string): AutoscalerMetric {
    return this.withTarget(averageValue(quantity));
  }

  private withTarget(target: MetricTarget | Utilization): AutoscalerMetric {
    const { name, container } = this;
    return new AutoscalerMetric(
      container === undefined
        ? { type: 'Resource', resource: { name, target } }
        : { type: 'ContainerResource', containerResource: { name, container, target } },
    );
  }
}

/** @throws UsageError if the name cannot be a segment of the metrics API's path */
function identifier(name: string, matchLabels: Conditions<string> | undefined): MetricIdentifier {
  if (!/^[A-Za-z0-9_:.-]+$/.test(name)) {
    throw new UsageError(`"${name}" cannot be the name of a metric: use letters, digits and "_:.-"`);
  }
  return { name, ...(matchLabels ? { selector: { matchLabels } } : {}) };
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
