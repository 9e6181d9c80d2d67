import { formatMoment } from '../core/kube/duration';
import { refText } from '../core/kube/object';
import {
  largest,
  valueAt,
  type AutoscalerTimeline,
  type Condition,
  type Decision,
  type LinkProblem,
  type Timeline,
} from '../core/model';

/** A condition as `kubectl describe` would tell it, on one line. */
export function conditionText({ type, status, reason, message }: Condition): string {
  return `${type}=${status} ${reason}: ${message}`;
}

/** Whether a condition says that something is wrong. Being limited is the one that is good when false. */
export function isTrouble({ type, status }: Condition): boolean {
  return type === 'ScalingLimited' ? status === 'True' : status === 'False';
}

/** When a link did not carry. */
export function periodText({ firstMs, lastMs }: LinkProblem): string {
  const [first, last] = [formatMoment(firstMs), formatMoment(lastMs)];
  return first === last ? `at ${first}` : `${first} to ${last}`;
}

/** Conditions that changed with a decision, without those that its events tell already. */
export function untoldConditions({ events, changed }: Decision): Condition[] {
  return changed.filter(({ reason }) => !events.some((event) => event.reason === reason));
}

/** The events of a decision, without those that repeat the whole of another in more words. */
export function tellingEvents({ events }: Decision): Decision['events'] {
  return events.filter(
    ({ message }) => !events.some((other) => other.message !== message && message.includes(other.message)),
  );
}

/** `ScalingActive=True (ValidMetricFound)`: for a condition whose message adds nothing. */
export function conditionName({ type, status, reason }: Condition): string {
  return `${type}=${status} (${reason})`;
}

/** What stopped a link, told once for all the objects that it stopped at the same time. */
export interface Interruption {
  readonly link: string;
  /** `HorizontalPodAutoscaler backend/backend-1, HorizontalPodAutoscaler backend/backend-2`. */
  readonly objects: string;
  readonly message: string;
  readonly period: string;
}

/** The links that did not carry: those that never recovered, and those that did, with the moment the last one had. */
export interface Interruptions {
  readonly lasting: readonly Interruption[];
  readonly over: readonly Interruption[];
  /** `1m15s`. */
  readonly overBy: string;
}

/** Sorts a timeline's problems: every start brings some that are soon over, and they are no failures. */
export function interruptionsOf({ problems, durationMs }: Timeline): Interruptions {
  const over = problems.filter(({ lastMs }) => lastMs < durationMs);
  return {
    lasting: told(problems.filter(({ lastMs }) => lastMs >= durationMs)),
    over: told(over),
    overBy: formatMoment(
      largest(
        0,
        over.map(({ lastMs }) => lastMs),
      ),
    ),
  };
}

function told(problems: readonly LinkProblem[]): Interruption[] {
  const groups = new Map<string, Interruption>();
  for (const problem of problems) {
    const { link, object, message } = problem;
    const period = periodText(problem);
    const key = JSON.stringify([link, message, period]);
    const before = groups.get(key);
    const objects = before ? `${before.objects}, ${refText(object)}` : refText(object);
    groups.set(key, { link, objects, message, period });
  }
  return [...groups.values()];
}

/** The size that the controller's last sync up to a moment left behind; what it read, while it desires nothing yet. */
export function sizeAfter(
  { atMs: times, replicas, desired }: AutoscalerTimeline['syncs'],
  atMs: number,
): number | undefined {
  const size = valueAt(times, desired, atMs);
  return size === undefined || size === 0 ? valueAt(times, replicas, atMs) : size;
}
