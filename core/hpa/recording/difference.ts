import { UsageError } from '../../errors';
import { Quantity } from '../../kube/quantity';
import { ownValue } from '../../own-value';
import { type HpaResult } from '../controller/result';
import { type Outcome, outcomeOf } from './outcome';
import { type Recording } from './recording';

/** Where a recording and the model first say different things. */
export interface Difference {
  /** Index of the sync; undefined if all syncs agree and only the counters of the whole recording differ. */
  readonly sync: number | undefined;
  /** Such as `desiredReplicas`, `conditions[ScalingActive].message` or `events[0].reason`. */
  readonly field: string;
  readonly recorded: unknown;
  readonly own: unknown;
}

/** Fields that hold quantities, which may be written in any equal form. */
const QUANTITY_FIELD = /(?:^|\.)(?:value|averageValue)$/;

/**
 * Compares what a recording says came of its syncs with the model's own results: outcomes, and where the recording has
 * them also events and the controller's counters.
 *
 * @param results of `replay`, one a sync
 * @throws UsageError if a sync has no outcome to compare with
 */
export function firstDifference(recording: Recording, results: readonly HpaResult[]): Difference | undefined {
  for (const [sync, result] of results.entries()) {
    const recorded = recording.syncs[sync];
    if (recorded?.outcome === undefined || recorded.outcome === null) {
      throw new UsageError(`syncs.${sync}.outcome: is missing, so there is nothing to compare with`);
    }
    const own = outcomeOf(result);
    const found =
      outcomeDifference(recorded.outcome, own) ??
      (recorded.events === undefined ? undefined : different(recorded.events, result.events, 'events'));
    if (found) return { sync, ...found };
  }
  if (recording.counters === undefined) return undefined;
  const found = different(recording.counters, countersOf(results), 'counters');
  return found && { sync: undefined, ...found };
}

/** The controller's counters, by name and labels as Prometheus writes them, that these results would add up to. */
function countersOf(results: readonly HpaResult[]): Record<string, number> {
  const counters: Record<string, number> = {};
  const count = (series: string): void => {
    counters[series] = (counters[series] ?? 0) + 1;
  };
  for (const { labels, metricLabels } of results) {
    count(`reconciliations_total{action="${labels.action}",error="${labels.error}"}`);
    for (const { action, error, metric_type: type } of metricLabels) {
      count(`metric_computation_total{action="${action}",error="${error}",metric_type="${type}"}`);
    }
  }
  return counters;
}

/** An outcome whose conditions can be looked up, so that a missing one is named. */
function byType(outcome: object): unknown {
  if (!isObject(outcome) || !Array.isArray(outcome['conditions'])) return outcome;
  const list: readonly unknown[] = outcome['conditions'];
  const conditions = Object.fromEntries(
    list.map((condition) => [isObject(condition) ? String(condition['type']) : '', condition]),
  );
  return { ...outcome, conditions };
}

type FieldDifference = Omit<Difference, 'sync'>;

function outcomeDifference(recorded: unknown, model: Outcome): FieldDifference | undefined {
  if (!isObject(recorded) || Array.isArray(recorded)) return { field: 'outcome', recorded, own: model };
  return different(byType(recorded), byType(model), '');
}

function different(recorded: unknown, model: unknown, field: string): FieldDifference | undefined {
  const [left, right] = [plain(recorded), plain(model)];
  if (left === right) return undefined;
  if (!isObject(left) || !isObject(right)) {
    return QUANTITY_FIELD.test(field) && sameQuantity(left, right)
      ? undefined
      : { field, recorded: left, own: right };
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = different(ownValue(left, key), ownValue(right, key), fieldOf(field, key, left));
    if (found) return found;
  }
  return undefined;
}

function fieldOf(parent: string, key: string, owner: object): string {
  if (Array.isArray(owner) || parent === 'conditions' || parent === 'counters') return `${parent}[${key}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

/** What JSON would make of a value: absent for undefined, text for a quantity. */
function plain(value: unknown): unknown {
  return value instanceof Quantity ? value.toString() : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function sameQuantity(left: unknown, right: unknown): boolean {
  const [first, second] = [quantityOf(left), quantityOf(right)];
  return first !== undefined && second !== undefined && first.compare(second) === 0;
}

function quantityOf(value: unknown): Quantity | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  try {
    return Quantity.parse(value);
  } catch {
    return undefined;
  }
}
