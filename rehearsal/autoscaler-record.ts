import {
  proposalOf,
  type DefaultedHpaSpec,
  type HpaCondition,
  type HpaEvent,
  type HpaResult,
  type MetricIdentifier,
  type MetricSpec,
} from '../core/hpa';
import { Quantity } from '../core/kube/quantity';
import { Selector } from '../core/kube/selector';
import type { AutoscalerTimeline, Condition, Decision } from '../core/model';

interface MetricColumn {
  readonly name: string;
  readonly targetType: string;
  readonly target: number;
  readonly values: (number | null)[];
}

/** Writes down the syncs of one autoscaler. */
export class AutoscalerRecord {
  private readonly atMs: number[] = [];
  private readonly replicas: number[] = [];
  private readonly desired: number[] = [];
  private readonly metrics: readonly MetricColumn[];
  private readonly decisions: Decision[] = [];
  private conditions: readonly HpaCondition[] = [];
  private said: readonly HpaEvent[] = [];

  constructor(
    private readonly namespace: string,
    private readonly name: string,
    private readonly spec: DefaultedHpaSpec,
  ) {
    this.metrics = spec.metrics.map(metricColumn);
  }

  /**
   * Adds a sync.
   * @returns the events that the controller had not said at the sync before
   */
  add(atMs: number, replicas: number, result: HpaResult): readonly HpaEvent[] {
    this.atMs.push(atMs);
    this.replicas.push(replicas);
    this.desired.push(result.status.desiredReplicas);
    for (const [index, column] of this.metrics.entries()) {
      const metric = result.metrics[index];
      const proposal = metric && proposalOf(metric);
      column.values.push(proposal ? numberOf(proposal.current) : null);
    }
    const events = result.events.filter(
      ({ reason, message }) =>
        !this.said.some((event) => event.reason === reason && event.message === message),
    );
    const changed = this.changesTo(result.status.conditions);
    if (result.scaleTo !== undefined || events.length > 0 || changed.length > 0) {
      const to = result.scaleTo === undefined ? {} : { to: result.scaleTo };
      this.decisions.push({ atMs, from: replicas, ...to, events, changed });
    }
    this.said = result.events;
    this.conditions = result.status.conditions;
    return events;
  }

  timeline(): AutoscalerTimeline {
    const { spec } = this;
    return {
      namespace: this.namespace,
      name: this.name,
      target: { kind: spec.scaleTargetRef.kind, name: spec.scaleTargetRef.name },
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      metrics: this.metrics,
      syncs: { atMs: this.atMs, replicas: this.replicas, desired: this.desired },
      decisions: this.decisions,
      conditions: this.conditions.map(conditionOf),
    };
  }

  private changesTo(conditions: readonly HpaCondition[]): readonly Condition[] {
    if (conditions === this.conditions) return [];
    return conditions
      .filter(({ type, status, reason }) => {
        const before = this.conditions.find((condition) => condition.type === type);
        return before?.status !== status || before.reason !== reason;
      })
      .map(conditionOf);
  }
}

function conditionOf({ type, status, reason, message }: HpaCondition): Condition {
  return { type, status, reason, message };
}

/** A quantity, a percentage, or `<unknown>`, as a number. */
function numberOf(text: string): number | null {
  if (text.startsWith('<')) return null;
  return text.endsWith('%') ? Number(text.slice(0, -1)) : valueOf(Quantity.parse(text));
}

function valueOf(quantity: Quantity | undefined): number {
  return Number(quantity?.nanos ?? 0n) / 1e9;
}

function metricColumn(metric: MetricSpec): MetricColumn {
  const { name, target } = describe(metric);
  const { averageUtilization, averageValue, value } = target;
  if (averageUtilization !== undefined) {
    return { name, targetType: 'averageUtilization', target: averageUtilization, values: [] };
  }
  const targetType = averageValue ? 'averageValue' : 'value';
  return { name, targetType, target: valueOf(averageValue ?? value), values: [] };
}

/** A metric as the controller's reasons call it, without what its target's type says, and selectors as kubectl has them. */
function describe(metric: MetricSpec) {
  switch (metric.type) {
    case 'Resource':
      return { name: `${metric.resource.name} resource`, target: metric.resource.target };
    case 'ContainerResource': {
      const { name, container, target } = metric.containerResource;
      return { name: `${name} resource of container ${container}`, target };
    }
    case 'Pods':
      return { name: `pods metric ${metric.pods.metric.name}`, target: metric.pods.target };
    case 'Object':
      return {
        name: `${metric.object.describedObject.kind} metric ${metric.object.metric.name}`,
        target: metric.object.target,
      };
    case 'External':
      return { name: externalName(metric.external.metric), target: metric.external.target };
  }
}

function externalName({ name, selector }: MetricIdentifier): string {
  const labels = Selector.from(selector);
  return `external metric ${name}${labels.empty ? '' : `{${labels.toString()}}`}`;
}
