import { formatDuration } from '../core/kube/duration';
import type { AutoscalerTimeline, Condition, Decision, LinkProblem } from '../core/model';
import { valueAt } from './series';

/** A condition as `kubectl describe` would tell it, on one line. */
export function conditionText({ type, status, reason, message }: Condition): string {
  return `${type}=${status} ${reason}: ${message}`;
}

/** Whether a condition says that something is wrong. Being limited is the one that is good when false. */
export function isTrouble({ type, status }: Condition): boolean {
  return type === 'ScalingLimited' ? status === 'True' : status === 'False';
}

/** A moment, to the second: the controller's syncs drift by milliseconds, which nobody wants to read. */
export function momentText(atMs: number): string {
  return formatDuration(Math.round(atMs / 1000) * 1000);
}

/** When a link did not carry. */
export function periodText({ firstMs, lastMs }: LinkProblem): string {
  const [first, last] = [momentText(firstMs), momentText(lastMs)];
  return first === last ? `at ${first}` : `${first} to ${last}`;
}

/** Conditions that changed with a decision, without those that its events tell already. */
export function untoldConditions({ events, changed }: Decision): Condition[] {
  return changed.filter(({ reason }) => !events.some((event) => event.reason === reason));
}

/** The size that the controller's last sync up to a moment left behind; what it read, while it desires nothing yet. */
export function sizeAfter(
  { atMs: times, replicas, desired }: AutoscalerTimeline['syncs'],
  atMs: number,
): number | undefined {
  const size = valueAt(times, desired, atMs);
  return size === undefined || size === 0 ? valueAt(times, replicas, atMs) : size;
}
