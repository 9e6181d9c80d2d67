import { defaultHpa, parseHpaSpec, type DefaultedHpaSpec } from '../../../core/hpa';
import { namespaceOf } from '../../../core/kube/inventory';
import { Quantity } from '../../../core/kube/quantity';
import type { AutoscalerTimeline, Condition } from '../../../core/model';
import { AutoscalerRecord } from '../../../rehearsal/autoscaler-record';
import { decisionsOf, type SaidEvent, type SizeChange } from './decisions';
import type { HeardAutoscaler, HeardMetric } from './heard';

/**
 * What was heard of one HorizontalPodAutoscaler. The controller writes its status only when something in it changes, so
 * a sync that is not here left everything as it was.
 */
export class AutoscalerLog {
  readonly namespace: string;
  readonly name: string;
  readonly target: { readonly kind: string; readonly name: string };
  readonly changes: SizeChange[] = [];
  readonly events: SaidEvent[] = [];
  private readonly spec: DefaultedHpaSpec;
  private readonly syncs: { atMs: number[]; replicas: number[]; desired: number[] } = {
    atMs: [],
    replicas: [],
    desired: [],
  };
  private readonly values: (number | null)[][];
  private readonly conditionChanges: { readonly atMs: number; readonly changed: readonly Condition[] }[] = [];
  private conditions: readonly Condition[] = [];
  private lastStatus = '';

  /** @throws UsageError if the spec cannot be read */
  constructor(first: HeardAutoscaler) {
    this.namespace = namespaceOf(first);
    this.name = first.metadata.name;
    const where = `HorizontalPodAutoscaler ${this.namespace}/${this.name}`;
    this.spec = defaultHpa(parseHpaSpec(first.spec, where));
    const { kind, name } = this.spec.scaleTargetRef;
    this.target = { kind, name };
    this.values = this.spec.metrics.map(() => []);
  }

  /** Takes the object as it is from now on. */
  heard({ status }: HeardAutoscaler, atMs: number): void {
    if (!status) return;
    const text = JSON.stringify(status);
    if (text === this.lastStatus) return;
    this.lastStatus = text;
    this.syncs.atMs.push(atMs);
    this.syncs.replicas.push(status.currentReplicas);
    this.syncs.desired.push(status.desiredReplicas);
    const conditions = status.conditions ?? [];
    const failed = conditions.some(
      ({ type, status: state, reason }) =>
        type === 'ScalingActive' && state === 'False' && /^(Failed|Invalid)/.test(reason),
    );
    for (const [index, column] of this.values.entries()) {
      const metric = failed ? undefined : status.currentMetrics?.[index];
      column.push(metric ? valueOf(metric) : null);
    }
    this.conditionsHeard(conditions, atMs);
  }

  /** @param moment of the clock that things were heard at → milliseconds of the timeline */
  timeline(moment: (atMs: number) => number): AutoscalerTimeline {
    // Names and targets of metrics as the rehearsal writes them.
    const blank = new AutoscalerRecord(this.namespace, this.name, this.spec).timeline();
    const at = <Item extends { readonly atMs: number }>(items: readonly Item[]): Item[] =>
      items.map((item) => ({ ...item, atMs: moment(item.atMs) }));
    return {
      ...blank,
      metrics: blank.metrics.map((metric, index) => ({ ...metric, values: [...(this.values[index] ?? [])] })),
      syncs: {
        atMs: this.syncs.atMs.map(moment),
        replicas: [...this.syncs.replicas],
        desired: [...this.syncs.desired],
      },
      decisions: decisionsOf({
        changes: at(this.changes),
        events: at(this.events),
        conditions: at(this.conditionChanges),
      }),
      conditions: this.conditions,
    };
  }

  private conditionsHeard(conditions: readonly Condition[], atMs: number): void {
    const changed = conditions.filter(({ type, status, reason }) => {
      const before = this.conditions.find((condition) => condition.type === type);
      return before?.status !== status || before.reason !== reason;
    });
    if (changed.length > 0) this.conditionChanges.push({ atMs, changed });
    this.conditions = conditions;
  }
}

/** The value in the unit of the target; null where it could not be computed. */
function valueOf({ resource, containerResource, pods, object, external }: HeardMetric): number | null {
  const current = (resource ?? containerResource ?? pods ?? object ?? external)?.current;
  if (current?.averageUtilization !== undefined) return current.averageUtilization;
  // What is averaged has no value, or one of zero.
  const text = current?.averageValue ?? current?.value;
  return text === undefined ? null : Number(Quantity.parse(text).nanos) / 1e9;
}
